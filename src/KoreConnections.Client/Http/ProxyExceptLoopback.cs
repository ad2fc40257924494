namespace KoreConnections.Client;

/// <summary>By way of which proxy a host is asked, as <see cref="DirectToLoopback"/> sends: never this machine.</summary>
internal sealed class ProxyExceptLoopback(IWebProxy? proxy)
{
    /// <summary>The proxy by way of which a host is asked; null where it is asked itself.</summary>
    public ProxyInUse? InUse(Uri destination) =>
        !destination.IsLoopback && proxy?.IsBypassed(destination) == false && proxy.GetProxy(destination) is Uri address && address != destination
            ? new ProxyInUse(address, proxy.Credentials is not null) : null;

    /// <summary>The login that the proxy on the way to a host gets; null for none.</summary>
    public NetworkCredential? LoginFor(Uri destination) =>
        InUse(destination) is not { Address: var address } ? null : ProxyLogin.Of(address) ?? proxy!.Credentials?.GetCredential(address, "Basic");
}
