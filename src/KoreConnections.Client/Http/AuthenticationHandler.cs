namespace KoreConnections.Client;

/// <summary>Writes the platform key on a request that is about to leave, and takes it off again.</summary>
internal sealed class AuthenticationHandler(Secret apiKey, Uri destination) : DelegatingHandler
{
    private const string Header = "x-api-key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        KeyDestination.Require(request, destination, keys: [apiKey]);
        request.Headers.TryAddWithoutValidation(Header, apiKey.Read(static text => text.ToString()));
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Remove(Header);
        }
    }
}
