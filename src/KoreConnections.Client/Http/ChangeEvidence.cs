namespace KoreConnections.Client;

/// <summary>What reading a connection shows of a change without a usable answer: the one rule for rotations and all other changes.</summary>
/// <param name="ModifiedBefore">When the connection was modified last before the change; null where that is not known.</param>
/// <param name="SentOn">When the change was sent first, by the platform's clock; null where that is not known.</param>
internal sealed record ChangeEvidence(DateTime? ModifiedBefore, DateTime? SentOn)
{
    // The reading before the change would have shown what was changed longer before it.
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(90);

    /// <summary>Whether the connection showed before what the change brings, so that it says nothing now; null where that is not known.</summary>
    public bool? WasShown { get; init; }

    /// <summary>When the connection was read before the change, by the platform's clock; null where that is not known.</summary>
    public DateTime? ReadOn { get; init; }

    /// <summary>Whether the platform accepted the change, so that nothing of it is under way.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>Whether the connection shows what the change brings; null where it shows too little, or what was there before.</summary>
    public bool? Fits(bool? shown) => shown == true && WasShown == true ? null : shown;

    /// <summary>What reading shows: the values where they can be seen, else whether the connection was changed since. Null for nothing.</summary>
    public bool? IsMade(bool? shown, Connection now) => Fits(shown) ?? IsModified(now);

    /// <summary>
    /// The same of a change that nobody rolls back. A platform may write values in its own way, and nobody may have read the connection before:
    /// then another value says no, and the same value yes, only where the time of the modification does not speak against it.
    /// </summary>
    public bool? IsMadeForSure(bool? shown, Connection now)
    {
        bool? isModified = IsModified(now) ?? (ModifiedBefore is null && IsOlder(now) ? false : null);
        return (Fits(shown), isModified) switch
        {
            (true, false) when ModifiedBefore is null => null,
            (true, _) => true,
            (false, false) => false,
            (false, _) => null,
            (null, _) => isModified,
        };
    }

    /// <summary>
    /// The same of a change of which the platform says that it failed: then only values that it did not show before say yes, since somebody
    /// else may have changed the connection at that moment.
    /// </summary>
    public bool? IsMadeDespite(bool? shown, Connection now) => (shown, IsMadeForSure(shown, now)) switch
    {
        (false, _) => false,
        (true, var isMade) when WasShown == false => isMade,
        (_, false) => false,
        _ => null,
    };

    /// <summary>What was seen where that decides nothing, as a sentence.</summary>
    public string Seen(bool? shown, Connection now) => (shown, IsModifiedSince(now)) switch
    {
        (true, not false) => "Reading the connection shows the new values, but it may have had them before.",
        (false, true) => "Reading the connection shows a change at that time, but with other values.",
        (null, true) => "Reading the connection shows a change at that time, but not which one.",
        _ => "Reading the connection does not show it.",
    };

    private bool? IsModifiedSince(Connection now) => ModifiedBefore is DateTime before
        ? IsModified(now) ?? (now.ModifiedOn?.ToUniversalTime() > before.ToUniversalTime())
        : now.ModifiedOn is not null && SentOn is not null ? !IsOlder(now)
        : null;

    // What was never modified since its creation was not modified by the change either.
    private bool IsOlder(Connection now) => now.ModifiedOn is DateTime modified
        && (modified.ToUniversalTime() < SentOn - ServerClock.Doubt || (modified == now.CreatedOn && !MayHide(modified)));

    private bool? IsModified(Connection now)
    {
        if (ModifiedBefore?.ToUniversalTime() is not DateTime before || now.ModifiedOn?.ToUniversalTime() is not DateTime modified)
        {
            return null;
        }

        // Each is false where the time to compare with is not known.
        bool isBeforeSending = modified < SentOn - ServerClock.Error;
        bool isLongBeforeSending = modified < SentOn - ServerClock.Doubt;
        bool isLongBeforeReading = modified < ReadOn - LongestLag;
        return modified.CompareTo(before) switch
        {
            // A read that is older than the one before the change says nothing.
            < 0 => null,
            0 => MayHide(before) ? null : false,
            _ when IsAccepted || !isBeforeSending => true,
            // Somebody else changed it, unless the platform's clock cannot be right: then that clock is behind.
            _ => isLongBeforeSending && !isLongBeforeReading ? false : null,
        };
    }

    /// <summary>Whether a change of now could leave this time as it is: of a platform that keeps whole seconds, in the same one.</summary>
    private bool MayHide(DateTime modified) => modified.Ticks % TimeSpan.TicksPerSecond == 0
        // Nothing is added to a time of the platform, which may be the end of the calendar.
        && !(modified.ToUniversalTime() < SentOn - ServerClock.Error - TimeSpan.FromSeconds(1));
}
