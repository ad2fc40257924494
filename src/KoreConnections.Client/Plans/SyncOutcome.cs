namespace KoreConnections;

/// <summary>What became of an item of a plan.</summary>
public enum SyncOutcome
{
    /// <summary>There was nothing to do.</summary>
    Unchanged = 1,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It failed; the error says how.</summary>
    Failed,

    /// <summary>It was left for a person to do, or declined.</summary>
    Skipped,

    /// <summary>It was sent, and whether it was done could not be determined; the error says why.</summary>
    Unconfirmed,
}
