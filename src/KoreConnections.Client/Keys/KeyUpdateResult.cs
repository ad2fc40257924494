namespace KoreConnections;

/// <summary>How the change of one connection's key went. It shows masks, never a key.</summary>
public sealed class KeyUpdateResult : IFromPlatform
{
    string? IFromPlatform.Platform { get; set; }

    /// <summary>The connection's id.</summary>
    public string ConnectionId { get; internal set; } = "";

    /// <summary>The connection's name.</summary>
    public string? ConnectionName { get; internal set; }

    /// <summary>The provider as the API spells it.</summary>
    public string? Provider { get; internal set; }

    /// <summary>What became of the key.</summary>
    public string Outcome => OutcomeValue.ToString();

    /// <summary>What the provider said of the new key; null where it was not asked.</summary>
    public string? Verdict => VerdictValue?.ToString();

    /// <summary>How the platform showed the key before.</summary>
    public string? MaskBefore { get; internal set; }

    /// <summary>How the platform shows the key after the change.</summary>
    public string? MaskAfter { get; internal set; }

    /// <summary>When work on it began, in local time.</summary>
    public DateTime StartedOn { get; internal set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>The platform's id of the request, for its support.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>What went wrong.</summary>
    public string? Error => Failure?.Message;

    /// <summary>The id of what went wrong, such as <c>KoreServerError</c>.</summary>
    public string? ErrorId => Failure?.ErrorId;

    /// <summary>Why nothing was tried, or what was found out after an interruption.</summary>
    public string? Reason { get; internal set; }

    internal KeyVerdict? VerdictValue { get; set; }

    internal KeyUpdateOutcome OutcomeValue { get; set; }

    /// <summary>When the connection had last been changed before this change: what shows afterwards whether it was made.</summary>
    internal DateTime? ModifiedBefore { get; set; }

    /// <summary>What a report recognizes another key by.</summary>
    internal string? KeyCheck { get; set; }

    /// <summary>What to do about a key that the connection has beside its headers; null for nothing.</summary>
    internal string? KeyElsewhere { get; set; }

    /// <summary>Whether putting the previous key back failed, so that the connection may have either.</summary>
    internal bool IsEitherKey { get; set; }

    /// <summary>What masks showed of a third key, which nothing is to be written over; null for none.</summary>
    internal string? ThirdKey { get; set; }

    internal bool IsUnrecorded { get; set; }

    /// <summary>Whether something was sent that may have changed the key.</summary>
    internal bool IsSent => OutcomeValue is KeyUpdateOutcome.Updated or KeyUpdateOutcome.Unconfirmed or KeyUpdateOutcome.RolledBack;

    internal KoreException? Failure { get; set; }

    /// <summary>Whether the connection has, or may have, another key than it should.</summary>
    internal bool IsFailure => OutcomeValue is KeyUpdateOutcome.Failed or KeyUpdateOutcome.RolledBack or KeyUpdateOutcome.Unconfirmed;

    /// <summary>The outcome in a few words, for those who can no longer be given the object.</summary>
    internal string Summary => Error is null ? $"{Outcome}" : $"{Outcome}. {Error}";

    internal string Shown => (TextSanitizer.SingleLine(ConnectionName, 100), TextSanitizer.SingleLine(ConnectionId, 100)) switch
    {
        (_, var id) when string.IsNullOrWhiteSpace(ConnectionName) => id,
        (var name, "") => name,
        var (name, id) => $"{name} ({id})",
    };

    /// <summary>Whose key, and the outcome.</summary>
    public override string ToString() => $"{Shown}: {Outcome}";
}
