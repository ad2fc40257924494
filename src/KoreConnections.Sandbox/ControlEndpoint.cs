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
            RefuseLimits(request);
            return (request.Method, path.Substring(Root.Length)) switch
            {
                ("POST", "keys") => SandboxResponse.Of(IssueKey(Read<KeyOrder>(request)), 201),
                ("GET", "requests") => SandboxResponse.Of(JsonSerializer.SerializeToNode(log.Requests, CamelCase)),
                ("DELETE", "requests") => Done(log.Clear),
                ("POST", "faults") => Done(() => faults.Add(ReadFault(request))),
                ("DELETE", "faults") => Done(faults.Clear),
                ("PUT", "generation") => Done(() => options.Generation = Value(Read<GenerationOrder>(request).Generation, "generation", ApiGeneration.Second)),
                _ => throw ApiError.NotFound("The address"),
            };
        }
        catch (ApiError e)
        {
            return SandboxResponse.Of(e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return SandboxResponse.Of(ApiError.Invalid("The body is not JSON, or has a property twice"));
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

    // Of nothing here there is a part: a query of POST is no fault, and DELETE removes all.
    private static void RefuseLimits(SandboxRequest request)
    {
        if (request.Target.Contains('?'))
        {
            throw ApiError.Invalid("A control address takes no query");
        }

        if (request.Method == "DELETE")
        {
            _ = Read<object>(request);
        }
    }

    private static SandboxResponse Done(Action action)
    {
        action();
        return SandboxResponse.Of(new JsonObject { ["success"] = true });
    }

    private JsonObject IssueKey(KeyOrder order) => order.Scopes?.All(s => s is KeyRing.ViewConnections or KeyRing.ManageConnections) == false
        ? throw ApiError.Invalid($"scopes accepts: {KeyRing.ViewConnections}, {KeyRing.ManageConnections}")
        : new JsonObject { ["key"] = keys.Issue(order.Scopes, Value(order.State, "state", KeyState.Active)) };

    private static T Value<T>(string? given, string property, T initial)
        where T : struct, Enum =>
        given is null ? initial
        : Client.EnumName.Find<T>(given, StringComparison.OrdinalIgnoreCase)
            ?? throw ApiError.Invalid($"{property} accepts: {string.Join(", ", Enum.GetNames(typeof(T)))}");

    private static Fault ReadFault(SandboxRequest request)
    {
        Fault fault = Read<Fault>(request);
        return fault.Problem is string problem ? throw ApiError.Invalid(problem) : fault;
    }

    // A script would pass its test without the fault that a typing error leaves out.
    private static T Read<T>(SandboxRequest request)
    {
        Dictionary<string, Type> accepted = typeof(T).GetProperties()
            .ToDictionary(p => CamelCase.PropertyNamingPolicy!.ConvertName(p.Name), p => p.PropertyType);
        JsonObject body = request.Body.Length == 0 ? []
            : JsonNode.Parse(request.Body) as JsonObject ?? throw ApiError.Invalid("The body must be a JSON object");
        foreach (string name in body.Select(p => p.Key).ToArray())
        {
            if (!accepted.ContainsKey(name))
            {
                throw ApiError.Invalid(accepted.Count == 0 ? "DELETE takes no properties, and removes all"
                    : $"There is no property '{name}'. Use: {string.Join(", ", accepted.Keys)}");
            }

            if (body[name] is null)
            {
                body.Remove(name);
            }
        }

        try
        {
            return body.Deserialize<T>(CamelCase)!;
        }
        catch (JsonException e)
        {
            string name = accepted.Keys.First(n => Regex.IsMatch(e.Path ?? "", $@"^\$\.{n}\b"));
            throw ApiError.Invalid($"{name} must be {Described(accepted[name])}");
        }
    }

    private static string Described(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string[]) ? "a list of texts"
        : type == typeof(int) || type == typeof(int?) ? "a whole number"
        : "an object whose values are texts";

    private sealed record KeyOrder(string[]? Scopes, string? State);

    private sealed record GenerationOrder(string? Generation);
}
