namespace KoreConnections.Client;

/// <summary>A text within JSON, and the path to it.</summary>
/// <param name="IsName">Whether it is the name of a property.</param>
internal readonly record struct JsonString(string Place, string Text, bool IsName)
{
    public static IEnumerable<JsonString> In(JsonElement element, string at = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            In(p.Value, $"{at}.{SecretMasker.Step(p.Name)}").Prepend(new JsonString(at, p.Name, IsName: true))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => In(item, $"{at}[{i}]")),
        JsonValueKind.String => [new JsonString(at, element.GetString()!, IsName: false)],
        _ => [],
    };
}
