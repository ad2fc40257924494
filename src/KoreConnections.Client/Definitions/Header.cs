namespace KoreConnections.Client;

/// <summary>A header that the platform sends to a custom API. Its value is treated as a key, whatever it is.</summary>
internal sealed class Header(string name, Secret value)
{
    public const string NamePattern = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    private static readonly Regex Names = new($@"^{NamePattern}\z", RegexOptions.CultureInvariant);

    // A value is read where it is kept encrypted, and a header is checked wherever one arrives.
    private bool _isChecked;

    public string Name { get; } = name;

    public Secret Value { get; } = value;

    internal static IReadOnlyList<Header>? Validate(IReadOnlyList<Header>? headers)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Header header in headers ?? [])
        {
            if (header._isChecked && names.Add(header.Name))
            {
                continue;
            }

            if (SecretRule.IsKeyAsName(header.Name) || (!SecretRule.IsName(header.Name) && header.Value.Read(IsSecretName)))
            {
                throw Guard.Invalid("Header", "has a key where the name of a header belongs. Check the order: @{ 'x-api-key' = 'env:NAME' }.");
            }

            if (SecretMasker.IsMasked(header.Name.AsSpan()))
            {
                throw Guard.Invalid("Header", "has a mask where the name of a header belongs. Specify the name itself: @{ 'x-api-key' = 'env:NAME' }.");
            }

            if (!Names.IsMatch(header.Name))
            {
                throw Guard.Invalid("Header", $"contains '{SecretMasker.Quote(header.Name)}', which is not a valid header name.");
            }

            if (!names.Add(header.Name))
            {
                throw Guard.Invalid("Header", $"contains '{SecretMasker.Quote(header.Name)}' twice. Remove one of them.");
            }

            ValidateValue(header);
            header._isChecked = true;
        }

        return headers;
    }

    internal static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Header> headers, bool reveal)
    {
        writer.WriteStartArray(name);
        foreach (Header header in headers)
        {
            writer.WriteStartObject();
            writer.WriteString("key", header.Name);
            ConnectionDefinition.WriteSecret(writer, "value", header.Value, reveal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // Names of headers that carry keys, where a value belongs. Any word could be a value, so they are the usual ones.
    private static bool IsSecretName(ReadOnlySpan<char> value) => SingleLine.Find(value, SecretNames) is not null
        || (value.Length <= 40 && value.StartsWith("x-".AsSpan(), StringComparison.OrdinalIgnoreCase) && SecretRule.IsName(value.ToString()));

    private static readonly string[] SecretNames =
    [
        "authorization", "proxy-authorization", "api-key", "apikey", "api_key", "subscription-key", "ocp-apim-subscription-key",
        "access-token", "auth-token", "cookie",
    ];

    private static bool IsSchemeAlone(string name, ReadOnlySpan<char> value) => SingleLine.Find(value.Trim(), KeyInHeader.Schemes) is not null
        || (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.Trim().Equals("token".AsSpan(), StringComparison.OrdinalIgnoreCase));

    private static string? Unfilled(string name, ReadOnlySpan<char> value) =>
        SecretRule.IsName(name) ? UnfilledPlaceholder.Find(value) : UnfilledPlaceholder.FindInValue(value);

    private static void ValidateValue(Header header)
    {
        string? problem = header.Value.Read(text =>
            text.IsWhiteSpace() ? "is empty"
            : SecretMasker.IsMasked(text) ? "contains a mask, which the platform shows instead of a key. Specify the value itself"
            : Unfilled(header.Name, text) is string unfilled ? unfilled.TrimEnd('.')
            : NotAKey.ConvertedObject(SecretReference.Bare(text)) is string converted ? converted.TrimEnd('.')
            : SpreadsheetText.Problem(text) is string error ? error.TrimEnd('.')
            : IsSchemeAlone(header.Name, text) ? "has an authentication scheme but no value. Specify both, such as 'Bearer env:NAME'"
            : !NotAKey.IsAll(text, static c => c is >= ' ' and <= '~')
                ? "contains a line break or another character that is not allowed in a header. Remove it"
            : SecretRule.IsName(header.Name) ? KeyInHeader.Problem(header.Name, text, header.Value.Origin)?.TrimEnd('.')
            : null);
        if (problem is not null)
        {
            throw Guard.Invalid("Header", $"'{SecretMasker.Quote(header.Name)}' {problem}.");
        }
    }
}
