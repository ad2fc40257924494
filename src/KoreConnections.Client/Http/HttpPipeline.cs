using System.Security.Authentication;
using Microsoft.Extensions.Http;

namespace KoreConnections.Client;

/// <summary>
/// Builds an HttpClient: a session's, or the one that asks providers. The two have nothing in common but how they are
/// built: no provider sees the platform key. The only place that knows Microsoft.Extensions.Http, of which it takes the
/// builder of handler chains only: its factory rotates handlers for many clients, a session has one that lives as long
/// as itself, and the container that comes with the factory costs more time than the first request.
/// </summary>
internal sealed class HttpPipeline : IDisposable
{
    // .NET Framework starts with two connections to a host, which would queue everything that runs at once.
    private const int MaxConnections = 256;

    private readonly IWebProxy? _proxy;

    private HttpPipeline(TransportOptions options, DelegatingHandler authentication)
    {
        _proxy = options.Proxy ?? WebRequest.DefaultWebProxy;
        var chain = new Chain
        {
            PrimaryHandler = options.PrimaryHandler ?? Primary(options, _proxy),
            AdditionalHandlers = { new LogHandler(), authentication },
        };
        Client = new HttpClient(chain.Build());
        // Each attempt has its own limit, which covers the body too.
        Client.Timeout = Timeout.InfiniteTimeSpan;
        Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"KoreConnections/{Resource.Version}");
        Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip");
        // What was read decides what is sent again, restored or created: no cache on the way may answer with what was there before.
        Client.DefaultRequestHeaders.TryAddWithoutValidation("Cache-Control", "no-cache");
        // .NET Framework asks before it sends a body, and waits for servers that do not answer that.
        Client.DefaultRequestHeaders.ExpectContinue = false;
        Transmission = new Transmission(this, options.Timeout);
    }

    /// <summary>Whether this is .NET Framework, whose client is built on HttpWebRequest.</summary>
    public static bool IsDesktop { get; } = Environment.Version.Major == 4;

    public HttpClient Client { get; }

    public Transmission Transmission { get; }

    /// <summary>Whether the session has ended: all that is under way then fails, in one way or another.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The proxy by way of which a host is asked, as <see cref="DirectToLoopback"/> sends; null where it is asked itself.</summary>
    public ProxyInUse? ProxyFor(Uri destination) =>
        !destination.IsLoopback && _proxy?.IsBypassed(destination) == false && _proxy.GetProxy(destination) is Uri address && address != destination
            ? new ProxyInUse(address, _proxy.Credentials is not null) : null;

    /// <summary>What a proxy on the way gets to know: it may repeat it.</summary>
    public IEnumerable<Secret> ProxyKeys(Uri destination)
    {
        NetworkCredential? given = ProxyFor(destination) is { Address: var address }
            ? ProxyLogin.Of(address) ?? _proxy!.Credentials?.GetCredential(address, "Basic") : null;
        if (given is not { Password.Length: > 0 } login)
        {
            return [];
        }

        byte[] plain = Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}");
        return [Secret.FromPlainText(login.Password), Secret.FromPlainText("Basic " + Convert.ToBase64String(plain))];
    }

    public static HttpPipeline ForPlatform(SessionOptions options) => new(options, new AuthenticationHandler(options.ApiKey, options.BaseUri));

    public static HttpPipeline ForProviders(TransportOptions options) =>
        new(options.ForProviders(), new ProviderKeyHandler());

    public void Dispose()
    {
        IsDisposed = true;
        Client.Dispose();
    }

    // The proxy itself, not wrapped: of the system's, only .NET knows a second one, for when the first does not answer.
    internal static DirectToLoopback Primary(TransportOptions options, IWebProxy? proxy) => new(Sending(options, null), Sending(options, proxy));

    private static HttpClientHandler Sending(TransportOptions options, IWebProxy? proxy)
    {
        var handler = new HttpClientHandler
        {
            // The key must not follow a redirect to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            // What decompresses by itself adds to an Accept-Encoding that was given.
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = MaxConnections,
            Proxy = proxy,
            UseProxy = proxy is not null,
        };
        if (options.SkipCertificateCheck)
        {
            handler.ServerCertificateCustomValidationCallback = static (_, _, _, _) => true;
        }

        if (IsDesktop)
        {
            // Without it, the process-wide setting may offer old versions only.
            handler.SslProtocols = SslProtocols.Tls12;
        }

        return handler;
    }

    private sealed class Chain : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler { get; set; } = null!;

        public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

        public override HttpMessageHandler Build() => CreateHandlerPipeline(PrimaryHandler, AdditionalHandlers);
    }
}
