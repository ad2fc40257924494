using System;
using System.Net.Http;

namespace KoreConnections.Client;

/// <summary>
/// The one place that a request's key is for. It is compared right before a key is written: whatever became of an address on
/// the way, a key goes to no other scheme, host or port.
/// </summary>
internal static class KeyDestination
{
    /// <exception cref="KoreException">KoreInvalidInput; nothing was sent.</exception>
    public static void Require(HttpRequestMessage request, Uri destination)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, UserInfo.Length: 0 } address
            || address.Scheme != destination.Scheme
            || !string.Equals(address.IdnHost, destination.IdnHost, StringComparison.OrdinalIgnoreCase)
            || address.Port != destination.Port)
        {
            throw KoreException.InvalidInput(
                "Address",
                $"The request would leave for another host than {TextSanitizer.SingleLine(destination.GetLeftPart(UriPartial.Authority), 200)}, which its key is for. Nothing was sent. Check the names that the address is made of.");
        }
    }
}
