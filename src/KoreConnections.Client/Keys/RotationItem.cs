using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>A row of a rotation: what it gave, what is known of its connection, and its result.</summary>
/// <param name="previousKey">What is put back where the change cannot be confirmed, or null.</param>
/// <param name="recorded">What a report says of an attempt before, or null.</param>
internal sealed class RotationItem(string connectionId, ConnectionCredential newKey, ConnectionCredential? previousKey, JournalEntry? recorded)
{
    private const string OfThirdKey = "Find out whose key it is. To set the new key after all, use Set-Connection.";

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly SecretRedactor _redactor = SecretRedactor.For(newKey.Keys.Concat(previousKey?.Keys ?? []));

    public string ConnectionId { get; } = connectionId;

    /// <summary>What its errors are about: its id, or what it gave instead of one.</summary>
    public string? Target { get; private init; } = connectionId;

    /// <summary>Name and id; null where it has neither.</summary>
    public string? Label => Result.Shown is { Length: > 0 } shown ? shown : null;

    /// <summary>Its number in the pipeline; null for what is no row.</summary>
    public int? Row { get; init; }

    public ConnectionCredential NewKey { get; private set; } = newKey;

    public ConnectionCredential? PreviousKey { get; private set; } = previousKey;

    public IEnumerable<Secret> Keys => NewKey.Keys.Concat(PreviousKey?.Keys ?? []);

    public JournalEntry? Recorded { get; } = recorded;

    public Connection? Before { get; set; }

    /// <summary>When it was read before the change, by the clock that nobody sets.</summary>
    public long ReadAt { get; set; }

    public ConnectionChange? Change { get; set; }

    /// <summary>What puts the previous key back, if one was given that is for this connection.</summary>
    public ConnectionChange? RollbackChange { get; set; }

    /// <summary>When the change was sent first, by the platform's clock; null where that is not known.</summary>
    public DateTime? SentOn { get; set; }

    /// <summary>When it was read before the change, by the platform's clock; null where that is not known.</summary>
    public DateTime? ReadOn { get; set; }

    /// <summary>The latest time at which it was modified that was seen since the change was sent.</summary>
    public DateTime? LastModified { get; private set; }

    /// <summary>What is said of headers that the platform does not show before they are replaced; null for nothing.</summary>
    public string? HeaderWarning => NewKey.Headers is null || ShownHeader.All(Before!, out _) is not null ? null
        : ChangePreview.HiddenHeaders(Before!);

    /// <summary>Whether its result is known without any work: it is refused, or an earlier run has done it.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether an attempt before, whose end nobody saw, is found to have been done.</summary>
    public bool IsDone { get; set; }

    public bool IsAccepted { get; set; }

    public bool IsBegun { get; set; }

    /// <summary>Whether it may have its new key since a run before: what fails now does not end that.</summary>
    public bool IsStillInDoubt => !IsDone && Recorded?.IsUndecided == true;

    /// <summary>How long ago a run before sent a key whose arrival is not known; null for none.</summary>
    public TimeSpan? InDoubtFor(DateTimeOffset now) =>
        Recorded is not { IsUndecided: true } recorded ? null : now > recorded.At ? now - recorded.At : TimeSpan.Zero;

    public KeyUpdateResult Result { get; } = new()
    {
        ConnectionId = connectionId, KeyCheck = newKey.ShortHash(connectionId), StartedOn = DateTime.Now,
    };

    /// <summary>A row that is refused. What is no id may be a key in the wrong place.</summary>
    /// <param name="name">Its name as it may be shown.</param>
    public static RotationItem Refused(string? target, string? id, string? name, string? provider, KoreException failure, int? row)
    {
        bool isId = Guard.IsConnectionId(id);
        return new RotationItem(isId ? id! : "", new ConnectionCredential(null, null), null, null)
        {
            Target = target,
            Row = row,
            IsEnded = true,
            Result =
            {
                ConnectionName = name ?? (isId || id is null ? null : SecretMasker.Quote(id)),
                Provider = provider,
                OutcomeValue = KeyUpdateOutcome.Failed,
                Failure = failure,
            },
        };
    }

    /// <summary>Ends it where an earlier run has done it, as the report says, or an earlier row of this run.</summary>
    public void EndAsUpdated(KeyUpdateOutcome outcome, string reason, string? name, string? provider, string? maskBefore, string? maskAfter)
    {
        NameIs(name);
        Result.Provider = provider;
        Result.OutcomeValue = outcome;
        Result.MaskBefore = maskBefore;
        Result.MaskAfter = maskAfter;
        Result.Reason = reason;
        IsEnded = true;
    }

    /// <summary>A name as it may be shown and written: its keys are easily pasted into it.</summary>
    public string? Redacted(string? name) => name is null ? null : _redactor.Apply(name);

    public void NameIs(string? name) => Result.ConnectionName = Redacted(name);

    /// <summary>Refuses the connection of its id where the row says another one's name or provider.</summary>
    public void RequireMeant(Connection read)
    {
        // Of a key that somebody pasted into the name, both show the same mask.
        read.RequireName(Result.ConnectionName, Redacted);
        read.RequireProvider(Result.Provider);
    }

    /// <summary>Leaves of its keys what a provider takes, and refuses what could not be put back, or another key than the report's.</summary>
    /// <param name="provider">The provider; null while it is not known.</param>
    public void Narrow(string? provider)
    {
        provider = ApiValues.Providers.Find(provider);
        NewKey.Require(provider, Result.ConnectionName ?? ConnectionId);
        NewKey = NewKey.For(provider);
        PreviousKey = PreviousKey?.For(provider) is { ApiKey: null, Headers: null } ? null : PreviousKey?.For(provider);
        Result.KeyCheck = NewKey.ShortHash(ConnectionId);
        NewKey.RequireOther(PreviousKey);
        Recorded?.Require(ConnectionId, NewKey);
    }

    /// <summary>Whether a connection shows the end of the new key, in each of its headers. Null where it shows no end, or what was there before.</summary>
    public bool? Fits(Connection now) => Evidence.Fits(NewKey.Matches(now));

    // A report has one mask. Of the others that a run before saw nothing is known, so that they count as there.
    private bool WasThere => NewKey.Headers is null ? NewKey.Matches(Result.MaskBefore) == true
        : Before is null || (NewKey.Matches(Before) == true && !HadAnother(Before));

    // Of a connection with one masked header, the report's mask is that header's.
    private bool HadAnother(Connection now) => Recorded is { IsInDoubt: true, MaskBefore: string mask }
        && NewKey is { ApiKey: null, Headers: [{ Value.Problem: null } changed] }
        && ShownHeader.Of(now) is { } shown && shown.Where(h => h.IsMasked).ToArray() is [var masked] && masked.IsCalled(changed.Name)
        && MaskMatcher.Confirms(mask, changed.Value) == false;

    /// <summary>What reading shows: the end of the key where the mask has one, else whether the connection was changed since. Null for nothing.</summary>
    public bool? IsChanged(Connection? now) => now is null ? null : Evidence.IsMade(NewKey.Matches(now), now);

    /// <summary>Whether more than what this change brings differs from what was read before.</summary>
    public bool IsOtherwiseChanged(Connection now) => !OtherHeaders(now).SequenceEqual(OtherHeaders(Before!))
        || ConnectionFields.Of(Before!.Provider!)
            .Where(f => f.Kind is not (ValueKind.Key or ValueKind.Headers))
            .Any(f => ActualValues.Text(ActualValues.Of(now, f)) != ActualValues.Text(ActualValues.Of(Before, f)));

    private IEnumerable<string> OtherHeaders(Connection connection) => (ShownHeader.Of(connection) ?? [])
        .Where(h => h.IsPlain && NewKey.Headers?.Any(own => h.IsCalled(own.Name)) != true)
        .Select(h => $"{h.Name.ToLowerInvariant()}:{h.Value}").OrderBy(h => h, StringComparer.Ordinal);

    private ChangeEvidence Evidence => new(Result.ModifiedBefore, SentOn) { WasShown = WasThere, IsAccepted = IsAccepted, ReadOn = ReadOn };

    /// <summary>Whether an answer since the change showed a third key: somebody else has set it, and nobody could put it back.</summary>
    public bool SawThirdKey { get; private set; }

    /// <summary>Refuses to overwrite the third key of which a run before said that nothing is written over it.</summary>
    public void RefuseThirdKey(Connection now)
    {
        if (Recorded?.ThirdKey is string third && third == NewKey.ShownEnds(now) && NewKey.Matches(now) != true && PreviousKey?.Matches(now) != true)
        {
            Result.Reason = "Reading the connection still shows the third key that an earlier run found, so nothing was written.";
            Result.MaskAfter = now.Mask;
            throw new KoreException(KoreErrorKind.UnexpectedResponse, Result.Reason, OfThirdKey).About(now.Called);
        }
    }

    public Connection Saw(Connection answer)
    {
        if (NewKey.IsThird(answer, PreviousKey, Before!))
        {
            SawThirdKey = true;
            Result.ThirdKey = NewKey.ShownEnds(answer);
            Result.MaskAfter = answer.Mask;
        }

        LastModified = answer.ModifiedOn?.ToUniversalTime() is DateTime modified && !(modified < LastModified) ? modified : LastModified;
        return answer;
    }

    /// <summary>Whether the end of the previous key is shown, or a change that is later than all before. Null where nothing is shown.</summary>
    /// <param name="earliest">When the previous key cannot have been put back yet.</param>
    public bool? IsBack(Connection now, DateTime? lastModified, DateTime? earliest) => PreviousKey!.Matches(now) switch
    {
        false => false,
        true when NewKey.Matches(now) != true => true,
        _ => now.ModifiedOn?.ToUniversalTime() > (lastModified ?? earliest) ? true : null,
    };

    public KeyUpdateResult EndUnconfirmed(KoreException why)
    {
        why.RecommendedAction = "The connection may or may not have the new key. "
            + "Check it with Get-Connection, and try it in an agent before you revoke the previous key.";
        return End(KeyUpdateOutcome.Unconfirmed, why);
    }

    public KeyUpdateResult EndThirdKey(KoreException why)
    {
        Result.Reason = "Reading the connection shows a third key, neither the new nor the previous one, so nothing more was written.";
        why.RecommendedAction = $"It shows a third key, which somebody else may have set, so nothing more was written. {OfThirdKey}";
        return End(KeyUpdateOutcome.Unconfirmed, why);
    }

    public KeyUpdateResult End(KeyUpdateOutcome outcome, KoreException? failure = null)
    {
        if (outcome == KeyUpdateOutcome.Failed && IsStillInDoubt)
        {
            outcome = KeyUpdateOutcome.Unconfirmed;
            Result.Reason ??= "An earlier run may have changed the key. Reading the connection did not show whether it did.";
        }

        Result.OutcomeValue = outcome;
        Result.KeyElsewhere = outcome == KeyUpdateOutcome.Updated ? KeyElsewhere.Warning(Before!, PreviousKey, Result.Shown) : null;
        Result.Duration = _watch.Elapsed;
        Result.Failure = failure;
        Result.RequestId = failure?.RequestId ?? Result.RequestId;
        return Result;
    }
}
