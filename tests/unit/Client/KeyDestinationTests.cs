using System.Net;
using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>A key leaves for one host, whatever the names are that its address is made of.</summary>
public sealed class KeyDestinationTests() : ClientTestBase(retries: 0)
{
    private const string Key = "sk-made-up-0123456789abcdef";
    private const string PlatformKey = "kg-made-up-0123456789abcdef";

    private static readonly Gen<string> Hostile = Gen.OneOf(
        "contoso", "a", "127.0.0.1", "2130706433", "0x7f000001", "127。0。0。1", "localhost", "[::1]", "::1", "evil.example", "ⓔvil", "xn--80ak6aa92e", "é", "%2F", "%23", "%00",
        "#", "?", "@", "\\", "/", "//", ":", ":80", ".", "..", "-", "_", " ", "\t", "\u200b", "\u202e", "#@", "user:pw@", "https://", "v1", "gpt-4o", "😀").Array[1, 4].Select(string.Concat);

    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/v1/x?y=1", true)]
    [InlineData("https://api.example.com/base", "https://API.example.com:443/", true)]
    [InlineData("https://api.example.com", "http://api.example.com/", false)]
    [InlineData("https://api.example.com", "https://api.example.com:8443/", false)]
    [InlineData("https://api.example.com", "https://api.example.com.evil.example/", false)]
    [InlineData("https://api.example.com", "https://evil.example/api.example.com", false)]
    [InlineData("https://api.example.com", "https://user:pw@api.example.com/", false)]
    [InlineData("https://contoso.openai.azure.com", "https://localhost/#.openai.azure.com", false)]
    [InlineData("http://localhost:8080", "http://127.0.0.1:8080/", false)]
    public void SchemeHostAndPortAreTheDestinations(string destination, string address, bool isSent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        KoreException? refused = Record(() => KeyDestination.Require(request, new Uri(destination)));
        Assert.Equal(isSent ? null : KoreErrorKind.InvalidInput, refused?.Kind);
        Assert.DoesNotContain("evil", refused?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAzureKeyGoesToAzureOnly()
    {
        using TunnelProxy proxy = Gateway();
        using KeyTester tester = Tester(proxy);
        await Gen.Select(Hostile, Hostile, Hostile).SampleAsync(
            async (resource, deployment, version) =>
            {
                proxy.Heads.Clear();
                foreach ((string r, string d, string v) in new[] { (resource, "d", "v1"), ("contoso", deployment, "v1"), ("contoso", "d", version) })
                {
                    await Test(tester, () => new AzureOpenAIDefinition { Model = "m", ApiKey = Secret.FromPlainText(Key), ResourceName = r, DeploymentId = d, ApiVersion = v });
                }

                Assert.All(proxy.Heads, t => Assert.Matches(@"^CONNECT [A-Za-z0-9-]+\.openai\.azure\.com:443 ", t));
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task AHeadersKeyGoesToTheEndpointsHostOnly()
    {
        using TunnelProxy proxy = Gateway();
        using KeyTester tester = Tester(proxy);
        await Gen.Select(Hostile, Hostile).SampleAsync(
            async (before, after) =>
            {
                proxy.Heads.Clear();
                string endpoint = $"https://{before}llm.example.com{after}";
                await Test(tester, () => new CustomApiDefinition(new CustomApiSettings { EndpointUrl = endpoint, Headers = [new Header("x-api-key", Secret.FromPlainText(Key))], MapProvider = "openAIModel" }));
                Assert.All(proxy.Heads, t => Assert.Equal($"CONNECT {new Uri(SingleLine.Trim(endpoint)).IdnHost}:{new Uri(SingleLine.Trim(endpoint)).Port} ", t[..(t.IndexOf(" HTTP", StringComparison.Ordinal) + 1)]));
            },
            iter: 300,
            threads: 1);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    public async Task AnAnswerAboutAnotherConnectionIsNone(string method)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = 200, Times = 0, Body = """{ "connectionId": "cn-other", "connectionName": "A", "provider": "Open AI" }""" });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => method == "GET"
            ? _client.GetAsync("cn-1", new RequestContext())
            : _client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText(Key)), new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Contains("for the connection 'cn-1', but the platform returned 'cn-other'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIdIsOneSegmentOfAPath() => Hostile.Sample(id =>
    {
        KoreException? refused = Record(() => KoreConnections.Client.Guard.ConnectionId(id));
        Assert.True(refused is null ? id.Trim().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && id.Any(char.IsAsciiLetterOrDigit) : refused.Kind == KoreErrorKind.InvalidInput, id);
    });

    /// <summary>Whatever made the address wrong, each handler compares it itself, right before the key is written.</summary>
    [Theory]
    [InlineData("localhost.example.com", 443)]
    [InlineData("127.0.0.1", 1)]
    [InlineData("other.openai.azure.com", 443)]
    public async Task AHandlerSendsNoKeyToAnAddressThatItsKeyIsNotFor(string host, int port)
    {
        var elsewhere = new UriBuilder("https", host, port).Uri;
        using var provider = new ProviderRequestor(new TransportOptions { MaximumRetryCount = 0 });
        var question = new ProbeRequest(HttpMethod.Get, _sandbox.BaseUri, [new Header("x-api-key", Secret.FromPlainText("sk-0123456789abcdef"))], elsewhere);
        Assert.Equal(KoreErrorKind.InvalidInput, (await Assert.ThrowsAsync<KoreException>(() => provider.AskAsync(question, new RequestContext()))).Kind);

        var options = new SessionOptions(elsewhere, Secret.FromPlainText(PlatformKey)) { MaximumRetryCount = 0 };
        using HttpPipeline pipeline = HttpPipeline.ForPlatform(options);
        var retry = new RetryPolicy(options);
        var requestor = new ApiRequestor(pipeline, options, retry, new ServerClock(options.TimeProvider));
        KoreException refused = await Assert.ThrowsAsync<KoreException>(() => requestor.SendAsync(
            HttpMethod.Get, isIdempotent: true, _sandbox.BaseUri, null, RequestSecrets.None, (json, body) => json.ReadList(body), retry.Begin(new RequestContext())));
        Assert.Equal(KoreErrorKind.InvalidInput, refused.Kind);
        Assert.Empty(_sandbox.Log.Requests);
    }

    [Theory]
    [InlineData(PlatformKey, true)]
    [InlineData("Bearer " + PlatformKey, true)]
    [InlineData(PlatformKey + "0", true)]
    [InlineData("kg-made-up-another-key", false)]
    public async Task ThePlatformsKeyIsNoProviders(string key, bool isRefused)
    {
        using var client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(PlatformKey)) { MaximumRetryCount = 0 });
        using var tester = new KeyTester(client.Transport);
        CustomApiDefinition Own() => new(new CustomApiSettings { EndpointUrl = _sandbox.BaseUri.AbsoluteUri, Headers = [new Header("x-key", Secret.FromPlainText(key))], MapProvider = "openAIModel", Features = ["streaming"] }) { Name = "A" };
        KoreException created = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(Own(), new RequestContext()));
        Assert.Equal(isRefused ? KoreErrorKind.InvalidInput : KoreErrorKind.Unauthorized, created.Kind);
        KoreException? tested = null;
        try
        {
            await tester.TestAsync(KeyProbe.For(Own(), null), new RequestContext());
        }
        catch (KoreException e)
        {
            tested = e;
        }

        Assert.Equal(isRefused ? KoreErrorKind.InvalidInput : null, tested?.Kind);
        Assert.Equal(isRefused ? 0 : 2, _sandbox.Log.Requests.Count);
    }

    [Theory]
    [InlineData("xn--80ak6aa92e127。0。0。1")]
    [InlineData("a.xn--日本.example")]
    [InlineData("xn--\u00e9.example")]
    public void AHostThatCannotBeLookedUpIsRefused(string host)
    {
        Assert.Equal(KoreErrorKind.InvalidInput, Record(() => BaseAddress.Parse("https://" + host, false))?.Kind);
        Assert.Equal(KoreErrorKind.InvalidInput, Record(() => BaseAddress.ParseProvider(host))?.Kind);
        Assert.Equal(KoreErrorKind.InvalidInput, Record(() => KoreConnections.Client.Guard.EndpointUrl("https://" + host))?.Kind);
    }

    private static async Task Test(KeyTester tester, Func<ConnectionDefinition> define)
    {
        try
        {
            await tester.TestAsync(KeyProbe.For(define(), null), new RequestContext());
        }
        catch (KoreException e)
        {
            Assert.Equal(KoreErrorKind.InvalidInput, e.Kind);
        }
    }

    private static KoreException? Record(Action action) => Assert.IsType<KoreException>(Xunit.Record.Exception(action) ?? new KoreException(KoreErrorKind.Timeout, "none")) is { Kind: not KoreErrorKind.Timeout } refused ? refused : null;

    private static TunnelProxy Gateway() => new(_ => TunnelProxy.Status(502));

    private static KeyTester Tester(TunnelProxy proxy) => new(new TransportOptions { MaximumRetryCount = 0, Proxy = new WebProxy($"http://{proxy.Authority}") });
}
