using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KoreConnections.Sandbox;

/// <summary>Takes keys out of what is kept: values of headers and of properties whose names speak of a secret.</summary>
internal static class Redaction
{
    private static readonly string[] Endings = ["key", "token", "secret", "password", "authorization"];

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

    public static JsonNode? Redact(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                bool isHeader = item.ContainsKey("key") && item.ContainsKey("value");
                foreach (string name in item.Select(p => p.Key).ToArray())
                {
                    if (item[name] is JsonValue && (isHeader ? name == "value" : Endings.Any(e => name != "key" && name.EndsWith(e, StringComparison.OrdinalIgnoreCase))))
                    {
                        item[name] = new string('*', 15);
                    }
                    else
                    {
                        Redact(item[name]);
                    }
                }

                break;
            case JsonArray items:
                foreach (JsonNode? child in items)
                {
                    Redact(child);
                }

                break;
        }

        return node;
    }
}
