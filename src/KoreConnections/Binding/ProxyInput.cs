using System.Net;

namespace KoreConnections.Commands;

/// <summary>Reads a proxy and its login. Its address may hold a password, so no message quotes it.</summary>
internal static class ProxyInput
{
    private const string Parameter = "Proxy";

    public static WebProxy? Read(object? given, PSCredential? credential, bool isUsersOwn)
    {
        string? text = PSValueConverter.Unwrap(given) switch
        {
            null => null,
            Uri uri => uri.OriginalString.Trim(),
            string plain => plain.Trim(),
            _ => throw Invalid("is not a string."),
        };
        if (text is null)
        {
            return credential is null && !isUsersOwn
                ? null
                : throw KoreException.InvalidInput(
                    Parameter, "-ProxyCredential and -ProxyUseDefaultCredentials need -Proxy. Specify the address of the proxy.");
        }

        Uri? address = Uri.TryCreate(text, UriKind.Absolute, out Uri? absolute) && BaseAddress.IsWeb(absolute) ? absolute : null;
        string? problem = text.Length == 0 ? "is empty."
            : BaseAddress.IsKey(text) ? BaseAddress.LooksLikeKey
            : address is null ? "is not an absolute http or https address."
            // An unescaped mark in a password ends the host where it stands.
            : address.PathAndQuery != "/" || address.Fragment.Length > 0
                ? "contains more than a login, a host and a port. Percent-encode special characters in the user name or password, such as %23 for #."
            : address.UserInfo.Length > 0 && (credential is not null || isUsersOwn)
                ? "contains a login, but -ProxyCredential or -ProxyUseDefaultCredentials specifies another. Use only one."
            : null;
        return problem is not null ? throw Invalid(problem) : new WebProxy(new UriBuilder(address!) { UserName = "", Password = "" }.Uri)
        {
            Credentials = credential?.GetNetworkCredential()
                ?? (isUsersOwn ? CredentialCache.DefaultCredentials : ProxyLogin.Of(address!)),
        };
    }

    private static KoreException Invalid(string problem) =>
        Guard.Invalid(Parameter, $"{problem} Use an address such as http://proxy.example.com:8080 or http://user:password@proxy.example.com:8080.");
}
