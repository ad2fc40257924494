using System.Text.Json.Nodes;
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
    public static string OfText(string text) =>
        SecretRule.ReplaceKeys(SecretAddress.Replace(SecretJson.Replace(text, static _ => Mask), static (_, _) => Mask), static _ => Mask);

    public static JsonNode? Redact(JsonNode? node) => node is JsonValue ? node.DeepClone() : Redact(node, "", isSecret: false);

    private static JsonNode? Redact(JsonNode? node, string name, bool isSecret) => node switch
    {
        JsonObject item => Redact(item, isSecret),
        JsonArray items => new JsonArray([.. items.Select(i => Redact(i, name, isSecret))]),
        JsonValue value when value.TryGetValue(out string? text) => Redact(text, name, isSecret),
        JsonValue value when isSecret && value.GetValueKind() == JsonValueKind.Number && SecretRule.IsPin(value.ToJsonString()) => Mask,
        _ => node?.DeepClone(),
    };

    // A header, or a variable with its value: the secret is named by a value, not by a property.
    private static JsonObject Redact(JsonObject item, bool isSecret)
    {
        bool isHeader = item.ContainsKey("key") && item.ContainsKey("value");
        bool isNamed = ConnectionStore.Text(item, "name") is string named && SecretRule.IsName(named);
        bool isHeaderNamed = isHeader && !isSecret && ConnectionStore.Text(item, "key") is string header && !SecretRule.IsKeyAsName(header);
        return new JsonObject(item.Select(p => new KeyValuePair<string, JsonNode?>(
            p.Key, isHeaderNamed && p.Key == "key" ? p.Value?.DeepClone() : Redact(p.Value, p.Key, IsSecret(p.Key)))));

        bool IsSecret(string property) =>
            (isSecret && !SecretRule.IsSchemaWord(property))
            || (property is "value" or "defaultValue" && (isHeader || isNamed))
            || SecretRule.IsName(property);
    }

    // What is in braces, the platform fills in.
    private static string Redact(string text, string name, bool isSecret) =>
        text.Length == 0 || (text.StartsWith("{{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal)) ? text
        : isSecret || SecretRule.MayHold(name, text) ? Mask
        : OfText(text);
}
