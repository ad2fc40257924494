using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KoreConnections.Tests.Support;

/// <summary>A request as a provider saw it.</summary>
internal sealed record Asked(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// OpenAI, Anthropic, Azure OpenAI and an API of one's own on loopback, with the answers that their documents describe.
/// Which of them a request gets, the key says: each is made for one situation.
/// </summary>
internal sealed class FakeProviders : IDisposable
{
    private readonly TestServer _server;

    public FakeProviders()
    {
        _server = new TestServer(AnswerAsync);
        BaseUri = new UriBuilder(_server.BaseUri) { Host = "localhost" }.Uri;
    }

    public Uri BaseUri { get; }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>What happens in place of an answer, by the request; null to answer.</summary>
    public Func<Asked, (int Status, string Body)?> Instead { get; set; } = _ => null;

    /// <summary>A key that is answered as the situation's name says.</summary>
    public static string Key(string situation) => $"sk-{situation}-4f1c7a90b2MQAA";

    public void Dispose() => _server.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        Requests.Enqueue(asked);
        (int status, string body) = Instead(asked) ?? Answer(asked);
        if (status == 0)
        {
            // No answer: the caller's patience decides.
            await TestServer.NeverAsync(context.RequestAborted);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = body.StartsWith('<') ? "text/html" : "application/json";
        context.Response.Headers["x-request-id"] = "req_fake";
        if (status is 302 or 307)
        {
            context.Response.Headers.Location = new Uri(BaseUri, "/elsewhere").AbsoluteUri;
        }

        await context.Response.WriteAsync(body);
    }

    private static (int Status, string Body) Answer(Asked asked)
    {
        string key = asked.Headers.GetValueOrDefault("Authorization") ?? asked.Headers.GetValueOrDefault("x-api-key") ?? asked.Headers.GetValueOrDefault("api-key") ?? asked.Headers.GetValueOrDefault("x-goog-api-key") ?? "";
        key = key.Split(' ')[^1];
        string situation = (key.StartsWith("sk-", StringComparison.Ordinal) ? key[3..] : key).Split('-')[0];
        switch (situation)
        {
            case "html":
                return (200, $"<html><body>Sign in. You sent {key}</body></html>");
            case "redirect":
                return (307, "");
            case "silent":
                return (0, "");
            case "down":
                return (503, "<html>The service is not available</html>");
        }

        string path = asked.Target.Split('?')[0];
        return path switch
        {
            _ when situation == FakeModels.Situation => FakeModels.Answer(asked, path),
            _ when FakeModels.IsList(path) => FakeModels.AnswerList(situation, asked, path),
            _ when path.Contains("/openai/deployments/", StringComparison.Ordinal) => Azure(situation, key, path, asked),
            _ when path.Contains("/v1/models/", StringComparison.Ordinal) && asked.Headers.ContainsKey("x-api-key") => Anthropic(situation, path, asked),
            _ when path.Contains("/v1/models/", StringComparison.Ordinal) => OpenAI(situation, key, path),
            _ when path.Contains("/gemini", StringComparison.Ordinal) => Gemini(situation),
            _ when path.Contains("/chat/completions", StringComparison.Ordinal) => Chat(situation, key, asked),
            _ when path.Contains("/messages", StringComparison.Ordinal) => Messages(situation),
            _ => Own(situation, key, asked),
        };
    }

    // https://platform.openai.com/docs/guides/error-codes, and the bodies that its libraries show.
    private static (int Status, string Body) OpenAI(string situation, string key, string path) => situation switch
    {
        "good" => (200, $$"""{"id":"{{path.Split('/')[^1]}}","object":"model","created":1715367049,"owned_by":"system"}"""),
        "nomodel" => (404, OpenAIError($"The model '{path.Split('/')[^1]}' does not exist or you do not have access to it.", "invalid_request_error", "model_not_found")),
        "noproject" => (403, OpenAIError("Project `proj_1` does not have access to model `gpt-4o`", "invalid_request_error", "model_not_found")),
        "restricted" => (403, OpenAIError("You have insufficient permissions for this operation. Missing scopes: api.model.read.", "invalid_request_error", null)),
        "restricted401" => (401, OpenAIError("You have insufficient permissions for this operation. Missing scopes: api.model.read.", "invalid_request_error", null)),
        "country" => (403, OpenAIError("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory")),
        "address" => (401, OpenAIError("Your IP address is not on the list of your organization", "invalid_request_error", "ip_not_authorized")),
        "slow" => (429, OpenAIError("Rate limit reached for requests", "requests", "rate_limit_exceeded")),
        "revoked" => (401, OpenAIError("Incorrect API key provided.", "invalid_request_error", "invalid_api_key")),
        "quota" => (429, OpenAIError("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota")),
        _ => (401, OpenAIError($"Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/account/api-keys.", "invalid_request_error", "invalid_api_key")),
    };

    // https://docs.anthropic.com/en/api/errors
    private static (int Status, string Body) Anthropic(string situation, string path, Asked asked) =>
        asked.Headers.GetValueOrDefault("anthropic-version") != "2023-06-01" ? (400, AnthropicError("invalid_request_error", "anthropic-version: header is required"))
        : situation switch
        {
            "good" => (200, $$"""{"type":"model","id":"{{path.Split('/')[^1]}}","display_name":"A model","created_at":"2024-10-22T00:00:00Z"}"""),
            "nomodel" => (404, AnthropicError("not_found_error", "model: " + path.Split('/')[^1])),
            "noaccess" => (403, AnthropicError("permission_error", "Your API key does not have permission to use the specified resource.")),
            "country" => (403, AnthropicError("forbidden", "Request not allowed")),
            "slow" => (429, AnthropicError("rate_limit_error", "This request would exceed your account's rate limit.")),
            "overloaded" => (529, AnthropicError("overloaded_error", "Overloaded")),
            _ => (401, AnthropicError("authentication_error", "invalid x-api-key")),
        };

    // https://learn.microsoft.com/azure/ai-services/openai/reference, and the bodies that its forums show.
    private static (int Status, string Body) Azure(string situation, string key, string path, Asked asked)
    {
        JsonNode body = JsonNode.Parse(asked.Body)!;
        string deployment = path.Split('/')[^3];
        return situation switch
        {
            "good" when deployment is "none" or "payroll" => (404, AzureError("DeploymentNotFound", "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.")),
            "good" when deployment == "newer" && body["max_tokens"] is not null => (400, OpenAIError("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "invalid_request_error", "unsupported_parameter")),
            "good" when deployment == "neither" => (400, OpenAIError($"Unrecognized request argument supplied: {(body["max_tokens"] is null ? "max_completion_tokens" : "max_tokens")}", "invalid_request_error", null)),
            "good" when deployment == "thinks" => body["max_tokens"] is not null
                ? (400, OpenAIError("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "invalid_request_error", "unsupported_parameter"))
                : (400, OpenAIError("Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.", "invalid_request_error", null)),
            "good" when deployment == "embedding" => (400, AzureError("OperationNotSupported", "The chatCompletion operation does not work with the specified model, text-embedding-ada-002.")),
            "good" => (200, Completion),
            "filtered" => (400, AzureError("content_filter", "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.")),
            "odd" => (400, AzureError("BadRequest", "The body is not valid")),
            "firewall" => (403, AzureError("AccessDenied", "Access denied due to Virtual Network/Firewall rules.")),
            "nokeys" => (403, AzureError("AuthenticationTypeDisabled", "Key based authentication is disabled for this resource.")),
            "version" => (404, AzureError("404", "Resource not found")),
            "slow" => (429, AzureError("429", "Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your current OpenAI S0 pricing tier.")),
            _ => (401, $$"""{ "statusCode": 401, "message": "Access denied due to invalid subscription key or wrong API endpoint. {{key}}" }"""),
        };
    }

    private static (int Status, string Body) Chat(string situation, string key, Asked asked) => situation switch
    {
        "good" => (200, Completion),
        "newer" when JsonNode.Parse(asked.Body)!["max_tokens"] is not null => (400, OpenAIError("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "invalid_request_error", "unsupported_parameter")),
        "newer" => (200, Completion),
        _ => OpenAI(situation, key, asked.Target),
    };

    private static (int Status, string Body) Messages(string situation) => situation switch
    {
        "good" => (200, """{"id":"msg_1","type":"message","content":[{"type":"text","text":"OK"}],"usage":{"input_tokens":12,"output_tokens":1}}"""),
        "nomodel" => (404, AnthropicError("not_found_error", "model: claude-none")),
        _ => (401, AnthropicError("authentication_error", "invalid x-api-key")),
    };

    private static (int Status, string Body) Gemini(string situation) => situation == "good"
        ? (200, """{"candidates":[{"content":{"parts":[{"text":"OK"}],"role":"model"}}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1}}""")
        : (400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}""");

    private static (int Status, string Body) Own(string situation, string key, Asked asked) => situation switch
    {
        "good" => (200, $$$"""{"content":[{"text":"You asked: {{{JsonNode.Parse(asked.Body)!["prompt"]}}}"}],"usage":{"input_tokens":7,"output_tokens":"3"}}"""),
        "echo" => (200, $$$"""{"content":[{"text":"Your key is {{{key}}}"}],"usage":{}}"""),
        "elsewhere" => (200, """{"result":"OK"}"""),
        "forbidden" => (403, """{"detail":"Not for you"}"""),
        "slow" => (429, """{"message":"Slow down"}"""),
        "wrong" => (422, """{"detail":"Field required"}"""),
        "nowhere" => (404, "<html>Not found</html>"),
        _ => (401, $$"""{"message":"No such key: {{key}}"}"""),
    };

    private const string Completion = """{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"length"}],"usage":{"prompt_tokens":11,"completion_tokens":1}}""";

    private static string OpenAIError(string message, string type, string? code) =>
        new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = code } }.ToJsonString();

    private static string AnthropicError(string type, string message) =>
        new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = message }, ["request_id"] = "req_011fake" }.ToJsonString();

    private static string AzureError(string code, string message) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString();
}
