namespace KoreConnections.Client;

/// <summary>Turns what a person gives as a host into the base of an API, and keeps keys off unencrypted ways.</summary>
internal static class BaseAddress
{
    /// <summary>What a key instead of a host is, as the end of a sentence.</summary>
    public const string LooksLikeKey = "looks like a key, so nothing was sent. Check the order of the values.";

    private const string ApiPath = "/api/public";

    // Of a name of the network. What is longer takes the patterns long.
    private const int LongestHost = 253;

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
            throw Guard.Invalid(Provider.Parameter, "is where keys are verified. Use -VerifyKey with it.");
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
            throw Guard.Invalid(parameter, $"'{SecretMasker.Quote(uri.Host)}' uses http, so the key would be sent unencrypted. {wayOut}");
        }
    }

    /// <summary>Whether it is http or https, with a host that can be looked up and a port to connect to: some that Uri accepts have neither.</summary>
    internal static bool IsWeb(Uri uri)
    {
        try
        {
            return uri.Scheme is "http" or "https" && uri.Port != 0 && uri.IdnHost.Length > 0
                && (uri.HostNameType == UriHostNameType.IPv6 || !Pattern.NoHost.IsMatch(uri.Host));
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a key is where a host or an address belongs: it would be looked up, and shown in lower case. Public names end with a word, which no
    /// key with dots does. Other names of networks may have numbers and hyphens, and with https:// before them only a key of a known form is none.
    /// </summary>
    public static bool IsKey(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        string host = text.Substring(scheme < 0 ? 0 : scheme + 3).Split('/', '?', '#')[0];
        host = Pattern.Port.Replace(host.Substring(host.LastIndexOf('@') + 1), "").TrimEnd('.');
        return !IPAddress.TryParse(host, out _) && !(host.Length <= LongestHost && Pattern.PublicName.IsMatch(host)) && (scheme < 0 && text.IndexOf('.') < 0
            ? SecretRule.LooksLikeKey(text)
            : SecretRule.IsPastedKey(host) || (scheme < 0 && host.IndexOf('-') < 0 && host.Count(char.IsDigit) > 3 && SecretRule.LooksLikeKey(host)));
    }

    private static Uri Read(string? given, Rule rule)
    {
        string text = given?.Trim() ?? "";
        bool bare = text.IndexOf("://", StringComparison.Ordinal) < 0;
        string address = bare ? "https://" + text : text;
        string? problem = text.Length == 0 ? "is empty."
            : UnfilledPlaceholder.FindInAddress(text) is string unfilled ? unfilled
            : IsKey(text) ? LooksLikeKey
            : IsBareIPv6(text) ? "is an IPv6 address without brackets. Put it in brackets, such as [2001:db8::1]:8443."
            : !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || !IsWeb(uri)
                ? $"'{SecretMasker.Quote(text, 200)}' is not a host."
            : uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0 ? "contains a user, a query or a fragment, which are not allowed here."
            : null;
        return problem is null
            ? new Uri(address)
            : throw Guard.Invalid(rule.Parameter, $"{problem} {rule.Accepted}");
    }

    private static bool IsBareIPv6(string text) =>
        text.Count(c => c == ':') > 1 && text[0] != '[' && IPAddress.TryParse(text.Split('/', '%')[0], out IPAddress? ip) && ip.GetAddressBytes().Length > 4;

    // Apart, so that what connects from a variable does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex Port = new(@"(?<=^[^:]*|\]):\d{0,5}\z", RegexOptions.CultureInvariant);

        // The scheme of a second address, or a label without a letter or a digit.
        public static readonly Regex NoHost = new(@"(?:^|\.)(?:https?\z|-+(?:\.|\z))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

        // The longest of the words has 18 letters. Others than Latin ones are in no key.
        public static readonly Regex PublicName = new(
            @"^[^\s.]+(?:\.[^\s.]+)*\.(?:[A-Z]?[a-z]{1,17}|[A-Z]{2,18}|[xX][nN]--[A-Za-z0-9-]+|\S*[^\x00-\x7F]\S*)\z", RegexOptions.CultureInvariant);
    }

    private sealed record Rule(string Parameter, string Accepted, string WayOut);
}
