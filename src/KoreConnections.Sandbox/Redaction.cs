using KoreConnections.Client;

namespace KoreConnections.Sandbox;

/// <summary>Takes keys out of what is kept, by the rule of the client.</summary>
internal static class Redaction
{
    private static readonly string Mask = new('*', 15);

    /// <summary>A body for the log of requests; text that is no JSON, or names a property twice, is not kept at all.</summary>
    public static JsonNode? OfBody(string body)
    {
        try
        {
            return Redact(JsonNode.Parse(body));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return body.Length == 0 ? null : JsonValue.Create($"({body.Length} characters)");
        }
    }

    /// <summary>A text, which may be or have JSON and addresses.</summary>
    public static string OfText(string text) => SecretRule.ReplaceKeys(
        PastedKey.Replace(SecretAddress.ReplaceInText(SecretJson.Replace(text, static _ => Mask), static (_, _) => Mask), OfKeyInText), static _ => Mask);

    // As the client reads it, which would take another mask for another text.
    private static string OfKeyInText(string key) =>
        NameShape.IsName(key) ? key : key.Substring(0, 2) + Mask + (key.Length < 20 ? "" : key.Substring(key.Length - 4));

    public static JsonNode? Redact(JsonNode? node) => node is JsonValue ? node.DeepClone() : Redact(node, "", isSecret: false);

    private static JsonNode? Redact(JsonNode? node, string name, bool isSecret) => node switch
    {
        JsonObject item => Redact(item, name, isSecret),
        JsonArray items => new JsonArray([.. items.Select(i => Redact(i, name, isSecret))]),
        JsonValue value when value.TryGetValue(out string? text) => Redact(text, name, isSecret),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && (isSecret || SecretRule.IsName(name))
            && SecretRule.IsPin(value.ToJsonString()) => Mask,
        _ => node?.DeepClone(),
    };

    // A header, or a variable with its value: the secret is named by a value, not by a property.
    private static JsonObject Redact(JsonObject item, string of, bool isSecret)
    {
        bool isHeader = item.ContainsKey("key") && item.ContainsKey("value");
        string? named = ConnectionStore.Text(item, "name") is string name && SecretRule.IsName(name) ? name : null;
        bool isHeaderNamed = isHeader && !isSecret && !SecretRule.IsName(of)
            && ConnectionStore.Text(item, "key") is string header && !SecretRule.IsKeyAsName(header);
        return new JsonObject(item.Select(p => new KeyValuePair<string, JsonNode?>(
            p.Key, isHeaderNamed && p.Key == "key" ? p.Value?.DeepClone() : Redact(p.Value, NameOf(p.Key), isSecret || (isHeader && IsValue(p.Key))))));

        string NameOf(string property) => named is not null && IsValue(property) ? named : SecretRule.NameIn(of, property);

        static bool IsValue(string property) => property is "value" or "defaultValue";
    }

    // What is in braces, the platform fills in.
    private static string Redact(string text, string name, bool isSecret) =>
        text.Length == 0 || (text.StartsWith("{{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal)) ? text
        : isSecret || SecretRule.MayHold(name, text) ? Mask
        : OfText(text);
}
