using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>The same for a provider: each request has the headers that carry its key attached to it, and where they may go.</summary>
/// <param name="platformKey">The session's own key, which no provider gets; null without a session.</param>
internal sealed class ProviderKeyHandler(Secret? platformKey) : DelegatingHandler
{
    private const string Property = "KoreConnections.Headers";

    public static void Attach(HttpRequestMessage request, IReadOnlyList<Header> headers, Uri destination) => request.Properties[Property] = (headers, destination);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (IReadOnlyList<Header> headers, Uri destination) = ((IReadOnlyList<Header>, Uri))request.Properties[Property];
        KeyDestination.Require(request, destination);
        PlatformKey.Refuse(headers.Select(h => h.Value), platformKey);
        foreach (Header header in headers)
        {
            Write(request, header);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (Header header in headers)
            {
                request.Headers.Remove(header.Name);
                request.Content?.Headers.Remove(header.Name);
            }
        }
    }

    // Content-Type and the like belong to the content; what was given for one replaces ours.
    private static void Write(HttpRequestMessage request, Header header)
    {
        string value = header.Value.Read(static text => text.ToString());
        if (!request.Headers.TryAddWithoutValidation(header.Name, value) && request.Content is not null)
        {
            request.Content.Headers.Remove(header.Name);
            request.Content.Headers.TryAddWithoutValidation(header.Name, value);
        }
    }
}
