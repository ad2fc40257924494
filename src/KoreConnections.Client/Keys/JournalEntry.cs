namespace KoreConnections.Client;

/// <summary>What a report says of a connection: its latest step.</summary>
internal sealed record JournalEntry(
    string Step, KeyUpdateOutcome? Outcome, string? ConnectionName, string? Provider, string? MaskBefore, string? MaskAfter, DateTime? ModifiedBefore,
    bool IsEitherKey, DateTimeOffset At, string? KeyCheck)
{
    public DateTimeOffset SentAt { get; init; } = At;

    public string? ThirdKey { get; init; }

    /// <summary>Reads a step. What is of another kind than it should be says nothing.</summary>
    public static JournalEntry Read(JsonElement line, string step) => new(
        step,
        step == RotationJournal.FinishedStep ? EnumName.Find<KeyUpdateOutcome>(LenientJson.Text(line, "outcome")) : null,
        LenientJson.Text(line, "connectionName"),
        LenientJson.Text(line, "provider"),
        LenientJson.Text(line, "maskBefore"),
        LenientJson.Text(line, "maskAfter"),
        Time(line, "modifiedBefore")?.LocalDateTime,
        LenientJson.Property(line, "isEitherKey") is not null,
        Time(line, "at") ?? default,
        LenientJson.Text(line, "keyCheck")) { ThirdKey = LenientJson.Text(line, "thirdKey") };

    public bool IsDone => Outcome == KeyUpdateOutcome.Updated;

    /// <summary>A change was sent, and how it ended is not known.</summary>
    public bool IsInDoubt => Step == RotationJournal.StartedStep || (Outcome == KeyUpdateOutcome.Unconfirmed && !IsEitherKey);

    /// <summary>Which key the connection has is not known: its new one, or the one before.</summary>
    public bool IsUndecided => Step != RotationJournal.FinishedStep || Outcome == KeyUpdateOutcome.Unconfirmed;

    private static DateTimeOffset? Time(JsonElement line, string name) => DateTimeOffset.TryParse(
        LenientJson.Text(line, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>Refuses another key than the one that was, or may have been, set: what is known of that one says nothing of this one.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the report belongs to another rotation.</exception>
    public void Require(string id, ConnectionCredential key)
    {
        bool endsOtherwise = IsDone && key.Matches(MaskAfter) == false;
        if (endsOtherwise || ((IsDone || IsInDoubt) && KeyCheck is not null && KeyCheck != key.ShortHash(id)))
        {
            string mask = endsOtherwise ? $" ({TextSanitizer.SingleLine(MaskAfter, 100)})" : "";
            throw Guard.Invalid(
                "ReportPath",
                $"belongs to another rotation, which set a different key for '{TextSanitizer.SingleLine(id, 100)}'{mask}. Specify another path.");
        }
    }
}
