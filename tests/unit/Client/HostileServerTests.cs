using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KoreConnections.Tests.Client;

/// <summary>Servers that mean no good, or are no platform at all: nothing hangs, memory stays bounded, texts stay harmless.</summary>
public sealed class HostileServerTests() : ClientTestBase(retries: 0)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyWithoutEndIsBounded(bool compressed)
    {
        // 300 MB of white space, which JSON allows before a value.
        const int Megabytes = 300;
        using var server = new TestServer(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = compressed ? "gzip" : default;
            await using Stream body = compressed ? new GZipStream(context.Response.Body, CompressionLevel.Fastest) : context.Response.Body;
            byte[] spaces = new byte[1024 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            for (int i = 0; i < Megabytes; i++)
            {
                await body.WriteAsync(spaces);
            }
        });
        KoreException error = await ListingFailureAsync(Client(server.BaseUri));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Contains("128 MB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"connectionId\":\"cn-1\",\"deep\":", "[", "]", "}")]
    [InlineData("{\"connections\":[{\"deep\":", "{\"a\":", "}", "}],\"total\":1}")]
    public async Task DeepJsonIsAnUnexpectedResponse(string start, string open, string close, string end)
    {
        const int Depth = 100_000;
        string json = start + string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth)) + end;
        _sandbox.Faults.Add(new Fault { Status = 200, Body = json, Times = 0 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => start.Contains("connections", StringComparison.Ordinal) ? _client.ListAsync(null, new RequestContext()) : _client.GetAsync("cn-1", new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.True(error.Message.Length < 2000);
    }

    [Theory]
    [InlineData(401, KoreErrorKind.Unauthorized)]
    [InlineData(403, KoreErrorKind.Forbidden)]
    [InlineData(407, KoreErrorKind.Unreachable)]
    [InlineData(502, KoreErrorKind.ServerError)]
    [InlineData(200, KoreErrorKind.UnexpectedResponse)]
    public async Task AProxysPageIsToldInShort(int status, KoreErrorKind kind)
    {
        string page = "<html><head><title>Blocked</title></head><body>" + new string('x', 5000) + "</body></html>";
        _sandbox.Faults.Add(new Fault { Status = status, Body = page, ContentType = "text/html" });
        KoreException error = await ListingFailureAsync(_client);
        Assert.Equal(kind, error.Kind);
        Assert.Contains("Blocked", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 50, 600);
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m\a\b")]
    [InlineData("##vso[task.complete result=Failed;]")]
    [InlineData("###vso[task.complete result=Failed;]")]
    [InlineData("####vso[x]#####")]
    [InlineData("##[error]x")]
    [InlineData("#\u200B#vso[task.setvariable]x")]
    [InlineData("first\r\n##vso[x]second\u2028third\u202Eback")]
    public async Task TextFromTheServerDoesNothing(string text)
    {
        string json = System.Text.Json.JsonSerializer.Serialize(new { success = false, error = new { code = text, message = text }, meta = new { requestId = text } });
        _sandbox.Faults.Add(new Fault { Status = 400, Body = json, Times = 0 });
        KoreException error = await ListingFailureAsync(_client);
        foreach (string shown in new[] { error.Message, error.Code!, error.ServerMessage!, error.RequestId!, error.ToString() })
        {
            Assert.DoesNotContain("##", shown, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', shown);
            Assert.DoesNotContain('\u202E', shown);
        }

        Assert.DoesNotContain(error.Message, c => char.IsControl(c));
    }

    [Theory]
    [InlineData(400, """{ "\ud800": 1, "error": { "c\udc00": 1, "message": "no \ud83d" } }""", KoreErrorKind.InvalidRequest)]
    [InlineData(503, """{ "m\ud800": 1, "message": "down" }""", KoreErrorKind.ServerError)]
    [InlineData(200, """{ "con\ud800": 1 }""", KoreErrorKind.UnexpectedResponse)]
    public async Task HalfOfASurrogatePairIsNoException(int status, string body, KoreErrorKind kind)
    {
        _sandbox.Faults.Add(new Fault { Status = status, Body = body, Times = 0 });
        Assert.Equal(kind, (await ListingFailureAsync(_client)).Kind);
        Assert.Equal(kind, (await Assert.ThrowsAsync<KoreException>(() => _client.GetAsync("cn-1", new RequestContext()))).Kind);
    }

    [Fact]
    public async Task APortWithoutTlsIsNoMatterOfCertificates()
    {
        using var server = new TestServer(context => context.Response.WriteAsync("plain"));
        KoreException error = await ListingFailureAsync(Client(new UriBuilder(server.BaseUri) { Scheme = "https" }.Uri));
        Assert.Equal($"{server.BaseUri.Host} does not speak TLS on port {server.BaseUri.Port}.", error.Message);
        Assert.DoesNotContain("certificate", error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AnUntrustedCertificateSaysWhatToDo()
    {
        using RSA rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)).Export(X509ContentType.Pfx), null);
        using var server = new TestServer(context => context.Response.WriteAsync("""{"connections":[],"total":0}"""), endpoint => endpoint.UseHttps(certificate));
        Uri address = new UriBuilder(server.BaseUri) { Host = "localhost" }.Uri;
        KoreException error = await ListingFailureAsync(Client(address));
        Assert.Equal(KoreErrorKind.Unreachable, error.Kind);
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        Assert.Contains("-SkipCertificateCheck", error.RecommendedAction, StringComparison.Ordinal);

        using var lenient = new ConnectionsClient(new SessionOptions(address, Secret.FromPlainText("kg-1")) { SkipCertificateCheck = true, MaximumRetryCount = 0 });
        Assert.Empty((await lenient.ListAsync(null, new RequestContext())).Items);
    }
}
