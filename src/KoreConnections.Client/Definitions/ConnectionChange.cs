namespace KoreConnections.Client;

internal abstract class ConnectionChange
{
    internal abstract IEnumerable<Secret> Secrets { get; }

    /// <summary>Of what it carries, what no text of its answer may show.</summary>
    internal virtual IEnumerable<Secret> Redacted => Secrets;

    /// <summary>Of what it carries, the keys: what no reading of the connection may show either.</summary>
    internal virtual IEnumerable<Secret> Keys => Secrets;

    /// <summary>Keys that it does not carry and that no text of its answer may show either, such as the one before.</summary>
    internal IReadOnlyList<Secret> Hidden { get; set; } = [];

    /// <summary>What takes all of these out of its answer.</summary>
    internal SecretRedactor Answer => SecretRedactor.For(Redacted.Concat(Hidden));

    internal IReadOnlyList<SubstitutedValue> Substituted { get; set; } = [];

    /// <summary>The HTTP method: PATCH changes what is given, PUT replaces the whole.</summary>
    internal virtual string Method => "PATCH";

    /// <summary>Whether it is for connections whose provider is <c>API</c>; the others take a key only.</summary>
    public abstract bool IsForCustomApi { get; }

    /// <summary>What to check first where the platform refuses it for a connection whose provider nobody knows.</summary>
    internal string ProviderAdvice => IsForCustomApi
        ? "If the connection's provider is not API, only its key can be changed. Check the provider with Get-Connection."
        : "If the connection is a custom API, it sends its key in a header. Use -Header with all its headers instead of -ApiKey.";

    public abstract void Validate();

    /// <summary>Why connections of a provider do not take such a change; null where they do, and where the provider is unknown.</summary>
    internal static KoreException? RefusalOf(string? provider, bool isForCustomApi) =>
        string.IsNullOrEmpty(provider) || (ApiValues.Providers.Find(provider) == ApiValues.CustomApi) == isForCustomApi ? null
        : KoreException.InvalidInput("Provider", isForCustomApi
            ? $"The connection's provider is '{SecretMasker.Quote(provider)}'. For a named provider, only the key can be changed. Use -ApiKey."
            : "The connection is a custom API, which sends its key in a header. Use -Header with all its headers instead of -ApiKey.");

    /// <summary>Whether a connection shows something that may refuse the change, so that it has to be read again where it may have changed since.</summary>
    internal virtual bool DependsOn(Connection? seen) => false;

    internal virtual void RequireFit(Connection there)
    {
        if (RefusalOf(there.Provider, IsForCustomApi) is KoreException refusal)
        {
            throw refusal;
        }
    }

    /// <summary>What the answer shows that cannot be right, and what to do, after "but"; null for nothing.</summary>
    /// <param name="isForced">Whether a key may be another provider's.</param>
    internal abstract string? Contradiction(Connection answer, bool isForced);

    /// <summary>What is accepted but will probably not work, a sentence each.</summary>
    /// <param name="there">The connection as far as it is known: what the change leaves as it is.</param>
    internal virtual IEnumerable<string> Remarks(Connection? there) => [];

    /// <summary>What the answer to the change shows otherwise than it was sent. What it does not show says nothing, as a mask without an end.</summary>
    internal abstract IReadOnlyList<string> StillDifferent(Connection answer);

    /// <summary>Whether a connection that was read shows all that the change brings: false for something else, null for too little.</summary>
    internal abstract bool? IsShownBy(Connection now);

    internal abstract void Write(Utf8JsonWriter writer, bool reveal);
}
