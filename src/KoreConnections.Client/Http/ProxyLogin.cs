namespace KoreConnections.Client;

/// <summary>The login in a proxy's address, as .NET reads HTTP_PROXY.</summary>
internal static class ProxyLogin
{
    /// <summary>user:password, each percent-encoded, and a domain before a backslash; null where there is none.</summary>
    public static NetworkCredential? Of(Uri proxy)
    {
        string[] parts = proxy.UserInfo.Split([':'], 2);
        string[] user = Uri.UnescapeDataString(parts[0]).Split(['\\'], 2);
        string password = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        return proxy.UserInfo.Length == 0 ? null
            : user.Length == 2 ? new NetworkCredential(user[1], password, user[0])
            : new NetworkCredential(user[0], password);
    }
}
