namespace KoreConnections.Client;

/// <summary>Never sends what is for this machine to a proxy: it is not encrypted, and a proxy elsewhere cannot reach this machine.</summary>
/// <param name="others">What sends to all other hosts.</param>
internal sealed class DirectToLoopback(HttpClientHandler direct, HttpClientHandler others) : DelegatingHandler(others)
{
    private readonly HttpMessageInvoker _direct = new(direct);

    public HttpClientHandler Direct => direct;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri.IsLoopback ? _direct.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _direct.Dispose();
        }

        base.Dispose(disposing);
    }
}
