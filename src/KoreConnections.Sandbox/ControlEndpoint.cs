namespace KoreConnections.Sandbox;

/// <summary>
/// What steers the sandbox from outside its process, for curl and for test scripts: keys, the log of requests, faults,
/// the document's generation. It takes a key of the sandbox that may change connections.
/// </summary>
internal sealed class ControlEndpoint(KeyRing keys, FaultInjector faults, RequestLog log, SandboxOptions options)
{
    public const string Root = "/sandbox/";

    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public SandboxResponse Answer(SandboxRequest request, string path)
    {
        try
        {
            RefuseOthers(request);
            return (request.Method, path.Substring(Root.Length)) switch
            {
                ("POST", "keys") => SandboxResponse.Of(IssueKey(Body(request)), 201),
                ("GET", "requests") => SandboxResponse.Of(JsonSerializer.SerializeToNode(log.Requests, CamelCase)),
                ("DELETE", "requests") => Done(log.Clear),
                ("POST", "faults") => Done(() => faults.Add(ReadFault(Body(request)))),
                ("DELETE", "faults") => Done(faults.Clear),
                ("PUT", "generation") =>
                    Done(() => options.Generation = (string?)Body(request)["generation"] == "first" ? ApiGeneration.First : ApiGeneration.Second),
                _ => throw ApiError.NotFound("The address"),
            };
        }
        catch (ApiError e)
        {
            return SandboxResponse.Of(e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return SandboxResponse.Of(ApiError.Invalid("The body is not what this address takes"));
        }
    }

    // A page that somebody happens to have open in a browser must not reach it: browsers say where a request comes from.
    private void RefuseOthers(SandboxRequest request)
    {
        if (request.Headers.ContainsKey("Origin") || (request.Headers.TryGetValue("Sec-Fetch-Site", out string? site) && site != "none"))
        {
            throw new ApiError(403, "CROSS_SITE_REQUEST", "A page of another site cannot control the sandbox");
        }

        keys.Require(request.Headers, KeyRing.ManageConnections);
    }

    private static SandboxResponse Done(Action action)
    {
        action();
        return SandboxResponse.Of(new JsonObject { ["success"] = true });
    }

    private JsonObject IssueKey(JsonObject body)
    {
        IEnumerable<string>? scopes = (body["scopes"] as JsonArray)?.Select(s => (string)s!);
        KeyState state = Client.EnumName.Find<KeyState>((string?)body["state"], StringComparison.OrdinalIgnoreCase) ?? KeyState.Active;
        return new JsonObject { ["key"] = keys.Issue(scopes, state) };
    }

    private static Fault ReadFault(JsonObject body) => new()
    {
        Method = (string?)body["method"],
        Path = (string?)body["path"],
        Skip = (int?)body["skip"] ?? 0,
        Times = (int?)body["times"] ?? 1,
        DelayMilliseconds = (int?)body["delayMilliseconds"] ?? 0,
        Status = (int?)body["status"],
        Body = (string?)body["body"],
        ContentType = (string?)body["contentType"],
        TruncateAt = (int?)body["truncateAt"],
        AfterWork = (bool?)body["afterWork"] ?? false,
        Headers = (body["headers"] as JsonObject)?.ToDictionary(h => h.Key, h => (string?)h.Value ?? "") ?? [],
    };

    private static JsonObject Body(SandboxRequest request) =>
        request.Body.Length == 0 ? [] : JsonNode.Parse(request.Body) as JsonObject ?? throw ApiError.Invalid("The body must be a JSON object");
}
