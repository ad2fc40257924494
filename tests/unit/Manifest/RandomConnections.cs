using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>Connections with texts of all kinds, and what a platform may have made of them.</summary>
internal static class RandomConnections
{
    public static JsonArray Make(Random random) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => (JsonNode)Connection(random, $"Own {i}"))];

    public static JsonObject Connection(Random random, string name)
    {
        var own = new JsonObject { ["provider"] = "API", ["name"] = name, ["endpointUrl"] = "https://llm.example.com/v1" };
        if (random.Next(4) == 0)
        {
            own["header"] = new JsonObject { ["Accept"] = "application/json" };
        }

        own["payload"] = new JsonObject { ["p"] = "{{prompt}}" };
        for (int i = random.Next(4); i > 0; i--)
        {
            own["payload"]![$"k{i}"] = Value(random, 0);
        }

        own["outputPath"] = "content[0].text";
        if (random.Next(3) == 0)
        {
            own["customVariable"] = new JsonArray(new JsonObject { ["name"] = "tone", ["defaultValue"] = Text(random) }, "plain");
        }

        if (random.Next(2) == 0)
        {
            own["payload"] = new JsonObject { ["t"] = Text(random), ["p"] = "{{prompt}}" };
        }

        // In any order, so that each kind of value is the last of a table.
        return new JsonObject(own.OrderBy(_ => random.Next()).Select(e => new KeyValuePair<string, JsonNode?>(e.Key, e.Value?.DeepClone())));
    }

    public static JsonNode? Value(Random random, int depth) => random.Next(depth > 2 ? 6 : 9) switch
    {
        0 => JsonValue.Create(random.Next(100)),
        1 => random.Next(2) == 0 ? JsonValue.Create(true) : null,
        < 6 => Text(random),
        < 8 => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => new KeyValuePair<string, JsonNode?>($"n{i}", Value(random, depth + 1)))),
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
    };

    public static JsonNode Text(Random random) => JsonValue.Create(string.Join(
        "\n",
        Enumerable.Range(0, random.Next(3) == 0 ? 1 : random.Next(1, 5)).Select(_ => Line(random))) + (random.Next(3) == 0 ? "\n" : ""));

    private static string Line(Random random) => random.Next(20) switch
    {
        0 => "",
        1 => "  deeper",
        2 => "trailing ",
        3 => "tab\tbetween",
        4 => "- item: {x}",
        5 => "# no comment",
        6 => "   ",
        7 => "key: value # no comment",
        8 => "\"quoted\" and 'quoted'",
        9 => "--- no document",
        10 => "...",
        11 => "\ttab",
        _ => "word" + random.Next(10) + " more",
    };

    /// <summary>Some connections of a file changed, some gone, perhaps one more.</summary>
    /// <returns>With the names of those that are as they were.</returns>
    public static (IReadOnlyList<Connection> Platform, IReadOnlyList<string> Unchanged) Platform(Random random, MergedFile file)
    {
        var platform = new List<Connection>();
        var unchanged = new List<string>();
        foreach (string name in file.Names)
        {
            int changes = random.Next(3) == 0 ? 0 : random.Next(1, 4);
            JsonObject body = file.Body(name);
            for (int i = 0; i < changes; i++)
            {
                Change(random, body);
            }

            if (changes == 0)
            {
                unchanged.Add(name);
            }

            if (changes > 0 || random.Next(2) == 0)
            {
                platform.Add(MergedFile.Connection(body));
            }
        }

        if (random.Next(3) == 0)
        {
            string added = new JsonObject { ["connections"] = new JsonArray(Connection(random, "Added")) }.ToJsonString();
            platform.Add(MergedFile.Connection(MergedFile.Read(added, out _)!.Body("Added")));
        }

        return (platform, unchanged);
    }

    private static void Change(Random random, JsonObject body)
    {
        switch (random.Next(12))
        {
            case 0:
                body["inputTokensPath"] = $"usage.in{random.Next(9)}";
                break;
            case 1 when body["customVars"] is JsonArray { Count: > 0 } variables:
                variables[random.Next(variables.Count)]!["defaultValue"] = Text(random);
                break;
            case 1:
                body["customVars"] = new JsonArray(new JsonObject { ["name"] = "tone", ["displayName"] = "tone", ["defaultValue"] = Text(random) });
                break;
            case 2:
                body["outputPath"] = "other[1]";
                break;
            case 3:
                body["status"] = "DRAFT";
                break;
            case 4:
                body["headers"] = new JsonArray(new JsonObject { ["key"] = "Accept", ["value"] = "text/plain" });
                break;
            default:
                JsonNode[] nodes = [.. Nodes(body["payload"]!)];
                ChangeNode(random, nodes[random.Next(nodes.Length)]);
                break;
        }
    }

    private static void ChangeNode(Random random, JsonNode node)
    {
        JsonNode? text = random.Next(4) == 0 ? Value(random, 1) : Text(random);
        if (node is JsonObject table)
        {
            string key = table.Count == 0 ? "" : table.ElementAt(random.Next(table.Count)).Key;
            int what = random.Next(8);
            if (what == 0)
            {
                table.Remove(key);
            }
            else if (key.Length == 0 || what < 3)
            {
                table["added" + random.Next(3)] = text;
            }
            else if (table[key] is not (JsonObject or JsonArray) || what == 3)
            {
                table[key] = text;
            }
        }
        else if (node is JsonArray { Count: > 0 } list && random.Next(6) > 0)
        {
            int i = random.Next(list.Count);
            list[i] = list[i] is JsonObject or JsonArray ? list[i]!.DeepClone() : text;
        }
        else
        {
            node.AsArray().Add(text);
        }
    }

    // All tables and lists.
    private static IEnumerable<JsonNode> Nodes(JsonNode node) =>
        (node is JsonObject table ? table.Select(e => e.Value) : node.AsArray())
            .Where(n => n is JsonObject or JsonArray)
            .SelectMany(n => Nodes(n!))
            .Prepend(node);
}
