namespace KoreConnections.Client;

/// <summary>What a report says of a connection: its latest step.</summary>
internal sealed record JournalEntry(
    string Step,
    KeyUpdateOutcome? Outcome,
    string? ConnectionName,
    string? Provider,
    string? MaskBefore,
    string? MaskAfter,
    DateTime? ModifiedBefore,
    bool IsEitherKey,
    DateTimeOffset At)
{
    /// <summary>The connection has its new key; there is nothing left to do.</summary>
    public bool IsDone => Outcome == KeyUpdateOutcome.Updated;

    /// <summary>A change was sent, and how it ended is not known.</summary>
    public bool IsInDoubt => Step == RotationJournal.StartedStep || (Outcome == KeyUpdateOutcome.Unconfirmed && !IsEitherKey);
}
