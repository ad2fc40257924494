namespace KoreConnections.Client;

/// <summary>
/// Whose keys are given to whom. A key works at one provider only, and a changed key cannot be read back: one that goes to
/// connections of several providers, because a filter was forgotten, is refused at the second of them.
/// </summary>
internal sealed class KeyOwnership
{
    private const string Remedy = "Select connections of one provider (Get-Connection -Provider), or use -Force.";

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <summary>Refuses a key whose shape only another provider's keys have.</summary>
    public static void Check(Secret? key, string provider, string remedy = "Use a key of the connection's provider.", string parameter = "ApiKey")
    {
        if (key?.Read(OwnerOf) is string owner && owner != provider)
        {
            throw Guard.Invalid(parameter, $"looks like a key of {owner}, but the connection's provider is {SecretMasker.Quote(provider)}. {remedy}");
        }
    }

    /// <summary>Gives a key to a connection of a provider, unless it belongs to another one.</summary>
    public void Claim(Secret key, string provider)
    {
        provider = ApiValues.Providers.Find(provider) ?? provider;
        Check(key, provider, Remedy);
        string owner = Note(key, provider);
        if (owner != provider)
        {
            throw Guard.Invalid(
                "ApiKey",
                $"was already used for {SecretMasker.Quote(owner)}, and {SecretMasker.Quote(provider)} does not accept the same key. {Remedy}");
        }
    }

    /// <summary>Notes that a connection of a provider has a key; the provider that had it first.</summary>
    public string Note(Secret key, string provider)
    {
        string fingerprint = key.Fingerprint();
        return _given.TryGetValue(fingerprint, out string? owner) ? owner : _given[fingerprint] = ApiValues.Providers.Find(provider) ?? provider;
    }

    // Azure's keys, and those of custom APIs, have no shape of their own. Every key of OpenAI has its marker in it, whatever its kind.
    private static string? OwnerOf(ReadOnlySpan<char> key) =>
        Starts(key, "sk-ant-") ? ApiValues.Anthropic
        : Starts(key, "sk-proj-") || Starts(key, "sk-svcacct-") || Starts(key, "sk-admin-") ? ApiValues.OpenAI
        : Starts(key, "sk-") && key.IndexOf("T3BlbkFJ".AsSpan()) > 0 ? ApiValues.OpenAI
        : null;

    private static bool Starts(ReadOnlySpan<char> key, string prefix) => key.StartsWith(prefix.AsSpan(), StringComparison.Ordinal);
}
