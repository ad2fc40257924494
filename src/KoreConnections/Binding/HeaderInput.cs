namespace KoreConnections.Commands;

/// <summary>Reads headers from a table of names and values, from a list of key/value objects, or from JSON of either.</summary>
internal static class HeaderInput
{
    public const string Parameter = "Header";

    private const string Accepted = "Use a hashtable (@{ 'x-api-key' = 'env:NAME' }), a list of objects with key and value, or JSON of either.";

    public static IReadOnlyList<Header>? Read(object? given, KeyResolver keys)
    {
        object? value = PSValueConverter.Unwrap(given) switch
        {
            string text when string.IsNullOrWhiteSpace(text) => null,
            string text => PSValueConverter.IsJson(text) ? PSValueConverter.Json(text, Parameter) : throw Invalid("is not a table of headers."),
            var table => table,
        };
        return value is null ? null
            : PairOf(value) is null && PSValueConverter.Content(value) is { } headers ? headers.Select(p => Header(p.Key, p.Value, keys)).ToArray()
            : PSValueConverter.List(value, Parameter)!.Select(item => Pair(item, keys)).ToArray();
    }

    private static Header Pair(object? item, KeyResolver keys) =>
        PairOf(item) is (string name, var value) ? Header(name, value, keys) : throw Invalid("contains an item that is not a header.");

    private static Header Header(string name, object? value, KeyResolver keys)
    {
        object plain = PSValueConverter.Unwrap(value) ?? throw Invalid($"'{SecretMasker.Quote(name)}' has no value.");
        object? given = plain is bool or IFormattable ? PSValueConverter.Text(plain, Parameter) : plain;
        return new Header(name, keys.Resolve(given, Parameter, SecretRule.IsName(name))) { IsGivenAsSecret = given is SecureString or PSCredential };
    }

    private static (string Name, object? Value)? PairOf(object? item)
    {
        ILookup<string, object?> values = (PSValueConverter.Content(item) ?? []).ToLookup(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);
        return values.Contains("key") && values.Contains("value")
            ? (PSValueConverter.Text(values["key"].First(), Parameter) ?? "", values["value"].First())
            : null;
    }

    private static KoreException Invalid(string problem) => Guard.Invalid(Parameter, $"{problem} {Accepted}");
}
