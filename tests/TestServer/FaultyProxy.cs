using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KoreConnections.Tests.Support;

/// <summary>What becomes of one request on its way through a <see cref="FaultyProxy"/>.</summary>
/// <param name="Forward">Whether the server gets the request.</param>
/// <param name="Pieces">Sent in place of the server's answer, byte for byte, before the connection is closed; none for a reset.</param>
/// <param name="Pause">After each piece.</param>
internal sealed record FaultAction(bool Forward, string[]? Pieces, TimeSpan Pause = default)
{
    /// <summary>It goes through.</summary>
    public static FaultAction Pass { get; } = new(Forward: true, null);

    /// <summary>The connection is reset and the server never hears of it.</summary>
    public static FaultAction ResetBefore { get; } = new(Forward: false, []);

    /// <summary>The server does the work, and the connection is reset in place of its answer.</summary>
    public static FaultAction ResetAfter { get; } = new(Forward: true, []);

    /// <summary>No answer ever comes.</summary>
    public static FaultAction Silence { get; } = Drip([""], Timeout.InfiniteTimeSpan);

    /// <summary>An answer that is well-formed; its headers end with a line break each.</summary>
    public static FaultAction Answer(int status, string headers = "", string body = "", bool forward = false) =>
        new(forward, [$"HTTP/1.1 {status} Faulty\r\nConnection: close\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}"]);

    /// <summary>These bytes are the answer, whether they are HTTP or not.</summary>
    public static FaultAction Raw(string answer) => Drip([answer], TimeSpan.Zero);

    /// <summary>These pieces are the answer, with a pause after each.</summary>
    public static FaultAction Drip(string[] pieces, TimeSpan pause) => new(Forward: false, pieces, pause);
}

/// <summary>A proxy before a server, for what HttpListener cannot do: resets, raw bytes, silence.</summary>
internal sealed class FaultyProxy : IDisposable
{
    // Of one connection only, or made anew for the next.
    private static readonly string[] HopByHop = ["Host", "Connection", "Keep-Alive", "Transfer-Encoding"];

    private readonly HttpClient _upstream = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null });
    private readonly Func<string, int, FaultAction> _decide;
    private readonly TestServer _front;
    private readonly Uri _server;
    private int _count;

    /// <param name="server">The server behind it.</param>
    /// <param name="decide">What becomes of a request, by its first line and its number from 1.</param>
    public FaultyProxy(Uri server, Func<string, int, FaultAction> decide)
    {
        _server = server;
        _decide = decide;
        _front = new TestServer(MeetAsync);
        BaseUri = new UriBuilder(server) { Port = _front.BaseUri.Port }.Uri;
    }

    public Uri BaseUri { get; }

    /// <summary>The first lines of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose()
    {
        _front.Dispose();
        _upstream.Dispose();
    }

    private async Task MeetAsync(HttpContext context)
    {
        // The whole of it, so that a reset meets no request that is still being sent.
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        string line = $"{context.Request.Method} {target} {context.Request.Protocol}";
        Requests.Enqueue(line);
        FaultAction action = _decide(line, Interlocked.Increment(ref _count));
        using HttpResponseMessage? answer = action.Forward ? await ForwardAsync(context.Request, target, body.ToArray()) : null;
        if (action.Pieces is null)
        {
            await CopyAsync(answer!, context.Response);
            return;
        }

        await SendAsync(action.Pieces, action.Pause, context);
        context.Abort();
    }

    /// <summary>To its end, even where the client goes away meanwhile.</summary>
    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest request, string target, byte[] body)
    {
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_server, target));
        forwarded.Content = request.ContentLength is null ? null : new ByteArrayContent(body);
        foreach ((string name, var values) in request.Headers.Where(h => !HopByHop.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, [.. values]))
            {
                forwarded.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
            }
        }

        return await _upstream.SendAsync(forwarded);
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, var values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !HopByHop.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
        {
            response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(response.Body);
    }

    /// <summary>Writes beneath HTTP, to the connection itself, and closes it when all is sent.</summary>
    private static async Task SendAsync(string[] pieces, TimeSpan pause, HttpContext context)
    {
        if (pieces.Length == 0)
        {
            return;
        }

        PipeWriter output = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        foreach (string piece in pieces)
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(piece), context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }

        await output.CompleteAsync();
        await TestServer.NeverAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
