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
    public static JsonElement? Property(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            found = IsNamed(property, name) ? property.Value : found;
        }

        return found;
    }

    public static string Text(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    public static string? Text(JsonElement parent, string name) => Property(parent, name) is { ValueKind: JsonValueKind.String } text ? Text(text) : null;

    public static bool IsAt(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        // Only escapes can go wrong, and hardly any name has one.
        reader.ValueIsEscaped ? IsAtEscaped(ref reader, name) : reader.ValueTextEquals(name);

    private static bool IsAtEscaped(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
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

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
