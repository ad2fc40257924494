namespace KoreConnections.Client;

/// <summary>Writes a provider's key into its headers, which each request has attached to it with the host that they may go to.</summary>
internal sealed class ProviderKeyHandler : DelegatingHandler
{
    private const string Property = "KoreConnections.Headers";

    public static void Attach(HttpRequestMessage request, IReadOnlyList<Header> headers, Uri destination) =>
        request.Properties[Property] = (headers, destination);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (IReadOnlyList<Header> headers, Uri destination) = ((IReadOnlyList<Header>, Uri))request.Properties[Property];
        RequestHeaders.Require(headers);
        KeyDestination.Require(
            request, destination, headers.FirstOrDefault(RequestHeaders.IsHost)?.Value, headers.Where(h => SecretRule.IsName(h.Name)).Select(h => h.Value));
        foreach (Header header in headers)
        {
            RequestHeaders.Write(request, header.Name, header.Value.Read(static text => text.ToString()));
        }

        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (Header header in headers)
            {
                RequestHeaders.Remove(request, header.Name);
            }
        }
    }
}
