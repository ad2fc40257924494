namespace KoreConnections.Commands;

/// <summary>What a record of a rotation has become: work to do, with the result that it will have, or a result that is known already.</summary>
internal sealed record PendingUpdate(string? Target, RotationItem? Item, KeyUpdateResult Result)
{
    public int? Row { get; init; }

    /// <summary>Name and id; null where it has neither.</summary>
    public string? Label => Result.Shown is { Length: > 0 } shown ? shown : null;

    public static PendingUpdate Refused(ConnectionInput? row, KoreException failure) => new(row?.Target, null, new KeyUpdateResult
    {
        // What is no id, or no name, may be a key in the wrong place.
        ConnectionId = Guard.IsConnectionId(row?.ConnectionId) ? row!.ConnectionId! : "",
        ConnectionName = row?.ShownName ?? (row?.ConnectionId is { } id && !Guard.IsConnectionId(id) ? SecretMasker.Quote(id) : null),
        Provider = row?.Provider,
        OutcomeValue = KeyUpdateOutcome.Failed,
        StartedOn = DateTime.Now,
        Failure = failure,
    });

    public static KeyUpdateResult AsRecorded(RotationItem item, JournalEntry recorded) => new()
    {
        ConnectionId = item.ConnectionId,
        ConnectionName = item.Redacted(recorded.ConnectionName),
        Provider = recorded.Provider,
        OutcomeValue = KeyUpdateOutcome.AlreadyUpdated,
        MaskBefore = recorded.MaskBefore,
        MaskAfter = recorded.MaskAfter,
        StartedOn = DateTime.Now,
        Reason = $"It was already updated at {Format.Time(recorded.At.LocalDateTime)}.",
    };
}
