namespace KoreConnections.Client;

/// <summary>
/// Whose keys are given to whom. A key works at one provider only, and a changed key cannot be read back: one that goes to
/// connections of several providers, because a filter was forgotten, is refused at the second of them. So is one that would be sent to several.
/// </summary>
internal sealed class KeyOwnership
{
    private const string Remedy = "Select connections of one provider (Get-Connection -Provider), or use -Force.";

    public const string OwnKey = "Use a key of the connection's provider.";

    // Real keys of other providers than the platform's have 37 characters and more.
    private const int ShortestOther = 30;

    private readonly ConcurrentDictionary<string, string> _given = new(StringComparer.Ordinal);

    // By key, the first connection of which only the id is known.
    private readonly Dictionary<string, string> _first = new(StringComparer.Ordinal);

    /// <summary>Refuses a key whose shape only another provider's keys have.</summary>
    /// <param name="isForGateway">Whether it goes to a gateway, which has keys of its own: then only the shapes of the platform's providers count.</param>
    public static void Check(
        Secret? key, string provider, string remedy = OwnKey, string parameter = "ApiKey", bool isForGateway = false)
    {
        if (OtherOwner(key, provider, isForGateway) is string owner)
        {
            throw Guard.Invalid(parameter, $"looks like a key of {owner}, but the connection's provider is {SecretMasker.Quote(provider)}. {remedy}");
        }
    }

    /// <summary>The other provider whose keys alone have the shape of a key; null for none.</summary>
    public static string? OtherOwner(Secret? key, string provider, bool isForGateway = false)
    {
        // So it is for Azure: nobody knows what its keys begin with.
        bool isOpen = isForGateway || provider == ApiValues.AzureOpenAI;
        return key?.Read(OwnerOf) is string owner && owner != provider && (!isOpen || ApiValues.Providers.Find(owner) is not null) ? owner : null;
    }

    /// <summary>
    /// Gives a key to a connection, of which maybe only the id is known. A single change needs no listing; that a key is given to several
    /// connections is the reason to look their providers up.
    /// </summary>
    /// <param name="provider">What is known of its provider; null for nothing.</param>
    /// <param name="listed">The provider that is listed for an id, null for none, and whether a listing is worth a request.</param>
    /// <returns>Whether it is the first that gets the key.</returns>
    public bool Claim(Secret key, string id, string? provider, Func<string, bool, string?> listed)
    {
        string fingerprint = key.Fingerprint();
        bool isGiven = _given.ContainsKey(fingerprint);
        _first.TryGetValue(fingerprint, out string? first);
        bool isRepeated = isGiven || (first is not null && first != id);
        // A custom API is no owner of a key that it got by mistake.
        if (isRepeated && first is not null && listed(first, true) is string earlier && earlier != ApiValues.CustomApi)
        {
            Note(key, earlier);
        }

        provider ??= listed(id, isRepeated);
        if (ConnectionChange.RefusalOf(provider, isForCustomApi: false) is KoreException refusal)
        {
            throw refusal;
        }

        if (provider is not null)
        {
            Claim(key, provider);
        }
        else if (first is null)
        {
            _first.Add(fingerprint, id);
        }

        return !isGiven && first is null;
    }

    /// <summary>Forgets who got a key: the first connection did not.</summary>
    public void Withdraw(Secret key)
    {
        _first.Remove(key.Fingerprint());
        _given.TryRemove(key.Fingerprint(), out _);
    }

    /// <summary>Gives a key to a connection of a provider, unless it belongs to another one.</summary>
    public void Claim(Secret key, string provider, string remedy = Remedy)
    {
        provider = ApiValues.Providers.Find(provider) ?? provider;
        Check(key, provider, remedy);
        string owner = _given.GetOrAdd(key.Fingerprint(), provider);
        if (owner != provider)
        {
            throw Guard.Invalid(
                "ApiKey",
                $"was already used for {SecretMasker.Quote(owner)}, and {SecretMasker.Quote(provider)} does not accept the same key. {remedy}");
        }
    }

    /// <summary>Sends a key to its provider, unless another provider got it before; a gateway may serve several with one key.</summary>
    public void Claim(KeyProbe probe)
    {
        if (probe.Definition is NamedProviderDefinition { IsForGateway: false, ApiKey: Secret key } named)
        {
            Claim(key, named.Provider, OwnKey);
        }
    }

    /// <summary>Notes that a connection of a provider has a key, unless another provider had it first.</summary>
    public void Note(Secret key, string provider) => _given.TryAdd(key.Fingerprint(), ApiValues.Providers.Find(provider) ?? provider);

    private static string? OwnerOf(ReadOnlySpan<char> key)
    {
        foreach (KeyForm form in KeyForm.All)
        {
            if (form.Owner is not null && key.StartsWith(form.Beginning) && key.IndexOf(form.Marker) >= 0
                && ApiValues.Providers.Find(form.Owner) is var ofPlatform && (ofPlatform is not null || key.Length >= ShortestOther))
            {
                return ofPlatform ?? form.Owner;
            }
        }

        return null;
    }
}
