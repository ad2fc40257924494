namespace KoreConnections.Client;

/// <summary>A header that the platform sends to a custom API. Its value is kept as a key is, because it may be one.</summary>
internal sealed class Header(string name, Secret value)
{
    public const string NamePattern = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    private static readonly Regex Names = new($@"^{NamePattern}\z", RegexOptions.CultureInvariant);

    public string Name { get; } = name;

    public Secret Value { get; } = value;

    /// <summary>
    /// Whether its value may be a key, which no text of an answer may repeat: it is shown with a mask. A model, a region or a version also stands
    /// elsewhere in an answer, and has to stay there.
    /// </summary>
    public bool MayBeKey => Value.Problem is null && Value.Read(text => IsShownMasked(Name, text.ToString()));

    /// <summary>The same for an answer to what sends it: only who has the reference knows what is behind it.</summary>
    public bool IsRedacted => MayBeKey || (Value.Problem is null && (IsGivenAsSecret || Value.Origin is not null));

    /// <summary>Whether it was given as a SecureString or a credential, which says that it is a secret.</summary>
    public bool IsGivenAsSecret { get; init; }

    internal static IReadOnlyList<Header>? Validate(IReadOnlyList<Header>? headers)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Header header in headers ?? [])
        {
            string? problem =
                SecretRule.IsKeyAsName(header.Name) || (!IsOwnName(header.Name) && header.Value.Origin is null && header.Value.Read(IsSecretName))
                    ? "has a key where the name of a header belongs. Check the order: @{ 'x-api-key' = 'env:NAME' }."
                : SecretMasker.IsMasked(header.Name) ? "has a mask where the name of a header belongs. Specify the name itself: @{ 'x-api-key' = 'env:NAME' }."
                : !Names.IsMatch(header.Name)
                    ? $"contains '{SecretMasker.Quote(header.Name)}', which is not a valid header name. Use letters, digits and hyphens, without spaces."
                : !names.Add(header.Name) ? $"contains '{SecretMasker.Quote(header.Name)}' twice. Remove one of them."
                : header.Value.Read(text => HeaderValue.Problem(
                    header.Name, text, header.Value.Origin, isTyped: !header.IsGivenAsSecret && header.Value.Origin is null)) is string ofValue
                    ? $"'{SecretMasker.Quote(header.Name)}' {ofValue}{From(header.Value.Origin, ofValue)}"
                : null;
            if (problem is not null)
            {
                throw Guard.Invalid("Header", problem);
            }
        }

        return headers;
    }

    private static string From(string? origin, string problem) =>
        origin is null || problem.IndexOf(origin, StringComparison.Ordinal) >= 0 ? "" : $" Its value comes from '{origin}'.";

    internal static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Header> headers, bool reveal)
    {
        writer.WritePropertyName(name);
        JsonText.WriteList(writer, headers, header =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", header.Name);
            ConnectionDefinition.WriteSecret(writer, "value", header.Value, reveal);
            writer.WriteEndObject();
        });
    }

    // As it is read from an answer, and as a plan shows it. What is in brackets under a key's name is sent as it is.
    internal static bool IsShownMasked(string name, string value) =>
        SecretRule.MayHoldInHeader(name, value) || (SecretRule.IsName(name) && value.IndexOf("{{", StringComparison.Ordinal) < 0)
        || SecretMasker.AsRead(value) != value || SecretMasker.Shown(name, value) != value;

    // A key may have the form of any other name. X-Auth-Type and x-forward-header say where a key is.
    private static bool IsOwnName(string name) => SecretRule.IsName(name) || name.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    // Names of headers that carry keys, where a value belongs. Any word could be a value, so they are the usual ones.
    private static bool IsSecretName(ReadOnlySpan<char> value) => value.Find(SecretNames) is not null
        || (value.Length <= 40 && value.Starts("x-") && SecretRule.IsName(value.ToString()));

    /// <summary>The usual names of headers whose value is nothing but a key and the word before it, also behind another word.</summary>
    internal static readonly string[] KeyNames =
    [
        "authorization", "proxy-authorization", "api-key", "apikey", "api_key", "subscription-key", "ocp-apim-subscription-key",
        "access-token", "auth-token",
    ];

    private static readonly string[] SecretNames = [.. KeyNames, "cookie"];
}
