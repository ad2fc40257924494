namespace KoreConnections.Client;

/// <summary>Bounds what an answer becomes when it is read: an empty object has two bytes on the wire and takes hundreds in memory.</summary>
internal static class JsonSize
{
    // 100,000 connections have about 300,000 objects and arrays, and two million values.
    private const int MostContainers = 2_000_000;
    private const int MostValues = 5_000_000;

    /// <summary>What an answer has that is beyond the limit.</summary>
    public static string Excess { get; } =
        FormattableString.Invariant($"more than {MostContainers:N0} objects and arrays, or more than {MostValues:N0} values");

    /// <summary>Whether a text has no more elements than can be read. What is no JSON has none.</summary>
    public static bool IsWithin(ReadOnlySpan<byte> json)
    {
        // Each container has two characters, so that an ordinary answer is not looked at.
        if (json.Length / 2 <= MostContainers)
        {
            return true;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        int containers = 0;
        int values = 0;
        try
        {
            while (containers <= MostContainers && values <= MostValues && reader.Read())
            {
                containers += reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0;
                values += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray ? 0 : 1;
            }
        }
        catch (JsonException)
        {
            // Whichever reads it gets no further.
            return true;
        }

        return containers <= MostContainers && values <= MostValues;
    }
}
