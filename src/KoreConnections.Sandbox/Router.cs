using System.Collections.Specialized;
using System.Web;

namespace KoreConnections.Sandbox;

internal sealed class Router(ConnectionStore store, KeyRing keys, FaultInjector faults, RequestLog log, SandboxOptions options)
{
    private const string Collection = "/api/public/connections";

    private readonly ControlEndpoint _control = new(keys, faults, log, options);

    public async Task<SandboxResponse> AnswerAsync(SandboxRequest request, CancellationToken stop)
    {
        string path = request.Target.Split('?')[0];
        if (path.StartsWith(ControlEndpoint.Root, StringComparison.Ordinal))
        {
            return _control.Answer(request, path);
        }

        options.OnRequest?.Invoke(request);
        if (options.ImitatesProviders && path.StartsWith(ImitatedProviders.Root + "/", StringComparison.Ordinal))
        {
            return ImitatedProviders.Answer(request, path);
        }

        Fault? fault = faults.Take(request);
        SandboxResponse answer = fault is { Status: not null, AfterWork: false }
            ? Faulty(fault)
            : await WorkAsync(request, path).ConfigureAwait(false);
        if (fault is not null)
        {
            answer = Spoil(answer, fault);
        }

        log.Add(new LoggedRequest(request.Method, request.Target, answer.Status, Redaction.OfBody(request.Body)), request.Target.Length + request.Body.Length);
        if (fault is { DelayMilliseconds: > 0 })
        {
            await Task.Delay(fault.DelayMilliseconds, stop).ConfigureAwait(false);
        }

        return answer;
    }

    private static SandboxResponse Faulty(Fault fault) => fault.Body is null
        ? SandboxResponse.Of(ApiError.Envelope(fault.Status!.Value), fault.Status.Value)
        : new SandboxResponse(fault.Status!.Value, fault.Body);

    private static SandboxResponse Spoil(SandboxResponse answer, Fault fault) => (fault is { AfterWork: true, Status: not null } ? Faulty(fault) : answer) with
    {
        ContentType = fault.ContentType ?? answer.ContentType,
        TruncateAt = fault.TruncateAt,
        Headers = fault.Headers,
    };

    private async Task<SandboxResponse> WorkAsync(SandboxRequest request, string path)
    {
        try
        {
            return path == Collection ? await CollectionAsync(request).ConfigureAwait(false)
                : path.StartsWith(Collection + "/", StringComparison.Ordinal) && path.IndexOf('/', Collection.Length + 1) < 0
                    ? await OneAsync(request, Uri.UnescapeDataString(path.Substring(Collection.Length + 1))).ConfigureAwait(false)
                : throw ApiError.NotFound("The address");
        }
        catch (ApiError e)
        {
            return SandboxResponse.Of(e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return SandboxResponse.Of(ApiError.Invalid("The body has a duplicate property, or contains half of a character"));
        }
    }

    private async Task<SandboxResponse> CollectionAsync(SandboxRequest request)
    {
        switch (request.Method)
        {
            case "GET":
                keys.Require(request.Headers, KeyRing.ViewConnections);
                return List(HttpUtility.ParseQueryString(request.Target.Substring(Collection.Length)));
            case "POST":
                keys.Require(request.Headers, KeyRing.ManageConnections);
                return SandboxResponse.Of(await store.CreateAsync(Body(request)).ConfigureAwait(false), 201);
            default:
                throw ApiError.MethodNotAllowed(request.Method);
        }
    }

    private async Task<SandboxResponse> OneAsync(SandboxRequest request, string id)
    {
        switch (request.Method)
        {
            case "GET":
                keys.Require(request.Headers, KeyRing.ViewConnections);
                return SandboxResponse.Of(store.Get(id));
            case "PATCH":
            case "PUT" when options.Generation == ApiGeneration.Second:
                keys.Require(request.Headers, KeyRing.ManageConnections);
                return SandboxResponse.Of(
                    await store.ChangeAsync(id, Body(request), request.Method == "PUT", options.Generation == ApiGeneration.Second).ConfigureAwait(false));
            default:
                throw ApiError.MethodNotAllowed(request.Method);
        }
    }

    private SandboxResponse List(NameValueCollection query)
    {
        int? limit = query["limit"] is not string text ? options.ListingLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw ApiError.Invalid("limit must be a positive number");
        (IReadOnlyList<JsonObject> items, int total) = store.List(query["provider"], query["status"], limit);
        return SandboxResponse.Of(new JsonObject { ["connections"] = new JsonArray(items.ToArray<JsonNode?>()), ["total"] = total });
    }

    private static JsonObject Body(SandboxRequest request)
    {
        if (!request.Headers.TryGetValue("Content-Type", out string? type) || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiError.Invalid("Content-Type must be application/json");
        }

        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? throw ApiError.Invalid("The body must be a JSON object");
        }
        catch (JsonException)
        {
            throw ApiError.Invalid("The body is not JSON");
        }
    }
}
