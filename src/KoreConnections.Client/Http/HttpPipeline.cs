using System;
using System.Net;
using System.Net.Http;
using System.Security.Authentication;
using System.Threading;
using Microsoft.Extensions.DependencyInjection;

namespace KoreConnections.Client;

/// <summary>
/// Builds an HttpClient: a session's, or the one that asks providers. The two have nothing in common but how they are
/// built: no provider sees the platform key. The only place that knows Microsoft.Extensions.Http.
/// </summary>
internal sealed class HttpPipeline : IDisposable
{
    private const string Name = "KoreConnections";

    // .NET Framework starts with two connections to a host, which would queue everything that runs at once.
    private const int MaxConnections = 256;

    private readonly ServiceProvider _services;

    private HttpPipeline(TransportOptions options, Func<DelegatingHandler> authentication)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(Name)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => Primary(options))
            .AddHttpMessageHandler(() => new LogHandler())
            .AddHttpMessageHandler(authentication)
            // Its own loggers would tell everything twice.
            .RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
        // Each attempt has its own limit, which covers the body too.
        Client.Timeout = Timeout.InfiniteTimeSpan;
        Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"KoreConnections/{typeof(HttpPipeline).Assembly.GetName().Version.ToString(3)}");
    }

    public HttpClient Client { get; }

    public static HttpPipeline ForPlatform(SessionOptions options) => new(options, () => new AuthenticationHandler(options.ApiKey));

    public static HttpPipeline ForProviders(TransportOptions options) => new(options.ForProviders(), () => new ProviderKeyHandler());

    public void Dispose()
    {
        Client.Dispose();
        _services.Dispose();
    }

    private static HttpClientHandler Primary(TransportOptions options)
    {
        var handler = new HttpClientHandler
        {
            // The key must not follow a redirect to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            MaxConnectionsPerServer = MaxConnections,
        };
        if (options.Proxy is not null)
        {
            handler.Proxy = options.Proxy;
        }

        if (options.SkipCertificateCheck)
        {
            handler.ServerCertificateCustomValidationCallback = static (_, _, _, _) => true;
        }

        if (Environment.Version.Major == 4)
        {
            // .NET Framework: without it, the process-wide setting may offer old versions only.
            handler.SslProtocols = SslProtocols.Tls12;
        }

        return handler;
    }
}
