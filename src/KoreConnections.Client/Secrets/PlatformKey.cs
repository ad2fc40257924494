namespace KoreConnections.Client;

/// <summary>A session's own key is for its platform alone: it is no provider's key, nor a part of what a provider or a custom API gets.</summary>
internal static class PlatformKey
{
    private const string Meaning = "a platform key (of an open session, or from KORE_API_KEY), which must not be sent to a provider.";

    // A shorter one, which only a platform of one's own has, may be a word of any text.
    private const int ShortestWithin = 16;

    private static readonly Regex Escape = new(@"\\(?:u00([0-9a-fA-F]{2})|([""\\/]))", RegexOptions.CultureInvariant);

    public static Secret Check(Secret key, string parameter)
    {
        Secret checkedKey = ApiKeyValidator.Check(key, parameter);
        OtherProduct.RefuseKey(checkedKey, parameter);
        return checkedKey;
    }

    public static void Refuse(ConnectionDefinition definition, TransportOptions options) =>
        Refuse([.. definition.Secrets], [SecretJsonContent.Text(definition.Write)], options);

    public static void Refuse(ConnectionChange change, TransportOptions options) =>
        Refuse([.. change.Secrets, .. change.Hidden], [SecretJsonContent.Text(change.Write)], options);

    /// <summary>Refuses a request with such a key in it. What is compared is all that leaves, because a manifest decides where in it a value stands.</summary>
    /// <param name="secrets">What it carries as secrets, which no text is made of.</param>
    /// <param name="texts">The rest, such as an address or a body, in which the key may be escaped or encoded.</param>
    public static void Refuse(IReadOnlyList<Secret> secrets, IReadOnlyList<string> texts, TransportOptions options)
    {
        if (secrets.Count + texts.Count == 0)
        {
            return;
        }

        Secret[] platformKeys = [.. options.PlatformKeys];
        if (secrets.Any(s => platformKeys.Any(s.Contains) || IsEscapedIn(s, platformKeys)))
        {
            throw KoreException.InvalidInput("ApiKey", $"This is {Meaning} Specify the provider's key.");
        }

        if (texts.Any(text => IsIn(text, platformKeys)))
        {
            throw KoreException.InvalidInput(
                "InputObject",
                $"The address, the payload or another value contains {Meaning} Nothing was sent. Remove it from the value, or use the provider's key there.");
        }
    }

    // Only of what has escapes, a text is made.
    private static bool IsEscapedIn(Secret secret, Secret[] platformKeys) =>
        secret.Read(static text => text.IndexOfAny('%', '\\') < 0 ? null : text.ToString()) is string text && IsIn(text, platformKeys);

    // As it is, escaped for an address or for JSON, and in base64: a search for every form of an echo would cost more than the request.
    private static bool IsIn(string text, Secret[] platformKeys)
    {
        string[] readings = text.IndexOfAny(['%', '\\']) < 0 ? [text]
            : [text, Uri.UnescapeDataString(text), FromJson(text), Uri.UnescapeDataString(FromJson(text)), FromJson(Uri.UnescapeDataString(text))];
        // Each host is in lower case.
        return platformKeys.Any(key => key.Length >= ShortestWithin
            && readings.Any(reading => key.IsIn(reading, StringComparison.OrdinalIgnoreCase) || key.IsInBase64(reading.AsMemory())));
    }

    private static string FromJson(string text) => Escape.Replace(text, escaped =>
        escaped.Groups[2].Success ? escaped.Groups[2].Value : ((char)Convert.ToInt32(escaped.Groups[1].Value, 16)).ToString());
}
