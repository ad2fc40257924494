using System.Net;
using System.Net.Sockets;
using KoreConnections.Client;

namespace KoreConnections.Sandbox;

/// <summary>
/// The Connections API on loopback: a real HTTP server, for trying out, rehearsing and testing. It keeps masks and
/// hashes of keys, never a key.
/// </summary>
public sealed class SandboxServer : IDisposable
{
    private const int PortAttempts = 20;
    private const int FirstPort = 20_000;
    private const int Ports = 12_000;

    // No manifest is larger.
    private const int LargestBody = 16 * 1024 * 1024;

    private static int _nextPort = new Random().Next(Ports);

    private readonly HttpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConnectionStore _store;
    private readonly Router _router;

    private SandboxServer(SandboxOptions options)
    {
        _store = new ConnectionStore(options.Path);
        try
        {
            (_listener, Uri origin) = Listen();
            BaseUri = new Uri(origin, "api/public");
            ProviderUri = options.ImitatesProviders ? new Uri(origin, ImitatedProviders.Root) : null;
        }
        catch
        {
            _store.Dispose();
            throw;
        }

        _router = new Router(_store, Keys, Faults, Log, options);
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The base of the API; <c>/sandbox</c> on the same port steers the sandbox itself.</summary>
    public Uri BaseUri { get; }

    /// <summary>Where it imitates providers; null where it does not.</summary>
    public Uri? ProviderUri { get; }

    public FaultInjector Faults { get; } = new();

    public KeyRing Keys { get; } = new();

    public RequestLog Log { get; } = new();

    /// <summary>Starts a sandbox on a free port.</summary>
    /// <exception cref="InvalidDataException">The file is not a sandbox's, or another sandbox holds it.</exception>
    public static SandboxServer Start(SandboxOptions? options = null) => new(options ?? new SandboxOptions());

    /// <summary>Whether a connection holds this key. For a custom API, the values of its headers joined by line feeds.</summary>
    public bool HasKey(string connectionId, string key) => _store.HasKey(connectionId, key);

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _listener.Close();
        _store.Dispose();
        _stop.Dispose();
    }

    // HttpListener takes no port of the system's choice. These are below those that systems give to clients, and each comes
    // once in a process for long, so that a client of a sandbox before does not meet the next one.
    private static int NextPort() => FirstPort + (int)((uint)Interlocked.Increment(ref _nextPort) % Ports);

    private static (HttpListener Listener, Uri Origin) Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            var listener = new HttpListener();
            // The name, not the address: on Windows it needs no elevation.
            string prefix = $"http://localhost:{NextPort()}/";
            listener.Prefixes.Add(prefix);
            try
            {
                listener.Start();
                return (listener, new Uri(prefix));
            }
            catch (Exception e) when (attempt < PortAttempts && e is HttpListenerException or SocketException)
            {
                listener.Close();
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                _ = Task.Run(() => HandleAsync(context));
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (HttpListenerException)
            {
                // One caller's broken connection is no reason to stop for the others.
            }
        }
    }

    // Windows listens on all addresses: a caller from elsewhere only has to name localhost as the host.
    private static bool IsLocal(IPEndPoint? peer) =>
        peer?.Address is IPAddress address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            if (!IsLocal(context.Request.RemoteEndPoint))
            {
                context.Response.Abort();
                return;
            }

            SandboxRequest? request = await ReadAsync(context.Request).ConfigureAwait(false);
            if (request is null)
            {
                context.Response.KeepAlive = false;
            }

            SandboxResponse answer = request is null
                ? SandboxResponse.Of(new ApiError(413, "PAYLOAD_TOO_LARGE", $"The body is larger than {LargestBody / (1024 * 1024)} MB"))
                : await _router.AnswerAsync(request, _stop.Token).ConfigureAwait(false);
            await WriteAsync(context.Response, answer).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller is gone, the sandbox stops, or HttpListener refuses what a fault has, such as a header with a line break:
            // of whichever kind it is, who waits for an answer must not wait for ever.
            context.Response.Abort();
        }
    }

    private static async Task<SandboxRequest?> ReadAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        long length = 0;
        int read;
        // What is too long is read on for a while and forgotten: who still sends does not see an answer.
        while (length <= LargestBody * 4L && (read = await request.InputStream.ReadAsync(buffer, 0, buffer.Length).ConfigureAwait(false)) > 0)
        {
            length += read;
            body.Write(buffer, 0, length > LargestBody ? 0 : read);
        }

        if (length > LargestBody)
        {
            return null;
        }

        return new SandboxRequest(
            request.HttpMethod,
            request.RawUrl ?? "/",
            request.Headers.AllKeys.ToDictionary(k => k!, k => request.Headers[k] ?? "", StringComparer.OrdinalIgnoreCase),
            RegularFile.Text(body.ToArray(), Encoding.UTF8));
    }

    private static async Task WriteAsync(HttpListenerResponse response, SandboxResponse answer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(answer.Body);
        int length = Math.Min(answer.TruncateAt ?? bytes.Length, bytes.Length);
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength64 = length;
        foreach (KeyValuePair<string, string> header in answer.Headers)
        {
            response.Headers[header.Key] = header.Value;
        }

        await response.OutputStream.WriteAsync(bytes, 0, length).ConfigureAwait(false);
        response.Close();
    }
}
