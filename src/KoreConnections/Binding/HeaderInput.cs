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
            string text when PSValueConverter.IsJson(LostContent.Refuse(text, Parameter)) => PSValueConverter.Json(text, Parameter),
            string => throw Invalid("is not a table of headers."),
            var table => table,
        };
        bool isText = PSValueConverter.Unwrap(given) is string;
        return value is null ? null
            : PairOf(value) is null && PSValueConverter.Content(value) is { } headers ? headers.Select(p => Read(p.Key, p.Value, IsJson(value), keys)).ToArray()
            : PSValueConverter.List(value, Parameter)!.Select(Pair).ToArray();

        // JSON itself, or an object as ConvertFrom-Json gives it. In a table, $true is as PowerShell writes it.
        bool IsJson(object? headers) => isText || PSValueConverter.Unwrap(headers) is not IDictionary;

        Header Pair(object? item) =>
            PairOf(item) is (string name, var of) ? Read(name, of, IsJson(item), keys) : throw Invalid("contains an item that is not a header.");
    }

    private static Header Read(string name, object? value, bool isJson, KeyResolver keys)
    {
        object plain = PSValueConverter.Unwrap(value) ?? throw Invalid($"'{SecretMasker.Quote(name)}' has no value.");
        object? given = plain switch
        {
            // As a payload has them. A day alone is a version, as in a parameter.
            bool isOn when isJson => isOn ? "true" : "false",
            DateTimeOffset or DateTime { TimeOfDay.Ticks: > 0 } or DateTime { Kind: DateTimeKind.Utc } =>
                JsonInput.Value(plain, Parameter).GetString(),
            bool or IFormattable or Uri => PSValueConverter.Text(plain, Parameter),
            _ => plain,
        };
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
