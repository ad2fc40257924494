using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>One connection on its way to a new key.</summary>
/// <param name="previousKey">What is put back where the change cannot be confirmed, or null.</param>
/// <param name="recorded">What a report says of an attempt before, or null.</param>
internal sealed class RotationItem(string connectionId, ConnectionCredential newKey, ConnectionCredential? previousKey, JournalEntry? recorded)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public string ConnectionId { get; } = connectionId;

    public ConnectionCredential NewKey { get; } = newKey;

    public ConnectionCredential? PreviousKey { get; } = previousKey;

    /// <summary>The keys that no answer about the connection may repeat.</summary>
    public IEnumerable<Secret> Keys => NewKey.Keys.Concat(PreviousKey?.Keys ?? []);

    public JournalEntry? Recorded { get; } = recorded;

    public Connection? Before { get; set; }

    public ConnectionChange? Change { get; set; }

    /// <summary>What puts the previous key back, if one was given that is for this connection.</summary>
    public ConnectionChange? WayBack { get; set; }

    /// <summary>When the change was sent first, by the platform's clock; null where that is not known.</summary>
    public DateTime? SentOn { get; set; }

    /// <summary>Why its key must not be changed.</summary>
    public KoreException? Failure { get; set; }

    /// <summary>Whether an attempt before, whose end nobody saw, is found to have been done.</summary>
    public bool IsDone { get; set; }

    public KeyUpdateResult Result { get; } = new()
    {
        ConnectionId = connectionId, KeyCheck = newKey.Check(connectionId), StartedOn = DateTime.Now,
    };

    /// <summary>Whether a mask ends as the new key does. Null where it shows no end, or one that was there before.</summary>
    public bool? Fits(string? mask) => NewKey.Matches(mask) is not true ? NewKey.Matches(mask) : NewKey.Matches(Result.MaskBefore) == true ? null : true;

    /// <summary>What reading shows: the end of a key that the mask shows, and whether the connection was changed since. Null where it shows nothing.</summary>
    public bool? IsChanged(Connection now)
    {
        bool? fits = Fits(DefinitionFactory.Mask(now));
        bool? moved = Result.ModifiedBefore is not DateTime before || now.ModifiedOn is not DateTime modified ? null
            : modified != before ? true
            : MayHide(before) ? null
            : false;
        return fits == false || moved == false ? false : moved ?? fits;
    }

    /// <summary>Whether a change of now could leave this time as it is: of a platform that keeps whole seconds, in the same one.</summary>
    private bool MayHide(DateTime modified) => modified.Ticks % TimeSpan.TicksPerSecond == 0
        && !(modified.ToUniversalTime().AddSeconds(1) < SentOn - ServerClock.Error);

    public KeyUpdateResult End(KeyUpdateOutcome outcome, KoreException? failure = null)
    {
        Result.OutcomeValue = outcome;
        Result.Duration = _watch.Elapsed;
        Result.Failure = failure;
        Result.Error = failure?.Message;
        Result.ErrorId = failure?.ErrorId;
        Result.RequestId = failure?.RequestId ?? Result.RequestId;
        return Result;
    }
}
