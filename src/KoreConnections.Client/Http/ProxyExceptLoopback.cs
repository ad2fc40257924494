using System;
using System.Net;

namespace KoreConnections.Client;

/// <summary>A proxy, but never for this machine: its requests are not encrypted, and a proxy elsewhere cannot reach it.</summary>
internal sealed class ProxyExceptLoopback(IWebProxy? proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy?.Credentials;
        set => _ = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy!.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy is null || proxy.IsBypassed(host);
}
