namespace KoreConnections;

/// <summary>What asking a provider showed of a key. It shows everything but the key.</summary>
public sealed class KeyTestResult : IFromPlatform
{
    string? IFromPlatform.Platform { get; set; }

    /// <summary>The connection that the key is for, where there is one.</summary>
    public string? ConnectionId { get; internal set; }

    /// <summary>The connection's name, where it is known.</summary>
    public string? ConnectionName { get; internal set; }

    /// <summary>The provider as the API spells it.</summary>
    public string Provider { get; internal set; } = "";

    /// <summary>The model that was asked for.</summary>
    public string? Model { get; internal set; }

    /// <summary>What the answer says of the key.</summary>
    public string Verdict => VerdictValue.ToString();

    /// <summary>Whether the key can be used: it works, or would if it were not used too much.</summary>
    public bool IsUsable => VerdictValue is KeyVerdict.Valid or KeyVerdict.RateLimited;

    /// <summary>The HTTP status, where an answer came.</summary>
    public HttpStatusCode? StatusCode { get; internal set; }

    /// <summary>The provider's own words, or why there are none.</summary>
    public string? ProviderMessage { get; internal set; }

    /// <summary>The host that was asked: the only one that saw the key.</summary>
    public string ProviderHost { get; internal set; } = "";

    /// <summary>How long it took, repetitions included.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>The provider's id of the request, for its support.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>What a person can do about it.</summary>
    public string? RecommendedAction { get; internal set; }

    /// <summary>The day from which the provider refuses the model; null where none is announced or known.</summary>
    public DateTime? ModelRetiresOn => Lifecycle?.RetiresOn;

    /// <summary>The model that the provider names instead.</summary>
    public string? Replacement => Lifecycle?.Replacement;

    /// <summary>For a custom API, what was found at its output path.</summary>
    public string? Output { get; internal set; }

    /// <summary>For a custom API, the count of input tokens.</summary>
    public long? InputTokens { get; internal set; }

    /// <summary>For a custom API, the count of output tokens.</summary>
    public long? OutputTokens { get; internal set; }

    internal KeyVerdict VerdictValue { get; set; }

    /// <summary>Whether nothing is known of the key.</summary>
    internal bool IsUndecided => VerdictValue is KeyVerdict.Unreachable or KeyVerdict.Inconclusive;

    /// <summary>Whether the provider cannot be reached, or fails: then it says nothing of any key.</summary>
    internal bool IsUnanswered => VerdictValue == KeyVerdict.Unreachable || (int?)StatusCode >= 500;

    internal ModelLifecycle? Lifecycle { get; set; }

    /// <summary>The keys that were sent, of which a finding shows no part.</summary>
    internal IReadOnlyList<Client.Secret> Keys { get; set; } = [];

    /// <summary>Whose key, and the verdict.</summary>
    public override string ToString() => $"{TextSanitizer.SingleLine(ConnectionName ?? ConnectionId ?? Provider)}: {Verdict}";

    /// <summary>Why the key must not be given to a connection; null where it can be used.</summary>
    /// <param name="otherwise">How to do without asking.</param>
    internal KoreException? Failure(string otherwise)
    {
        if (IsUsable)
        {
            return null;
        }

        KoreErrorKind kind = VerdictValue switch
        {
            KeyVerdict.Unreachable => KoreErrorKind.Unreachable,
            KeyVerdict.Inconclusive => KoreErrorKind.UnexpectedResponse,
            _ => KoreErrorKind.InvalidInput,
        };
        string status = StatusCode is { } code ? $", HTTP {(int)code}" : "";
        string answer = ProviderMessage is string message ? $": {message}" : ".";
        return new KoreException(
            kind, $"The new key did not pass verification at {ProviderHost} ({Verdict}{status}); nothing was changed{answer}",
            $"{RecommendedAction} {otherwise}".TrimStart());
    }
}
