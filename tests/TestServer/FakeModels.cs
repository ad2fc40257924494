using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Support;

/// <summary>
/// What the providers' documents say of their lists of models: OpenAI with, without and with odd shutdown dates, Anthropic
/// in pages, Azure with its seconds. A key of the situation "models" is answered from here.
/// </summary>
internal static class FakeModels
{
    /// <summary>The situation of a key that sees these models.</summary>
    public const string Situation = "models";

    private const int AnthropicPage = 2;

    // https://developers.openai.com/api/reference/resources/models
    private static readonly Dictionary<string, JsonNode?> OpenAI = new()
    {
        ["gpt-4"] = "2026-10-23",
        ["gpt-4o"] = "2027-03-31",
        ["gpt-5.5"] = null,
        ["odd-text"] = "soon",
        ["odd-number"] = 20261023,
        ["odd-day"] = "2026-02-30",
    };

    private static readonly string[] Anthropic =
        ["claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001", "claude-opus-4-7"];

    // https://learn.microsoft.com/rest/api/azureopenai/models/list
    private static readonly (string Id, long? Inference)[] Azure =
        [("gpt-4o-2024-05-13", 1790812800), ("gpt-4o-2024-11-20", 1893456000), ("gpt-35-turbo-0125", 1771027200), ("gpt-5.4-2026-03-05", null)];

    private static readonly Dictionary<string, string> Deployments = new()
    {
        ["old"] = "gpt-4o-2024-05-13",
        ["new"] = "gpt-4o-2024-11-20",
        ["turbo"] = "gpt-3.5-turbo-0125",
        ["open"] = "gpt-5.4-2026-03-05",
        ["unlisted"] = "gpt-4.1-2025-04-14",
        ["own"] = "a-model-of-ours",
    };

    /// <summary>Whether a list is asked for: any good key gets one.</summary>
    public static bool IsList(string path) => path.EndsWith("/v1/models", StringComparison.Ordinal) || path.EndsWith("/openai/models", StringComparison.Ordinal);

    /// <summary>The list for a good key, without the odd ones; else a refusal.</summary>
    public static (int Status, string Body) AnswerList(string situation, Asked asked, string path)
    {
        if (situation == "empty")
        {
            return (200, """{"object":"list","data":[]}""");
        }

        if (situation != "good")
        {
            return (401, new JsonObject { ["error"] = new JsonObject { ["message"] = "Incorrect API key provided.", ["code"] = "invalid_api_key" } }.ToJsonString());
        }

        JsonNode list = JsonNode.Parse(Answer(asked, path).Body)!;
        list["data"] = new JsonArray([.. list["data"]!.AsArray().Where(m => ((string)m!["id"]!).Contains('-', StringComparison.Ordinal) && !((string)m["id"]!).StartsWith("odd", StringComparison.Ordinal)).Select(m => m!.DeepClone())]);
        return (200, list.ToJsonString());
    }

    public static (int Status, string Body) Answer(Asked asked, string path)
    {
        string last = path.Split('/')[^1];
        return path switch
        {
            _ when path.EndsWith("/openai/models", StringComparison.Ordinal) => (200, AzureList()),
            _ when path.Contains("/openai/deployments/", StringComparison.Ordinal) => (200, Completion(path.Split('/')[^3])),
            _ when path.EndsWith("/v1/models", StringComparison.Ordinal) && asked.Headers.ContainsKey("x-api-key") => (200, AnthropicPageOf(Query(asked, "after_id"))),
            _ when path.EndsWith("/v1/models", StringComparison.Ordinal) => (200, OpenAIList()),
            _ when asked.Headers.ContainsKey("x-api-key") => Anthropic.Contains(last)
                ? (200, AnthropicModel(last).ToJsonString())
                : (404, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = "not_found_error", ["message"] = "model: " + last } }.ToJsonString()),
            _ => OpenAI.ContainsKey(last)
                ? (200, OpenAIModel(last).ToJsonString())
                : (404, new JsonObject { ["error"] = new JsonObject { ["message"] = $"The model '{last}' does not exist", ["type"] = "invalid_request_error", ["code"] = "model_not_found" } }.ToJsonString()),
        };
    }

    private static string OpenAIList() =>
        new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. OpenAI.Keys.Select(OpenAIModel), new JsonObject { ["id"] = "compatible", ["object"] = "model", ["created"] = 1715367049, ["owned_by"] = "us" }]) }.ToJsonString();

    private static JsonObject OpenAIModel(string id) =>
        new() { ["id"] = id, ["object"] = "model", ["created"] = 1715367049, ["owned_by"] = "system", ["shutdown_date"] = OpenAI[id]?.DeepClone() };

    private static string AnthropicPageOf(string? after)
    {
        string[] page = [.. Anthropic.Skip(after is null ? 0 : Array.IndexOf(Anthropic, after) + 1).Take(AnthropicPage)];
        return new JsonObject
        {
            ["data"] = new JsonArray([.. page.Select(AnthropicModel)]),
            ["has_more"] = page.Length > 0 && page[^1] != Anthropic[^1],
            ["first_id"] = page.FirstOrDefault(),
            ["last_id"] = page.LastOrDefault(),
        }.ToJsonString();
    }

    private static JsonObject AnthropicModel(string id) =>
        new() { ["type"] = "model", ["id"] = id, ["display_name"] = "Claude", ["created_at"] = "2026-02-17T00:00:00Z" };

    private static string AzureList() => new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. Azure.Select(m => new JsonObject
        {
            ["status"] = "succeeded",
            ["lifecycle_status"] = "generally-available",
            ["deprecation"] = new JsonObject { ["inference"] = m.Inference },
            ["id"] = m.Id,
            ["created_at"] = 1715367049,
            ["object"] = "model",
        })]),
    }.ToJsonString();

    private static string Completion(string deployment) => new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["model"] = Deployments.GetValueOrDefault(deployment),
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "OK" }, ["finish_reason"] = "length" }),
    }.ToJsonString();

    private static string? Query(Asked asked, string name) => asked.Target.Split('?', '&').Skip(1)
        .Select(p => p.Split('=')).Where(p => p[0] == name).Select(p => Uri.UnescapeDataString(p[1])).FirstOrDefault();
}
