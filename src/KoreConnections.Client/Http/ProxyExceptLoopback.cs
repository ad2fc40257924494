namespace KoreConnections.Client;

/// <summary>A proxy, but never for this machine: its requests are not encrypted, and a proxy elsewhere cannot reach it.</summary>
internal sealed class ProxyExceptLoopback(IWebProxy? proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy?.Credentials;
        set => _ = value;
    }

    /// <summary>The proxy by way of which a host is asked; null where it is asked itself.</summary>
    public ProxyInUse? InUse(Uri destination) =>
        GetProxy(destination) is Uri address && address != destination ? new ProxyInUse(address, Credentials is not null) : null;

    /// <summary>The login that the proxy on the way to a host gets; null for none.</summary>
    public NetworkCredential? LoginFor(Uri destination) =>
        InUse(destination) is not { Address: var address } ? null : ProxyLogin.Of(address) ?? Credentials?.GetCredential(address, "Basic");

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy!.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy is null || proxy.IsBypassed(host);
}
