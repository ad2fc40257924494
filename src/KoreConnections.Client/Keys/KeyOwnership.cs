namespace KoreConnections.Client;

/// <summary>
/// Whose keys are given to whom. A key works at one provider only, and a changed key cannot be read back: one that goes to
/// connections of several providers, because a filter was forgotten, is refused at the second of them.
/// </summary>
internal sealed class KeyOwnership
{
    private const string Remedy = "Select connections of one provider (Get-Connection -Provider), or use -Force.";

    // Real keys of other providers than the platform's have 37 characters and more.
    private const int ShortestOther = 30;

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    // By key, the first connection of which only the id is known.
    private readonly Dictionary<string, string> _first = new(StringComparer.Ordinal);

    /// <summary>Refuses a key whose shape only another provider's keys have.</summary>
    /// <param name="isForGateway">Whether it goes to a gateway, which has keys of its own: then only the shapes of the platform's providers count.</param>
    public static void Check(
        Secret? key, string provider, string remedy = "Use a key of the connection's provider.", string parameter = "ApiKey", bool isForGateway = false)
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
        _given.Remove(key.Fingerprint());
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
