namespace KoreConnections.Client;

/// <summary>Follows the platform's paths into an answer: dotted, with indexes, such as <c>content[0].text</c>.</summary>
internal static class ResponsePath
{
    public static JsonElement? Find(JsonElement answer, string path)
    {
        JsonElement? found = answer;
        foreach (string part in path.Replace("[", ".[").Split(['.'], StringSplitOptions.RemoveEmptyEntries))
        {
            found = found is not JsonElement parent ? null : part[0] == '[' ? Item(parent, part.Trim('[', ']')) : LenientJson.Property(parent, part);
        }

        return found;
    }

    public static string? Text(JsonElement answer, string? path) =>
        path is null || Find(answer, path) is not { ValueKind: not JsonValueKind.Null } found ? null
        : found.ValueKind == JsonValueKind.String ? LenientJson.Text(found)
        : found.GetRawText();

    public static long? Number(JsonElement answer, string? path) =>
        long.TryParse(Text(answer, path), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static JsonElement? Item(JsonElement parent, string index) =>
        parent.ValueKind == JsonValueKind.Array
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
            && at < parent.GetArrayLength()
            ? parent[at]
            : null;
}
