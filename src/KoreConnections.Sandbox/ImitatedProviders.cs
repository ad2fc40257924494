namespace KoreConnections.Sandbox;

/// <summary>
/// OpenAI, Anthropic, Azure OpenAI and APIs of your own, as far as a key is verified with them. A key is accepted that has a
/// key's length and does not say of itself that it is wrong; a model exists whose name begins as the provider's own do.
/// </summary>
internal static class ImitatedProviders
{
    public const string Root = "/providers";

    private const int ShortestKey = 8;
    private const long Created = 1_715_367_049;

    private static readonly string[] WrongKeys = ["invalid", "revoked", "expired"];
    private static readonly string[] OpenAINames = ["gpt-", "chatgpt-", "chat-", "o1", "o3", "o4", "text-"];
    private static readonly (string Id, string? ShutDown)[] OpenAIModels =
        [("gpt-4", "2026-10-23"), ("gpt-4o", "2027-01-14"), ("gpt-5.4-mini", null), ("gpt-5.5", null)];
    private static readonly string[] AnthropicModels = ["claude-haiku-4-5-20251001", "claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-5-5"];
    // The days are seconds: 2027-04-14 and 2027-09-02.
    private static readonly (string Id, long? Inference)[] AzureModels =
        [("gpt-4o-2024-11-20", 1_807_660_800), ("gpt-5.4-2026-03-05", 1_819_843_200), ("gpt-5.5-2026-04-23", null)];

    // In which each of the three formats finds its text and its counts.
    private static readonly SandboxResponse Reply = new(
        200,
        """
        {
          "id": "sandbox-1",
          "object": "chat.completion",
          "choices": [{ "index": 0, "message": { "role": "assistant", "content": "OK" }, "finish_reason": "stop" }],
          "content": [{ "type": "text", "text": "OK" }],
          "candidates": [{ "content": { "parts": [{ "text": "OK" }] } }],
          "usage": { "prompt_tokens": 4, "completion_tokens": 1, "input_tokens": 4, "output_tokens": 1 },
          "usageMetadata": { "promptTokenCount": 4, "candidatesTokenCount": 1 }
        }
        """);

    public static SandboxResponse Answer(SandboxRequest request, string path)
    {
        string[] steps = path.Substring(Root.Length).Trim('/').Split('/');
        return (request.Method, steps) switch
        {
            ("GET", ["v1", "models", ..]) => request.Headers.ContainsKey("x-api-key") ? Anthropic(request, steps) : OpenAI(request, steps),
            ("GET", ["openai", "models"]) => Azure(request, null),
            ("POST", ["openai", "deployments", var deployment, "chat", "completions"]) => Azure(request, Uri.UnescapeDataString(deployment)),
            ("POST", _) => Own(request),
            _ => Refusal(404, "not_found", "There is nothing at this address."),
        };
    }

    private static SandboxResponse OpenAI(SandboxRequest request, string[] steps)
    {
        string key = (Header(request, "Authorization") ?? "").Split(' ').Last();
        return IsWrong(key) || Begins(key, "sk-ant-") ? Refusal(401, "invalid_api_key", "Incorrect API key provided.")
            : steps.Length == 2 ? List(OpenAIModels.Select(m => OpenAIModel(m.Id)))
            : Uri.UnescapeDataString(steps[2]) is var model && OpenAINames.Any(n => Begins(model, n)) ? SandboxResponse.Of(OpenAIModel(model))
            : Refusal(404, "model_not_found", "The model does not exist or you do not have access to it.");
    }

    private static SandboxResponse Anthropic(SandboxRequest request, string[] steps)
    {
        string key = Header(request, "x-api-key") ?? "";
        return IsWrong(key) || Begins(key, "sk-proj-") ? AnthropicRefusal(401, "authentication_error", "invalid x-api-key")
            : steps.Length == 2 ? List(AnthropicModels.Select(AnthropicModel))
            : Uri.UnescapeDataString(steps[2]) is var model && Begins(model, "claude-") ? SandboxResponse.Of(AnthropicModel(model))
            : AnthropicRefusal(404, "not_found_error", "There is no such model.");
    }

    // A deployment is there when it is named after a model, such as gpt-5.4-eu.
    private static SandboxResponse Azure(SandboxRequest request, string? deployment) =>
        IsWrong(Header(request, "api-key") ?? "") ? Refusal(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")
        : deployment is null ? List(AzureModels.Select(m => AzureModel(m.Id, m.Inference)))
        : OpenAINames.Any(n => Begins(deployment, n)) ? Reply
        : Refusal(404, "DeploymentNotFound", "The API deployment for this resource does not exist.");

    // Which of its headers holds the key is not known.
    private static SandboxResponse Own(SandboxRequest request) => request.Headers.Values.Any(SaysWrong)
        ? Refusal(401, "invalid_api_key", "The key is not accepted.")
        : Reply;

    private static bool IsWrong(string key) => key.Length < ShortestKey || SaysWrong(key);

    private static bool SaysWrong(string text) => WrongKeys.Any(w => text.IndexOf(w, StringComparison.OrdinalIgnoreCase) >= 0);

    private static bool Begins(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static string? Header(SandboxRequest request, string name) => request.Headers.TryGetValue(name, out string? value) ? value : null;

    private static JsonObject OpenAIModel(string id)
    {
        var model = new JsonObject { ["id"] = id, ["object"] = "model", ["created"] = Created, ["owned_by"] = "system" };
        if (OpenAIModels.FirstOrDefault(m => m.Id == id) is { Id: not null } known)
        {
            model["shutdown_date"] = known.ShutDown;
        }

        return model;
    }

    private static JsonObject AnthropicModel(string id) => new()
    {
        ["type"] = "model",
        ["id"] = id,
        ["display_name"] = id,
        ["created_at"] = "2026-02-17T00:00:00Z",
    };

    private static JsonObject AzureModel(string id, long? inference) => new()
    {
        ["id"] = id,
        ["object"] = "model",
        ["status"] = "succeeded",
        ["lifecycle_status"] = "generally-available",
        ["deprecation"] = new JsonObject { ["inference"] = inference },
        ["created_at"] = Created,
    };

    private static SandboxResponse List(IEnumerable<JsonObject> models) =>
        SandboxResponse.Of(new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models]), ["has_more"] = false });

    private static SandboxResponse Refusal(int status, string code, string message) =>
        SandboxResponse.Of(
            new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["code"] = code } }, status);

    private static SandboxResponse AnthropicRefusal(int status, string type, string message) =>
        SandboxResponse.Of(new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message } }, status);
}
