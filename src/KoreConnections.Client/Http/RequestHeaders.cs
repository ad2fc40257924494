using System.Net.Http.Headers;

namespace KoreConnections.Client;

/// <summary>
/// Writes headers on a request as they were given, also those whose names .NET knows: it keeps those of the content apart,
/// and adds to what a client sends by itself.
/// </summary>
internal static class RequestHeaders
{
    // RFC 9110, 7.6.1 and 8.6, RFC 9112, 6: they say how this one message and connection are to be read, so only the sender can know them.
    private static readonly string[] HopByHop =
        ["Connection", "Content-Length", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    private const string WithoutIt = "Test it without this header. To change the key without a test, use "
        + "Update-ConnectionKey -SkipVerification, or Sync-Connection without -VerifyKey.";

    /// <exception cref="KoreException">KoreInvalidInput: a header that no request can carry as it was given.</exception>
    public static void Require(IReadOnlyList<Header> headers)
    {
        foreach (Header header in headers)
        {
            string? problem = HopByHop.Contains(header.Name, StringComparer.OrdinalIgnoreCase)
                ? $"-Header '{header.Name}' applies to a single network connection, so it cannot be tested. Nothing was sent. Remove it from -Header."
                : IsHost(header) && !header.Value.Read(IsHostAndPort)
                ? "-Header 'Host' is not a host, so it cannot be tested. Nothing was sent. Use a host such as llm.example.com or llm.example.com:8443."
                : null;
            if (problem is not null)
            {
                throw KoreException.InvalidInput("Header", problem, WithoutIt);
            }
        }
    }

    public static bool IsHost(Header header) => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a header instead of what the request has under its name.</summary>
    public static void Write(HttpRequestMessage request, string name, string value)
    {
        HttpHeaders headers = Of(request, name);
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }

    public static void Remove(HttpRequestMessage request, string name) => Of(request, name).Remove(name);

    // .NET refuses a content's header where it is not looking for one, and asking for it there is an exception.
    private static HttpHeaders Of(HttpRequestMessage request, string name)
    {
        using var any = new HttpRequestMessage();
        return any.Headers.TryAddWithoutValidation(name, "") ? request.Headers : request.Content.Headers;
    }

    // Of another form .NET sends it beside the address's own, and servers refuse two.
    private static bool IsHostAndPort(ReadOnlySpan<char> value)
    {
        string text = value.ToString();
        return Uri.TryCreate($"http://{text}/", UriKind.Absolute, out Uri? uri)
            && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']')
            && text[text.Length - 1] != ':'
            && BaseAddress.IsWeb(uri);
    }
}
