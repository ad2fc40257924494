using System;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What a record of a rotation has become: work to do, a result that is known already, or a failure.</summary>
internal sealed record PendingUpdate(string? Target, RotationItem? Item, KoreException? Failure)
{
    public KeyUpdateResult? Known { get; init; }

    /// <summary>The number of the row that it comes from.</summary>
    public int? Row { get; init; }

    /// <summary>The result for a key that was updated by the run that a report is about.</summary>
    public static KeyUpdateResult AsRecorded(string id, ConnectionCredential key, JournalEntry recorded) => key.Matches(recorded.MaskAfter) == false
        ? throw KoreException.InvalidInput("ReportPath", $"-ReportPath belongs to another rotation, which gave '{TextSanitizer.SingleLine(id, 100)}' another key ({TextSanitizer.SingleLine(recorded.MaskAfter, 100)}). Give this rotation a path of its own.")
        : new KeyUpdateResult
        {
            ConnectionId = id,
            ConnectionName = recorded.ConnectionName,
            Provider = recorded.Provider,
            Outcome = KeyUpdateOutcome.Skipped,
            MaskBefore = recorded.MaskBefore,
            MaskAfter = recorded.MaskAfter,
            StartedOn = DateTime.Now,
            Reason = $"It was updated before, at {Format.Time(recorded.At.LocalDateTime)}.",
        };
}
