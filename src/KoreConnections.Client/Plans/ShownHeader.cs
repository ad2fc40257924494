namespace KoreConnections.Client;

/// <summary>A header of a custom API as the platform shows it.</summary>
/// <param name="Name">Its name; empty where it has none.</param>
/// <param name="Content">What it has as its value, of whichever kind.</param>
internal sealed record ShownHeader(string Name, object? Content)
{
    /// <summary>What stands in a list of headers for those of which nobody knows the names.</summary>
    public const string Unreadable = "any that cannot be read";

    /// <summary>Its value or the mask of it; null where it has none that is a single value.</summary>
    public string? Value => ActualValues.Scalar(Content);

    public bool IsMasked => Value is string value && SecretMasker.IsMasked(value.AsSpan());

    /// <summary>Whether its value is shown, so that it can be sent again. Else it may be a key.</summary>
    public bool IsPlain => Value is { Length: > 0 } && !IsMasked;

    public bool IsCalled(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it shows a value, of a mask by its end; null where it shows too little.</summary>
    public bool? Shows(Secret value) => Value is not string shown ? null
        : IsMasked ? MaskMatcher.Confirms(shown, value)
        : value.Read(text => text.SequenceEqual(shown.AsSpan()));

    /// <summary>The headers where the API documents them; null where it returns none, which need not mean that there are none.</summary>
    public static IReadOnlyList<ShownHeader>? Of(Connection connection) => In(ActualValues.Of(connection, CustomApiFields.Header));

    public static IReadOnlyList<ShownHeader>? In(object? list) =>
        ActualValues.Tables(list)?.Select(t => new ShownHeader(ActualValues.Scalar(t["key"]) ?? "", t["value"])).ToArray();

    /// <summary>The headers in all places where the platform has them; null as above.</summary>
    /// <param name="isReadable">Whether they have the documented form. Else only the platform knows their names.</param>
    public static IReadOnlyList<ShownHeader>? All(Connection connection, out bool isReadable)
    {
        object[] places = [.. PlacesIn(connection.AdditionalProperties), .. PlacesIn(connection.Fields)];
        isReadable = places.All(headers => headers is not (string { Length: > 0 } or IDictionary { Count: > 0 })
            && (headers is not object?[] items || items.All(IsReadable)));
        var all = new List<ShownHeader>();
        foreach (object headers in places)
        {
            // One that two places have is one.
            HashSet<string> known = new(all.Select(h => h.Name), StringComparer.OrdinalIgnoreCase);
            all.AddRange((In(headers) ?? []).Where(h => !known.Contains(h.Name)));
        }

        return places.Length == 0 ? null : all;
    }

    // A row that nobody filled in is nothing to lose.
    private static bool IsReadable(object? header) => header is IDictionary table
        && (table["key"] is string { Length: > 0 } || (table.Contains("key") && table.Values.Cast<object?>().All(v => v is null or "" or bool)));

    // Elsewhere they are not the connection's, but such as those of the response to its last test.
    private static IEnumerable<object> PlacesIn(IDictionary? table) => table is null ? [] : table.Cast<DictionaryEntry>()
        .SelectMany(e => ((string)e.Key).ToLowerInvariant() switch
        {
            "headers" when e.Value is object headers => [headers],
            "fields" or "config" or "request" => PlacesIn(e.Value as IDictionary),
            _ => Enumerable.Empty<object>(),
        });
}
