namespace KoreConnections.Client;

/// <summary>A text within JSON, and the path to it.</summary>
/// <param name="Name">The name that says what a value is: its property's, or that of a list or table around it.</param>
/// <param name="IsName">Whether it is the name of a property.</param>
internal readonly record struct JsonString(string Place, string Name, string Text, bool IsName)
{
    public static IEnumerable<JsonString> In(JsonElement element, string at = "", string name = "")
    {
        JsonText.RequireStack();
        return element.ValueKind switch
        {
            JsonValueKind.Object =>
                from property in element.EnumerateObject()
                let place = $"{at}.{SecretMasker.Step(property.Name)}"
                let called = CarriedSecrets.NameOf(property.Name, name, other => LenientJson.Text(element, other))
                from text in In(property.Value, place, called).Prepend(new JsonString(place, "", property.Name, IsName: true))
                select text,
            JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => In(item, $"{at}[{i}]", name)),
            JsonValueKind.String => [new JsonString(at, name, element.GetString()!, IsName: false)],
            _ => [],
        };
    }
}
