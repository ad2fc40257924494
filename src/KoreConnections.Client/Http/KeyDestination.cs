namespace KoreConnections.Client;

/// <summary>
/// The one place that a request's key is for. It is compared right before a key is written: after all that happened to an address on
/// the way, a key goes to no other scheme, host or port.
/// </summary>
internal static class KeyDestination
{
    /// <param name="host">The Host header that was given, if one was. A certificate is checked for what it says, instead of the address.</param>
    /// <param name="keys">What is written. A host that repeats one is a key in the wrong place, which no name server is asked for.</param>
    public static void Require(HttpRequestMessage request, Uri destination, Secret? host = null, IEnumerable<Secret>? keys = null)
    {
        if (keys?.Any(key => key.Problem is null && key.Read(text => Holds(destination.Host, text))) == true)
        {
            throw KoreException.InvalidInput(
                "Address", "The host of the request contains the key that is for it. Nothing was sent. Check the address, and the order of the values.");
        }

        if (request.RequestUri is not { IsAbsoluteUri: true, UserInfo.Length: 0 } address
            || address.Scheme != destination.Scheme
            || !string.Equals(address.IdnHost, destination.IdnHost, StringComparison.OrdinalIgnoreCase)
            || address.Port != destination.Port)
        {
            throw KoreException.InvalidInput(
                "Address",
                $"The request would go to another host than {TextSanitizer.SingleLine(destination.GetLeftPart(UriPartial.Authority), 200)}, "
                    + "the host that the key is for. Nothing was sent. Check the names in the address.");
        }

        if (destination.Scheme == Uri.UriSchemeHttps && host?.Read(text => IsHostOf(destination, text)) == false)
        {
            throw Guard.Invalid(
                "Header",
                $"'Host' names another host than {TextSanitizer.SingleLine(destination.GetLeftPart(UriPartial.Authority), 200)}, "
                    + "the host that the key is for. Over https, the certificate of the other host would be accepted. "
                    + "Nothing was sent. Omit the header from the test.");
        }
    }

    // The whole key, without its scheme: a part may be the name of a tenant that a header and its host share. A host is in lower case.
    private static bool Holds(string host, ReadOnlySpan<char> key)
    {
        ReadOnlySpan<char> bare = key.Slice(key.LastIndexOf(' ') + 1);
        return KeyParts.IsOpaque(bare) && host.AsSpan().IndexOf(bare, StringComparison.OrdinalIgnoreCase) >= 0;
    }

    private static bool IsHostOf(Uri destination, ReadOnlySpan<char> host) =>
        Uri.TryCreate($"{destination.Scheme}://{host.ToString()}/", UriKind.Absolute, out Uri? named)
        && string.Equals(named.IdnHost, destination.IdnHost, StringComparison.OrdinalIgnoreCase);
}
