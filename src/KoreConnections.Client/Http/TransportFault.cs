using System.Net.Sockets;
using System.Security.Authentication;

namespace KoreConnections.Client;

/// <summary>
/// How far a request without an answer got, by its exception. .NET Framework says it by the status of a WebException, and often by nothing else.
/// </summary>
internal sealed class TransportFault(Uri address, Exception e)
{
    private static readonly SocketError[] UnknownHost = [SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain];

    // netstandard2.0 does not distinguish a failed connect; outside of a stream these errors happen at no other time.
    private static readonly SocketError[] ConnectErrors =
    [
        SocketError.ConnectionRefused, SocketError.HostUnreachable, SocketError.NetworkUnreachable, SocketError.HostDown, SocketError.NetworkDown,
        // A firewall of this machine, and no free port or address on it.
        SocketError.AccessDenied, SocketError.AddressNotAvailable,
        .. UnknownHost,
    ];

    private readonly WebException? _web = Chain<WebException>(e);
    private readonly AuthenticationException? _tls = Chain<AuthenticationException>(e);

    public bool IsTls => _tls is not null || _web?.Status is WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure;

    /// <summary>Text instead of a handshake, such as that of a server that expects plain http.</summary>
    public bool IsPlain => _tls?.Message.IndexOf("frame size", StringComparison.Ordinal) >= 0;

    /// <summary>Whether only the system's own words are in it, of sockets and certificates: nothing of an answer.</summary>
    public bool IsSystems => IsTls || Chain<SocketException>(e) is not null;

    /// <summary>Why there is no connection; null for one that stood.</summary>
    public SocketError? Unconnected => _web?.Status switch
    {
        WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure => SocketError.HostNotFound,
        WebExceptionStatus.ConnectFailure => Chain<SocketException>(e)?.SocketErrorCode ?? SocketError.SocketError,
        null when Chain<IOException>(e) is null => Chain<SocketException>(e)?.SocketErrorCode,
        _ => null,
    };

    public bool IsHostUnknown => Unconnected is SocketError error && IsUnknownHost(error);

    /// <summary>Whether it is certain that there never was a connection.</summary>
    public bool IsNeverConnected => _web?.Status == WebExceptionStatus.ConnectFailure || (Unconnected is SocketError error && ConnectErrors.Contains(error));

    /// <summary>With what a proxy refused to connect further; null where none did.</summary>
    public int? TunnelStatus => OwnTunnelStatus ?? QuotedTunnelStatus;

    public static bool IsUnknownHost(SocketError error) => UnknownHost.Contains(error);

    public static IEnumerable<Exception> Chain(Exception? e) => e is null ? [] : Chain(e.InnerException).Prepend(e);

    private static T? Chain<T>(Exception e) where T : Exception => Chain(e).OfType<T>().FirstOrDefault();

    // The client of .NET Framework returns the answers of the host itself: with this status, one that it throws is the tunnel's. Http has no tunnel.
    private int? OwnTunnelStatus => _web is { Response: HttpWebResponse { StatusCode: var status } } && (int)status >= 300
        && (status == HttpStatusCode.ProxyAuthenticationRequired
            || (_web.Status == WebExceptionStatus.ProtocolError && address.Scheme == Uri.UriSchemeHttps)) ? (int)status : null;

    // netstandard2.0 has it in the text alone, which is English everywhere but on .NET Framework.
    private int? QuotedTunnelStatus =>
        Chain<HttpRequestException>(e)?.Message is string text
            && text.IndexOf("proxy", StringComparison.OrdinalIgnoreCase) >= 0
            && Regex.Match(text, "status code '([0-9]{3})'", RegexOptions.CultureInvariant) is { Success: true } status
            ? int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;
}
