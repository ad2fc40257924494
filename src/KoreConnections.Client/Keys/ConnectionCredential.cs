namespace KoreConnections.Client;

/// <summary>
/// The key of a connection, in either of its shapes; which one it has to be, the connection's provider says. Of a pipeline of named providers and
/// custom APIs, it is both until the provider is known.
/// </summary>
internal sealed record ConnectionCredential(Secret? ApiKey, IReadOnlyList<Header>? Headers)
{
    private IEnumerable<(string Name, Secret Key)> Named =>
        (ApiKey is null ? [] : new[] { ("", ApiKey) }).Concat((Headers ?? []).Select(h => (h.Name.ToLowerInvariant(), h.Value)));

    /// <summary>Those that no answer may repeat. Of headers that hold no key, such as Accept, an answer has to stay as it is.</summary>
    public IEnumerable<Secret> Keys => (ApiKey is null ? [] : new[] { ApiKey }).Concat((Headers ?? [])
        .Where(h => h.MayBeKey).Select(h => h.Value));

    /// <summary>What of it a connection of a provider takes; all while the provider is not known.</summary>
    /// <param name="provider">The provider in the API's spelling.</param>
    public ConnectionCredential For(string? provider) => provider switch
    {
        null => this,
        ApiValues.CustomApi => this with { ApiKey = null },
        _ => this with { Headers = null },
    };

    /// <summary>Says what is missing for a provider, before anything is sent where the provider is known by then.</summary>
    /// <param name="provider">The provider in the API's spelling, or null while it is not known.</param>
    public void Require(string? provider, string? shown, string hint = "")
    {
        if (provider == ApiValues.CustomApi && Headers is null)
        {
            throw KoreException.InvalidInput(
                "Header",
                $"'{TextSanitizer.SingleLine(shown, 100)}' is a custom API, which sends its key in a header. "
                    + "Use -Header, for example @{ 'x-api-key' = 'env:NAME' }.");
        }

        if (provider is not (null or ApiValues.CustomApi) && ApiKey is null)
        {
            throw KoreException.InvalidInput(
                "ApiKey",
                "The connection needs a key, because the platform never returns the existing one. Use -ApiKey, or the column ApiKey of the row." + hint);
        }
    }

    /// <param name="model">The model to ask for instead of the connection's; null for that.</param>
    /// <param name="isForced">Whether the provider decides about a key that looks like another provider's.</param>
    /// <exception cref="KoreException">KoreInvalidInput: the key is not of the shape that the connection needs.</exception>
    public KeyProbe Probe(Connection connection, Uri? providerUri, string? model = null, bool isForced = false)
    {
        ConnectionDefinition definition = ConnectionDefinition.Read(ProviderOf(connection), new ConnectionFieldReader(connection, this));
        definition.Model = model ?? definition.Model;
        if (definition is NamedProviderDefinition named)
        {
            named.AcceptsOtherKey = isForced;
        }

        return KeyProbe.For(definition, providerUri, connection.ConnectionId);
    }

    /// <param name="headers">The parameter that its headers were given with.</param>
    /// <exception cref="KoreException">KoreInvalidInput: the key is not of the shape that the connection needs.</exception>
    public ConnectionChange Change(Connection connection, string headers = "Header")
    {
        ConnectionChange change = ProviderOf(connection) == ApiValues.CustomApi
            ? new CustomApiChange(new CustomApiSettings { Headers = HeadersFor(connection, headers) }, replace: false)
            : new KeyChange(ApiKey);
        change.Validate();
        return change;
    }

    /// <summary>All headers of a custom API: these, and of the others what the platform shows without a mask.</summary>
    /// <param name="parameter">What they were given with.</param>
    /// <exception cref="KoreException">KoreInvalidInput: a header whose value is not known would be lost, or the word before its key.</exception>
    public IReadOnlyList<Header> HeadersFor(Connection connection, string parameter)
    {
        var all = new List<Header>(Headers!);
        var missing = new List<string>();
        IReadOnlyList<ShownHeader> there = ShownHeader.All(connection, out bool isReadable) ?? [];
        if (!isReadable)
        {
            throw KoreException.InvalidInput(
                parameter, ChangePreview.UnreadableHeaders(connection) + " To set the key, use Set-Connection -Header with every header, and -Force.")
                .About(connection.Called);
        }

        foreach (ShownHeader header in there.Where(h => h.Name.Length > 0))
        {
            if (Headers!.FirstOrDefault(g => header.IsCalled(g.Name)) is Header own)
            {
                if (header.Value is string value && SecretMasker.SchemeOf(value) is { Length: > 0 } scheme && own.Value is { Problem: null } key
                    && !key.Read(text => text.IndexOf(' ') >= 0))
                {
                    throw Guard.Invalid(
                        parameter,
                        $"has no word before the key of '{own.Name}', but {connection.Shown} has {scheme} there. "
                            + $"Write it before the key, such as '{scheme} env:NAME'.").About(connection.Called);
                }

                continue;
            }

            if (header.IsPlain)
            {
                all.Add(new Header(header.Name, Secret.FromPlainText(header.Value!)));
            }
            else
            {
                missing.Add($"'{TextSanitizer.SingleLine(header.Name, 100)}'");
            }
        }

        // In the order of the connection, so that the masks before and after are of the same header.
        List<string> order = [.. there.Select(h => h.Name.ToLowerInvariant())];
        return missing.Count == 0
            ? [.. all.OrderBy(h => order.IndexOf(h.Name.ToLowerInvariant()) is var at && at < 0 ? int.MaxValue : at)]
            : throw Guard.Invalid(
                parameter,
                $"does not include {string.Join(", ", missing)} of {connection.Shown}. Values that look like keys are masked and not kept. "
                    + "Headers are replaced as a whole: specify all of them.").About(connection.Called);
    }

    private string ProviderOf(Connection connection)
    {
        string provider = connection.SupportedProvider();
        Require(provider, connection.Called);
        return provider;
    }

    /// <summary>Refuses a previous key that is this very key, or very headers: what it would restore is what failed.</summary>
    public void RequireOther(ConnectionCredential? previous)
    {
        if (previous is not null && IsSameAs(previous))
        {
            throw KoreException.InvalidInput(
                ApiKey is null ? "PreviousHeader" : "PreviousApiKey",
                "The previous key and the new key are the same, so a failed change could not be rolled back. Specify the key that the connection has now.");
        }
    }

    /// <summary>
    /// 16 bits by which a report recognizes another key, be its mask the same. They say less of a key than the end that masks show: one
    /// of 65,536 keys has them.
    /// </summary>
    public string ShortHash(string connectionId)
    {
        byte[] check = new byte[2];
        foreach ((string name, Secret key) in Named)
        {
            byte[] hash = key.Hash(Encoding.UTF8.GetBytes($"{connectionId}\n{name}"));
            check[0] ^= hash[0];
            check[1] ^= hash[1];
        }

        return $"{check[0]:x2}{check[1]:x2}";
    }

    private bool IsSameAs(ConnectionCredential other) => Fingerprints().SequenceEqual(other.Fingerprints());

    /// <summary>Whether another one gives the same connection the same key, as far as both have the same shape.</summary>
    public bool AgreesWith(ConnectionCredential other)
    {
        var own = new ConnectionCredential(other.ApiKey is null ? null : ApiKey, other.Headers is null ? null : Headers);
        return own.Named.Any() && own.IsSameAs(new ConnectionCredential(ApiKey is null ? null : other.ApiKey, Headers is null ? null : other.Headers));
    }

    private IEnumerable<string> Fingerprints() => Named.Select(n => $"{n.Name}\n{n.Key.Fingerprint()}").OrderBy(f => f, StringComparer.Ordinal);

    /// <summary>Whether a mask shows the end of this key; null where it shows no end.</summary>
    public bool? Matches(string? mask) => ApiKey is null || Headers is not null ? null : MaskMatcher.Confirms(mask, ApiKey);

    /// <summary>
    /// Whether a connection shows the end of this key, or of each header with a mask the end of its value: one that lacks it says no for all. Null where
    /// nothing is shown.
    /// </summary>
    public bool? Matches(Connection connection)
    {
        if (Headers is null)
        {
            return Matches(connection.Mask);
        }

        if (ApiKey is not null || ShownHeader.Of(connection) is not { } shown)
        {
            return null;
        }

        bool?[] judged = [.. Headers.Where(h => h.Value.Problem is null).Select(h => Matches(h, shown))];
        return judged.Contains(false) ? false : judged.Contains(true) ? true : null;
    }

    /// <summary>Whether a connection shows the end of another key than this, in one header at least. One that it does not show says nothing.</summary>
    public bool IsContradictedBy(Connection connection) => Headers is null ? Matches(connection.Mask) == false
        : ShownHeader.Of(connection) is { } shown && Headers.Any(
            h => h.Value.Problem is null && shown.FirstOrDefault(s => s.IsCalled(h.Name)) is { IsMasked: true } found && found.Shows(h.Value) == false);

    /// <summary>
    /// Whether a connection shows the end of a third key, in one header at least. Without a previous key, that is one that it did not show before. A header
    /// that neither has is one, too, unless it was there before.
    /// </summary>
    public bool IsThird(Connection now, ConnectionCredential? previous, Connection before)
    {
        ILookup<string, Secret> known = Named.Concat(previous?.Named ?? []).ToLookup(n => n.Name, n => n.Key);
        ILookup<string, string> were = Ends(before);
        return Ends(now).Any(shown => shown.Any(end => end.Length > 0 && IsOther(shown.Key, end)));

        bool IsOther(string name, string end) => known.Contains(name)
            ? known[name].All(k => k.Problem is null && !k.Read(text => text.EndsWith(end.AsSpan(), StringComparison.OrdinalIgnoreCase)))
                && (previous is not null || were[name].DefaultIfEmpty("").All(e => !IsAlike(e, end) && !IsAlike(end, e)))
            : were.Count > 0 && !were.Contains(name);

        // Masks may show more or less of the same key.
        static bool IsAlike(string one, string other) => one.EndsWith(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The ends of keys that a connection shows, by which another run knows them again.</summary>
    public string ShownEnds(Connection connection) => string.Join(" ", Ends(connection).SelectMany(g => g.Select(end => $"{g.Key}={end}")));

    /// <summary>
    /// The ends of keys that a connection shows, empty where it shows none, by the names of headers. Other characters than a key's, such as a mark or
    /// a word behind the mask, are the platform's own, and prove nothing.
    /// </summary>
    private ILookup<string, string> Ends(Connection connection) => (Headers is null ? [(Name: "", connection.Mask)]
        : (ShownHeader.Of(connection) ?? []).Select(h => (Name: h.Name.ToLowerInvariant(), Mask: h.IsMasked ? h.Value : null)))
        .ToLookup(s => s.Name, s => SecretMasker.EndsOf(s.Mask)?.End is string end && end.All(c => char.IsLetterOrDigit(c) || c is '-' or '_') ? end : "");

    private static bool? Matches(Header header, IEnumerable<ShownHeader> shown) =>
        shown.FirstOrDefault(s => s.IsCalled(header.Name)) is not ShownHeader found ? false : found.IsMasked ? found.Shows(header.Value) : null;
}
