using System.Net.Sockets;

namespace KoreConnections.Tests.Client;

/// <summary>What the network can do to a request.</summary>
public sealed class BrokenNetworkTests() : ClientTestBase(retries: 0)
{
    [Fact]
    public async Task AResetIsUnreachable()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.ResetBefore);
        using ConnectionsClient client = Client(proxy.BaseUri);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-abcdefgh")), new RequestContext()));
        Assert.Equal(KoreErrorKind.Unreachable, error.Kind);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.GetBaseException()).SocketErrorCode);
        Assert.Single(proxy.Requests);
    }

    /// <summary>Of a server that says nothing, or a piece now and then.</summary>
    [Theory]
    [InlineData(200, null, "")]
    [InlineData(300, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n", " ")]
    [InlineData(300, "HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    public async Task SlownessEndsWithTheTimeOut(int timeout, string? first, string piece)
    {
        string[] pieces = [first ?? "", .. Enumerable.Repeat(piece, 990)];
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => first is null ? FaultAction.Silence : FaultAction.Drip(pieces, TimeSpan.FromMilliseconds(20)));
        KoreException error = await ListingFailureAsync(Client(proxy.BaseUri, timeout: TimeSpan.FromMilliseconds(timeout)));
        Assert.Equal(KoreErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task CancellationInTheMiddleOfABodyIsCancellation()
    {
        string[] pieces = ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n", .. Enumerable.Repeat(" ", 2000)];
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Drip(pieces, TimeSpan.FromMilliseconds(20)));
        using ConnectionsClient client = Client(proxy.BaseUri);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAsync<OperationCanceledException>(() => client.ListAsync(null, new RequestContext(null, stop.Token)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"connections\":[]")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("this is no HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\nno gzip at")]
    // Wrong lengths.
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", KoreErrorKind.UnexpectedResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", KoreErrorKind.UnexpectedResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}")]
    public async Task BrokenHttpIsUnreachable(string answer, KoreErrorKind kind = KoreErrorKind.Unreachable)
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Raw(answer));
        KoreException error = await ListingFailureAsync(Client(proxy.BaseUri));
        Assert.Equal(kind, error.Kind);
    }

    [Theory]
    [InlineData(200, KoreErrorKind.Unreachable, "HTTP 200 returned content that is not valid gzip.")]
    [InlineData(500, KoreErrorKind.ServerError, "failed (HTTP 500)")]
    [InlineData(404, KoreErrorKind.UnexpectedResponse, "(HTTP 404)")]
    [InlineData(500, KoreErrorKind.ServerError, "failed (HTTP 500)", "br")]
    public async Task DamagedGzipIsSaidInWordsOfHttp(int status, KoreErrorKind kind, string words, string encoding = "gzip")
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Answer(status, $"Content-Encoding: {encoding}\r\n", "no gzip at all"));
        KoreException error = await ListingFailureAsync(Client(proxy.BaseUri));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("archive", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, "https://evil.example.com/api/public/connections", "evil.example.com")]
    [InlineData(307, "/login?next=x", "localhost")]
    [InlineData(302, null, "without an address")]
    [InlineData(302, "//", "redirects (HTTP 302)")]
    [InlineData(302, "http://[::1", "redirects (HTTP 302)")]
    [InlineData(302, "http:///", "redirects (HTTP 302)")]
    public async Task RedirectsAreNotFollowed(int status, string? location, string told)
    {
        using var other = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Pass);
        string header = location is null ? "" : $"Location: {location}\r\n";
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Answer(status, header));
        KoreException error = await ListingFailureAsync(Client(proxy.BaseUri));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("next=x", error.Message, StringComparison.Ordinal);
        Assert.Single(proxy.Requests);
    }
}
