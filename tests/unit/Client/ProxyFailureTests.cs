using System.Net;
using Microsoft.AspNetCore.Http;

namespace KoreConnections.Tests.Client;

/// <summary>A proxy that is the cause is named as such, for platform and providers, and its login by nobody.</summary>
public sealed class ProxyFailureTests
{
    private const string Login = "Proxy-Authenticate: Basic realm=\"p\"\r\n";

    [Theory]
    [InlineData("http://127.0.0.1:1", "The proxy 127.0.0.1:1 refuses connections")]
    [InlineData("http://no-such-proxy.invalid:8080", "The proxy no-such-proxy.invalid:8080 is unknown")]
    [InlineData("http://bob:hunter2secret@127.0.0.1:1", "The proxy 127.0.0.1:1 refuses connections")]
    [InlineData("http://bob:hunter2secret@no-such-proxy.invalid", "The proxy no-such-proxy.invalid:80 is unknown")]
    public Task OneThatCannotBeReachedIsNamed(string proxy, string words) => AssertNamed(new WebProxy(proxy), words, "address of the proxy");

    [Theory]
    [InlineData(407, "requires a login (HTTP 407)", "-ProxyCredential")]
    [InlineData(501, "did not connect to platform.invalid (HTTP 501).", "the proxy allows this host")]
    [InlineData(403, "did not connect to platform.invalid (HTTP 403)", "the proxy allows this host")]
    [InlineData(502, "did not connect to platform.invalid (HTTP 502)", "the proxy allows this host")]
    [InlineData(504, "did not connect to platform.invalid (HTTP 504)", "the proxy allows this host")]
    public async Task OneThatRefusesIsNamed(int status, string words, string action)
    {
        using var proxy = new TunnelProxy(_ => TunnelProxy.Status(status, status == 407 ? Login : ""));
        await AssertNamed(new WebProxy($"http://{proxy.Authority}"), $"The proxy {proxy.Authority} {words}", action);
        await AssertNamed(new WebProxy($"http://bob:hunter2secret@{proxy.Authority}"), $"The proxy {proxy.Authority} {words}", action);
    }

    [Fact]
    public async Task OneThatShowsItsOwnPageIsNamed()
    {
        using var proxy = new TunnelProxy(_ => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>Please log in.</body></html>");
        await AssertNamed(
            new WebProxy($"http://{proxy.Authority}"), $"The proxy {proxy.Authority} answered instead of platform.invalid, without TLS.", "login page");
    }

    [Fact]
    public async Task ALoginThatIsNotAcceptedIsSaid()
    {
        using var proxy = new TunnelProxy(_ => TunnelProxy.Status(407, Login));
        await AssertNamed(new WebProxy($"http://{proxy.Authority}") { Credentials = new NetworkCredential("bob", "hunter2secret") }, $"The proxy {proxy.Authority} does not accept the login", "user name and password");
    }

    /// <summary>On the way to http, a proxy answers itself, and may say what it got.</summary>
    [Theory]
    [InlineData(407, false)]
    [InlineData(407, true)]
    [InlineData(403, false)]
    [InlineData(502, true)]
    [InlineData(200, false)]
    public async Task OneThatRepeatsItsLoginIsNotQuoted(int status, bool isInAddress)
    {
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:hunter2secret"));
        using var front = new TestServer(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($"the login was hunter2secret, or Basic {encoded}");
        });
        var address = new UriBuilder(front.BaseUri) { UserName = isInAddress ? "bob" : "", Password = isInAddress ? "hunter2secret" : "" };
        var proxy = new WebProxy(address.Uri) { Credentials = isInAddress ? null : new NetworkCredential("bob", "hunter2secret") };
        using var client = new ConnectionsClient(new SessionOptions(new Uri("http://platform.invalid/api/public"), Secret.FromPlainText("kg-made-up-0123456789")) { MaximumRetryCount = 0, Proxy = proxy });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()));
        Assert.Contains("the login was", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(encoded, error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Where an escaped colon was taken for the one before the password, another text was looked for than the password.</summary>
    [Theory]
    [InlineData("http://bob%3Ax:p%40ss@proxy:8080", "", "bob:x", "p@ss")]
    [InlineData("http://CORP%5Cbob:p%3Ass@proxy:8080", "CORP", "bob", "p:ss")]
    [InlineData("http://bob@proxy:8080", "", "bob", "")]
    [InlineData("http://proxy:8080", null, null, null)]
    public void ALoginInAnAddressIsReadPartByPart(string address, string? domain, string? user, string? password)
    {
        NetworkCredential? login = ProxyLogin.Of(new Uri(address));
        Assert.Equal((domain, user, password), (login?.Domain, login?.UserName, login?.Password));
    }

    [Fact]
    public async Task OneThatIsSilentIsNamed()
    {
        using var proxy = new TunnelProxy(_ => null);
        await AssertNamed(new WebProxy($"http://{proxy.Authority}"), $"The proxy {proxy.Authority} returned no complete answer from platform.invalid", "proxy is reachable", TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData(407, 1)]
    [InlineData(403, 1)]
    [InlineData(503, 3)]
    public async Task WhatNeverGotThroughWasNeverSent(int status, int attempts)
    {
        using var proxy = new TunnelProxy(_ => TunnelProxy.Status(status, status == 407 ? Login : ""));
        using ConnectionsClient client = Client(new WebProxy($"http://{proxy.Authority}"), TimeSpan.FromSeconds(20), retries: 2);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(new OpenAIDefinition { Name = "A", Model = "m", ApiKey = Secret.FromPlainText("sk-made-up-0123456789") }, new RequestContext()));
        Assert.Equal((KoreErrorKind.Unreachable, attempts, false), (error.Kind, proxy.Heads.Count, error.IsIndeterminate));
        Assert.All(proxy.Heads, head => Assert.StartsWith("CONNECT platform.invalid:443 ", head, StringComparison.Ordinal));
    }

    private static ConnectionsClient Client(WebProxy proxy, TimeSpan timeout, int retries) =>
        new(new SessionOptions(new Uri("https://platform.invalid/api/public"), Secret.FromPlainText("kg-made-up-0123456789")) { MaximumRetryCount = retries, RetryInterval = TimeSpan.Zero, Timeout = timeout, Proxy = proxy });

    private static async Task AssertNamed(WebProxy proxy, string words, string action, TimeSpan? timeout = null)
    {
        using ConnectionsClient client = Client(proxy, timeout ?? TimeSpan.FromSeconds(20), retries: 0);
        string log = "";
        var context = new RequestContext((_, line) => log += line);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, context));
        Assert.StartsWith(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.RecommendedAction, StringComparison.Ordinal);
        using var tester = new KeyTester(client.Transport);
        KeyTestResult result = await tester.TestAsync(KeyProbe.For(new OpenAIDefinition { Model = "m", ApiKey = Secret.FromPlainText("sk-made-up-0123456789") }, new Uri("https://platform.invalid")), context);
        Assert.Equal(KeyVerdict.Unreachable, result.VerdictValue);
        Assert.StartsWith(words, result.ProviderMessage, StringComparison.Ordinal);
        Assert.Contains(action, result.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{error}{log}{result.ProviderMessage}", StringComparison.Ordinal);
    }
}
