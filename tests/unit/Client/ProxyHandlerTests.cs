using System.Net;

namespace KoreConnections.Tests.Client;

/// <summary>Which handler sends to a host, and by way of which proxy.</summary>
public sealed class ProxyHandlerTests
{
    /// <summary>A system's proxy may have a second one, which .NET finds only in the object itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheProxyIsPassedAsItIs(bool isNone)
    {
        IWebProxy? proxy = isNone ? null : WebRequest.DefaultWebProxy;
        using DirectToLoopback handler = HttpPipeline.Primary(new TransportOptions(), proxy);
        var others = Assert.IsType<HttpClientHandler>(handler.InnerHandler);
        Assert.Equal((!isNone, false), (others.UseProxy, handler.Direct.UseProxy));
        Assert.Same(proxy, others.Proxy);
        Assert.False(others.AllowAutoRedirect || handler.Direct.AllowAutoRedirect || others.UseCookies || handler.Direct.UseCookies);
    }

    [Theory]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://LOCALHOST", true)]
    [InlineData("http://loopback", true)]
    [InlineData("http://127.8.9.10", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("https://127.0.0.1", true)]
    [InlineData("https://localhost", true)]
    [InlineData("http://localhost.invalid", false)]
    [InlineData("http://127.0.0.1.invalid", false)]
    [InlineData("https://platform.invalid", false)]
    [InlineData("http://128.0.0.1", false)]
    public async Task ThisMachineIsNeverAskedThroughOne(string host, bool isDirect)
    {
        using var proxy = new TunnelProxy(_ => TunnelProxy.Status(502));
        using HttpPipeline pipeline = HttpPipeline.ForProviders(new TransportOptions { Proxy = new WebProxy($"http://{proxy.Authority}") { BypassProxyOnLocal = false } });
        // Nothing listens there.
        var address = new UriBuilder(host) { Port = 1 }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        ProviderKeyHandler.Attach(request, [], address);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        HttpRequestException? failure = await Record.ExceptionAsync(async () => (await pipeline.Client.SendAsync(request, limit.Token)).Dispose()) as HttpRequestException;
        Assert.Equal((isDirect, isDirect), (proxy.Heads.IsEmpty, pipeline.ProxyFor(address) is null));
        Assert.True(!isDirect || failure is not null);
    }
}
