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

    public static JsonNode? Redact(JsonNode? node) => Redact(node, "", isSecret: false);

    private static JsonNode? Redact(JsonNode? node, string name, bool isSecret)
    {
        switch (node)
        {
            case JsonObject item:
                // A header, or a variable with its value: the secret is named by a value, not by a property.
                bool isHeader = item.ContainsKey("key") && item.ContainsKey("value");
                bool isNamed = item["name"] is JsonValue called && called.TryGetValue(out string? text) && SecretRule.IsName(text);
                foreach (string property in item.Select(p => p.Key).ToArray())
                {
                    bool isValue = property is "value" or "defaultValue";
                    if (isHeader && property == "key" && !isSecret && IsName(item[property]))
                    {
                        continue;
                    }

                    Put(
                        item[property],
                        masked => item[property] = masked,
                        property,
                        (isSecret && !SecretRule.IsSchemaWord(property)) || (isValue && (isHeader || isNamed)) || SecretRule.IsName(property));
                }

                break;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    int at = i;
                    Put(items[i], masked => items[at] = masked, name, isSecret);
                }

                break;
        }

        return node;
    }

    private static bool IsName(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && !SecretRule.IsKeyAsName(text);

    private static void Put(JsonNode? node, Action<JsonNode> replace, string name, bool isSecret)
    {
        if (node is not JsonValue value)
        {
            Redact(node, name, isSecret);
        }
        else if (!value.TryGetValue(out string? text))
        {
            if (isSecret && value.GetValueKind() == JsonValueKind.Number && SecretRule.IsPin(value.ToJsonString()))
            {
                replace(JsonValue.Create(Mask));
            }
        }
        else if (text.Length > 0 && !IsFilledIn(text))
        {
            replace(
                JsonValue.Create(
                    isSecret || SecretRule.MayHold(name, text)
                        ? Mask
                        : SecretAddress.Replace(SecretRule.ReplaceKeys(text, static _ => Mask), static (_, _) => Mask)));
        }
    }

    // The platform fills it in.
    private static bool IsFilledIn(string text) => text.StartsWith("{{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal);
}
