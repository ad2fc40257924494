namespace KoreConnections.Client;

/// <summary>
/// Reads JSON that came from outside. Half of a surrogate pair, escaped, is valid in its grammar, and .NET throws where it
/// meets one: an answer that was cut after one token can end in it.
/// </summary>
internal static class LenientJson
{
    /// <summary>A text as JSON; null for anything else.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A property, or null for none of that name and for what is no object.</summary>
    public static JsonElement? Property(JsonElement parent, string name) => parent.ValueKind != JsonValueKind.Object ? null
        : parent.EnumerateObject().Where(p => Read(() => p.NameEquals(name), false)).Select(p => (JsonElement?)p.Value).LastOrDefault();

    public static string Text(JsonElement text) => Read(() => text.GetString() ?? "", "\uFFFD");

    public static string? Text(JsonElement parent, string name) => Property(parent, name) is { ValueKind: JsonValueKind.String } text ? Text(text) : null;

    public static bool IsAt(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static T Read<T>(Func<T> read, T unreadable)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return unreadable;
        }
    }
}
