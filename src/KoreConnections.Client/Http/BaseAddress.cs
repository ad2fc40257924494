using System;

namespace KoreConnections.Client;

/// <summary>Turns what a person gives as the host into the base of the API.</summary>
public static class BaseAddress
{
    private const string ApiPath = "/api/public";
    private const string Accepted = "Accepted are a host (agent-platform.kore.ai, optionally with :PORT) or an absolute https address (https://HOST/api/public).";

    /// <summary>Reads a bare host or an address; without a path it gets the API's.</summary>
    /// <param name="host">What was given.</param>
    /// <param name="allowUnencrypted">Whether plain http to another machine is accepted.</param>
    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public static Uri Parse(string? host, bool allowUnencrypted)
    {
        string text = host?.Trim() ?? "";
        if (text.Length == 0)
        {
            throw Invalid($"-HostName is empty. {Accepted}");
        }

        bool bare = text.IndexOf("://", StringComparison.Ordinal) < 0;
        if (!Uri.TryCreate(bare ? "https://" + text : text, UriKind.Absolute, out Uri? uri)
            || uri.Host.Length == 0
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            throw Invalid($"-HostName '{CleanText.Line(text, 200)}' is not a host. {Accepted}");
        }

        if (uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0)
        {
            throw Invalid($"-HostName holds a user, a query or a fragment, which have no place there. {Accepted}");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowUnencrypted)
        {
            throw Invalid($"-HostName '{CleanText.Line(uri.Host)}' is given with http: the key would travel unencrypted. Use https, or -AllowUnencryptedAuthentication if the network between is trusted.");
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        return new UriBuilder(uri) { Path = path.Length == 0 ? ApiPath : path }.Uri;
    }

    private static KoreException Invalid(string message) => KoreException.InvalidInput("HostName", message);
}
