using System.Net;

namespace KoreConnections.Commands;

/// <summary>Reads a proxy and its login. Its address may hold a password, so no message quotes it.</summary>
internal static class ProxyInput
{
    private const string Parameter = "Proxy";

    /// <param name="given">Its address, as text or Uri.</param>
    /// <param name="isUsersOwn">Whether the current user logs in.</param>
    public static WebProxy? Read(object? given, PSCredential? credential, bool isUsersOwn)
    {
        string? text = PSValueConverter.Unwrap(given) switch
        {
            null => null,
            Uri uri => uri.OriginalString.Trim(),
            string plain => plain.Trim(),
            _ => throw Invalid("is not a string."),
        };
        if (text is "")
        {
            throw Invalid("is empty.");
        }

        if (text is null)
        {
            return credential is null && !isUsersOwn
                ? null
                : throw KoreException.InvalidInput(
                    Parameter, "-ProxyCredential and -ProxyUseDefaultCredentials need -Proxy. Specify the address of the proxy.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || !BaseAddress.IsWeb(address))
        {
            throw Invalid("is not an absolute http or https address.");
        }

        // An unescaped mark in a password ends the host where it stands.
        if (address.PathAndQuery != "/" || address.Fragment.Length > 0)
        {
            throw Invalid("contains more than a login, a host and a port. Percent-encode special characters in the user name or password, such as %23 for #.");
        }

        if (address.UserInfo.Length > 0 && (credential is not null || isUsersOwn))
        {
            throw Invalid("contains a login, but -ProxyCredential or -ProxyUseDefaultCredentials specifies another. Use only one.");
        }

        return new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri)
        {
            Credentials = credential?.GetNetworkCredential() ?? (isUsersOwn ? CredentialCache.DefaultCredentials : Login(address.UserInfo)),
        };
    }

    // As .NET reads HTTP_PROXY: user:password, each percent-encoded, and a domain before a backslash.
    private static NetworkCredential? Login(string userInfo)
    {
        if (userInfo.Length == 0)
        {
            return null;
        }

        string[] parts = userInfo.Split([':'], 2);
        string[] user = Uri.UnescapeDataString(parts[0]).Split(['\\'], 2);
        string password = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        return user.Length == 2 ? new NetworkCredential(user[1], password, user[0]) : new NetworkCredential(user[0], password);
    }

    private static KoreException Invalid(string problem) =>
        KoreException.InvalidInput(
            Parameter,
            $"-Proxy {problem} Use an address such as http://proxy.example.com:8080 or http://user:password@proxy.example.com:8080.");
}
