using CsCheck;

namespace KoreConnections.Tests.Keys;

/// <summary>A custom API's headers reach it as they were given, whichever .NET treats apart; what only a sender can know is refused.</summary>
public sealed class ProviderHeaderTests : IDisposable
{
    private static readonly string[] Connections = ["Connection", "Content-Length", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    private static readonly string[] Known =
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Cookie", "Date", "Expect", "From", "If-Match", "If-Modified-Since", "If-Range",
        "Max-Forwards", "Pragma", "Proxy-Authorization", "Range", "Referer", "User-Agent", "Via", "Warning", "Allow", "Content-Disposition", "Content-Encoding", "Content-Language",
        "Content-Location", "Content-MD5", "Content-Range", "Content-Type", "Expires", "Last-Modified", "Accept-Ranges", "Age", "ETag", "Location", "Retry-After", "Server", "Set-Cookie", "Vary",
        "WWW-Authenticate", "Proxy-Authenticate", "x-goog-api-key", "x'!#$%&*+-.^_`|~", "traceparent",
    ];

    private readonly FakeProviders _provider = new() { Instead = _ => (200, """{"content":[{"text":"OK"}]}""") };

    [Theory]
    [InlineData("Authorization", "Bearer sk-made-up-0123456789")]
    [InlineData("Authorization", "@@ odd , = ,,")]
    [InlineData("authorization", "sk-made-up-0123456789")]
    [InlineData("Accept", "application/vnd.acme+json;v=2, nonsense")]
    [InlineData("User-Agent", "(((odd agent/// 1")]
    [InlineData("Host", "llm.internal:8443")]
    [InlineData("host", "llm_internal")]
    [InlineData("Content-Type", "application/json; charset=\"x-odd\"")]
    [InlineData("content-type", "json")]
    [InlineData("Content-Language", "de, , !")]
    [InlineData("Content-MD5", "no hash")]
    [InlineData("Last-Modified", "yesterday")]
    [InlineData("Expires", "0")]
    [InlineData("Accept-Encoding", "identity")]
    [InlineData("Accept-Encoding", "gzip;q=0.5, ???")]
    [InlineData("Cookie", "session=a; b")]
    [InlineData("Set-Cookie", "a=1; Path=/")]
    [InlineData("Proxy-Authorization", "Basic odd")]
    [InlineData("Date", "no date")]
    [InlineData("Expect", "the unexpected")]
    public async Task AHeaderIsSentAsGiven(string name, string value)
    {
        KeyTestResult result = await TestAsync(name, value);
        Assert.Equal(KeyVerdict.Valid, result.VerdictValue);
        Assert.Equal(value, Assert.Single(_provider.Requests).Headers[name]);
    }

    [Theory]
    [InlineData("Content-Length", "5")]
    [InlineData("content-length", "no number")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "keep-alive")]
    [InlineData("Keep-Alive", "timeout=5")]
    [InlineData("Proxy-Connection", "close")]
    [InlineData("TE", "trailers")]
    [InlineData("Trailer", "x-sum")]
    [InlineData("upgrade", "h2c")]
    [InlineData("Host", "two hosts")]
    [InlineData("Host", "https://llm.example.com/v1")]
    [InlineData("Host", "user@llm.example.com")]
    [InlineData("Host", "gateway.internal:")]
    [InlineData("Host", "a,b")]
    [InlineData("Host", ":::")]
    public async Task WhatOnlyASenderCanKnowIsRefusedBeforeSending(string name, string value)
    {
        KoreException refused = await Assert.ThrowsAsync<KoreException>(() => TestAsync(name, value));
        Assert.Equal((KoreErrorKind.InvalidInput, "Header"), (refused.Kind, refused.ParameterName));
        Assert.Contains($"'{name}'", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public async Task AnyNameAndValueIsSentAsGivenOrRefused() => await Gen.Select(
        Gen.OneOf(Gen.OneOf<string>([.. Known, .. Connections, "Host"]), Gen.Char["abcXYZ019-_.!#$%&'*+^`|~"].Array[1, 12].Select(c => new string(c))),
        Gen.Char[' ', '~'].Array[1, 40].Select(c => new string(c))).SampleAsync(
            async (name, value) =>
            {
                _provider.Requests.Clear();
                try
                {
                    KeyTestResult result = await TestAsync(name, value);
                    Assert.Equal(KeyVerdict.Valid, result.VerdictValue);
                    Assert.Equal(value.Trim(' '), Assert.Single(_provider.Requests).Headers[name]);
                    Assert.DoesNotContain(name, Connections, StringComparer.OrdinalIgnoreCase);
                }
                catch (KoreException e)
                {
                    Assert.Equal(KoreErrorKind.InvalidInput, e.Kind);
                    Assert.Empty(_provider.Requests);
                }
            },
            iter: 400,
            threads: 1);

    [Theory]
    [InlineData("https://llm.example.com/v1", "llm.example.com", true)]
    [InlineData("https://llm.example.com/v1", "LLM.example.com:8443", true)]
    [InlineData("https://llm.example.com/v1", "evil.example", false)]
    [InlineData("https://llm.example.com/v1", "llm.example.com.evil.example", false)]
    [InlineData("https://127.0.0.1:8443/v1", "localhost", false)]
    [InlineData("http://127.0.0.1:8080/v1", "llm.internal", true)]
    public void OverHttpsTheHostIsTheAddresss(string address, string host, bool isSent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        Exception? refused = Record.Exception(() => KeyDestination.Require(request, new Uri(address), Secret.FromPlainText(host)));
        Assert.Equal(isSent ? null : KoreErrorKind.InvalidInput, (refused as KoreException)?.Kind);
        Assert.DoesNotContain("evil", refused?.Message ?? "", StringComparison.Ordinal);
    }

    public void Dispose() => _provider.Dispose();

    // A tester of its own each time: one that has asked a question before knows the answer, and short values come twice.
    private async Task<KeyTestResult> TestAsync(string name, string value)
    {
        using var tester = new KeyTester(new TransportOptions { MaximumRetryCount = 0, Timeout = TimeSpan.FromSeconds(20) });
        return await tester.TestAsync(
            KeyProbe.For(
                new CustomApiDefinition(new CustomApiSettings
                {
                    EndpointUrl = new Uri(_provider.BaseUri, "/own").AbsoluteUri,
                    Headers = [new Header(name, Secret.FromPlainText(value))],
                    Payload = System.Text.Json.JsonDocument.Parse("""{ "prompt": "{{prompt}}" }""").RootElement,
                    OutputPath = "content[0].text",
                }),
                null),
            new RequestContext());
    }
}
