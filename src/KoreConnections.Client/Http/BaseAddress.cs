namespace KoreConnections.Client;

/// <summary>Turns what a person gives as a host into the base of an API, and keeps keys off unencrypted ways.</summary>
internal static class BaseAddress
{
    private const string ApiPath = "/api/public";

    private static readonly Rule Platform = new(
        "HostName",
        "Use a host (agent-platform.kore.ai, optionally with :PORT) or an absolute https address (https://HOST/api/public).",
        "Use https, or -AllowUnencryptedAuthentication if you trust the network.");

    private static readonly Rule Provider = new(
        "ProviderUri",
        "Use a host or the absolute https address of a gateway, such as https://gateway.example.com/openai/v1.",
        "Use https.");

    /// <summary>Reads a bare host or an address; without a path it gets the API's.</summary>
    /// <param name="parameter">What it was given with: a parameter, or an environment variable.</param>
    public static Uri Parse(string? host, bool allowUnencrypted, string parameter = "HostName")
    {
        Uri uri = Read(host, Platform with { Parameter = parameter });
        OtherProduct.RefuseHost(uri, parameter);
        if (!allowUnencrypted)
        {
            RequireEncryption(uri, parameter, Platform.WayOut);
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        return new UriBuilder(uri) { Path = path.Length == 0 ? ApiPath : path }.Uri;
    }

    /// <summary>Reads the address that stands in for a provider's own; null for none.</summary>
    public static Uri? ParseProvider(string? address, bool isUsed = true)
    {
        if (address is null)
        {
            return null;
        }

        if (!isUsed)
        {
            throw KoreException.InvalidInput(Provider.Parameter, $"-{Provider.Parameter} is where keys are verified. Use -VerifyKey with it.");
        }

        Uri uri = Read(address, Provider);
        RequireEncryption(uri, Provider.Parameter, Provider.WayOut);
        return uri;
    }

    /// <summary>A key travels over plain http on this machine only.</summary>
    internal static void RequireEncryption(Uri uri, string parameter, string wayOut)
    {
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            throw KoreException.InvalidInput(
                parameter,
                $"{Guard.Shown(parameter)} '{SecretMasker.Quote(uri.Host)}' uses http, so the key would be sent unencrypted. {wayOut}");
        }
    }

    /// <summary>Whether it is http or https, and its host a name that can be looked up: some that Uri accepts cannot be.</summary>
    internal static bool IsWeb(Uri uri)
    {
        try
        {
            return uri.Scheme is "http" or "https" && uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private static Uri Read(string? given, Rule rule)
    {
        string text = given?.Trim() ?? "";
        bool bare = text.IndexOf("://", StringComparison.Ordinal) < 0;
        string address = bare ? "https://" + text : text;
        // A name without a dot would be looked up as it is.
        string? problem = text.Length == 0 ? "is empty."
            : UnfilledPlaceholder.Find(text.AsSpan()) is string unfilled ? unfilled
            : bare && text.IndexOf('.') < 0 && SecretRule.LooksLikeKey(text) ? "looks like a key, so nothing was sent. Check the order of the values."
            : !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || !IsWeb(uri) ? $"'{SecretMasker.Quote(text, 200)}' is not a host."
            : uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0 ? "contains a user, a query or a fragment, which are not allowed here."
            : null;
        return problem is null
            ? new Uri(address)
            : throw KoreException.InvalidInput(rule.Parameter, $"{Guard.Shown(rule.Parameter)} {problem} {rule.Accepted}");
    }

    private sealed record Rule(string Parameter, string Accepted, string WayOut);
}
