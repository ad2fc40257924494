using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace KoreConnections.Client;

/// <summary>The one mapping from what can happen on the wire to <see cref="KoreException"/>.</summary>
internal static class ErrorMapper
{
    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "apim-request-id", "x-correlation-id"];

    private static readonly SocketError[] UnknownHost = [SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain];

    // netstandard2.0 does not tell a failed connect apart; outside of a stream these errors happen at no other time.
    private static readonly SocketError[] ConnectErrors =
    [
        SocketError.ConnectionRefused, SocketError.HostUnreachable, SocketError.NetworkUnreachable, SocketError.HostDown, SocketError.NetworkDown,
        .. UnknownHost,
    ];

    /// <summary>Another status than success.</summary>
    public static KoreException FromStatus(HttpRequestMessage request, HttpResponseMessage response, ArraySegment<byte> body, SecretRedactor redactor)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return FromRedirect(request, response, redactor);
        }

        ErrorResponse error = ErrorResponse.Read(body, redactor);
        (KoreErrorKind kind, string message, string action) = Describe(request, status, error.IsKnown);
        string told = error.Message ?? (error.IsKnown ? "" : Excerpt(body, redactor));
        var text = new StringBuilder(message).Append(" (HTTP ").Append(status);
        if (error.Code is not null)
        {
            text.Append(' ').Append(error.Code);
        }

        // Of a change, the conflict is in the server's text alone.
        bool adds = told.Length > 0 && ((kind == KoreErrorKind.Conflict && request.Method != HttpMethod.Post) || !ServerWords.Repeat(kind, message, told));
        text.Append(adds ? "): " + told : ")");
        // Of these the message names the one that the address ends with.
        string? subject = status is 404 or 409 && IdOf(request) is { Length: > 0 } id && message.Contains($"'{TextSanitizer.SingleLine(id)}'") ? id : null;
        return Fill(new KoreException(kind, End(text.ToString())) { Subject = subject }, response, error, redactor, action);
    }

    private static string IdOf(HttpRequestMessage request) => Uri.UnescapeDataString(request.RequestUri.Segments.Last());

    /// <summary>A provider that failed, and told nothing of the key.</summary>
    public static KoreException FromProvider(HttpRequestMessage request, HttpResponseMessage response, ArraySegment<byte> body, SecretRedactor redactor)
    {
        ErrorResponse error = ErrorResponse.Read(body, redactor);
        string told = error.Message ?? Excerpt(body, redactor);
        return Fill(new KoreException(KoreErrorKind.ServerError, End(told.Length > 0 ? told : $"{request.RequestUri.Host} failed")), response, error, redactor, "Try again later.");
    }

    /// <summary>Success, but not of this API.</summary>
    public static KoreException FromUnexpected(HttpResponseMessage response, ArraySegment<byte> body, string problem, SecretRedactor redactor)
    {
        string type = TextSanitizer.SingleLine(redactor.ApplyToFreeText(response.Content?.Headers.ContentType?.MediaType ?? ""), 60);
        string came = Excerpt(body, redactor);
        string message = $"HTTP {(int)response.StatusCode} came with {problem}{(type.Length > 0 ? $", content type {type}" : "")}{(came.Length > 0 ? ": " + came : "")}";
        return Fill(
            new KoreException(KoreErrorKind.UnexpectedResponse, End(message)),
            response,
            ErrorResponse.Read(body, redactor),
            redactor,
            "Check that the host is an Agent Platform (Get-KoreSession shows where requests go) and that no proxy or login page stands between. After a change, look with Get-Connection whether it was made.");
    }

    /// <summary>No complete answer in time.</summary>
    public static KoreException FromTimeout(Uri address, TimeSpan limit, ProxyInUse? proxy) =>
        new(KoreErrorKind.Timeout, $"{(proxy is null ? address.Host : $"The {proxy.Name}")} gave no complete answer {(proxy is null ? "" : $"of {address.Host} ")}within {limit.TotalSeconds:0.###} s.")
        {
            IsOfProxy = proxy is not null,
            RecommendedAction = $"{(proxy is null ? "Try again" : "Check that the proxy can be reached and lets requests through, try again")}, or give more time with Connect-KorePlatform -TimeoutSec. After a change, look with Get-Connection whether it was made.",
        };

    /// <summary>The session ended with the request under way.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="isUnknown">Whether a change had left before.</param>
    public static KoreException FromDisconnect(Uri address, bool isUnknown) =>
        new(KoreErrorKind.NotConnected, $"The session with {address.Host} was disconnected while it was in use.")
        {
            IsIndeterminate = isUnknown,
            RecommendedAction = "Connect again with Connect-KorePlatform. After a change, look with Get-Connection whether it was made.",
        };

    /// <summary>A proxy that lets nothing through without a login, or not with the one that it got.</summary>
    /// <param name="proxy">The proxy; null for one that nobody here knows of.</param>
    /// <param name="page">What it says.</param>
    public static KoreException FromProxyLogin(ProxyInUse? proxy, string page = "") =>
        new(KoreErrorKind.Unreachable, $"The {proxy?.Name ?? "proxy"} {(proxy?.HasLogin == true ? "does not accept the login" : "asks for a login")} (HTTP 407){(page.Length > 0 ? ": " + End(page) : ".")}")
        {
            // No repetition mends it, and nothing got further than there.
            StatusCode = HttpStatusCode.ProxyAuthenticationRequired,
            IsOfProxy = true,
            RecommendedAction = proxy?.HasLogin == true
                ? "Check the user and the password of the proxy's login: Connect-KorePlatform -ProxyCredential."
                : "Connect with -Proxy, and with -ProxyCredential or -ProxyUseDefaultCredentials.",
        };

    /// <summary>No answer at all.</summary>
    public static KoreException FromTransport(Uri address, Exception e, SecretRedactor redactor, ProxyInUse? proxy)
    {
        int? refusal = proxy is null ? null : TunnelStatus(e);
        if (refusal == (int)HttpStatusCode.ProxyAuthenticationRequired)
        {
            return FromProxyLogin(proxy);
        }

        // What .NET says of an answer that is no HTTP quotes it.
        string reason = Reason(e, redactor);
        string all = e.ToString();
        // Only what the system itself says of sockets and certificates holds nothing of an answer.
        bool isSystems = Chain<AuthenticationException>(e) is not null || Chain<SocketException>(e) is not null;
        Exception? inner = isSystems && redactor.ApplyToFreeText(all) == all ? e : null;
        SocketError? unconnected = Chain<IOException>(e) is null ? Chain<SocketException>(e)?.SocketErrorCode : null;
        (string what, string action) = refusal is not null
            ? ($"The {proxy!.Name} did not connect to {address.Host} (HTTP {refusal})", "Check whether the proxy may connect to this host, and try again.")
            : Chain<AuthenticationException>(e) is not null
            ? ($"The TLS connection to {(proxy?.Address.Scheme == Uri.UriSchemeHttps ? $"the {proxy.Name} or to " : "")}{address.Host} failed", "Check the certificate and the machine's clock and trusted roots; -SkipCertificateCheck accepts any certificate, for trying out only.")
            : unconnected is SocketError error ? FromConnect(error, address, proxy)
            : ($"The connection to {address.Host}{(proxy is null ? "" : $" through the {proxy.Name}")} failed", "Check the network and the proxy, and try again. After a change, look with Get-Connection whether it was made.");
        return new KoreException(KoreErrorKind.Unreachable, $"{what}: {End(reason)}", inner)
        {
            RecommendedAction = action,
            IsTls = Chain<AuthenticationException>(e) is not null,
            IsHostUnknown = unconnected is SocketError unresolved && UnknownHost.Contains(unresolved),
            IsOfProxy = proxy is not null && (refusal ?? (int?)unconnected) is not null,
            // Of a proxy's own failure it may pass, of its refusal it does not.
            StatusCode = refusal is not null and < 500 ? (HttpStatusCode)refusal : null,
            IsNotSent = refusal >= 500 || (unconnected is SocketError failed && ConnectErrors.Contains(failed)),
        };
    }

    // Where a proxy is used, it is the only one that is connected to.
    private static (string What, string Action) FromConnect(SocketError error, Uri address, ProxyInUse? proxy)
    {
        string host = proxy is null ? address.Host : $"the {proxy.Name}";
        string check = proxy is null ? "Check the host's name, and the proxy if one is needed." : "Check the proxy's address: -Proxy of Connect-KorePlatform, or the environment's HTTPS_PROXY.";
        return error switch
        {
            _ when UnknownHost.Contains(error) => ($"{(proxy is null ? $"The host {host}" : $"The {proxy.Name}")} is not known", check),
            SocketError.ConnectionRefused => proxy is null
                ? ($"{host} refuses connections on port {address.Port}", "Check host and port, and the proxy if one is needed.")
                : ($"The {proxy.Name} refuses connections", check),
            _ => ($"The connection to {host} failed", "Check the network and the proxy, and try again. After a change, look with Get-Connection whether it was made."),
        };
    }

    // netstandard2.0 has it in the text alone, which is English everywhere but on .NET Framework.
    private static int? TunnelStatus(Exception e) =>
        Chain<WebException>(e)?.Response is HttpWebResponse { StatusCode: HttpStatusCode.ProxyAuthenticationRequired } ? (int)HttpStatusCode.ProxyAuthenticationRequired
        : Chain<HttpRequestException>(e)?.Message is string text && text.IndexOf("proxy", StringComparison.OrdinalIgnoreCase) >= 0
            && Regex.Match(text, "status code '([0-9]{3})'", RegexOptions.CultureInvariant) is { Success: true } status ? int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    /// <summary>Why no answer came.</summary>
    public static string Reason(Exception e, SecretRedactor redactor) => TextSanitizer.SingleLine(redactor.ApplyToFreeText(e.GetBaseException().Message), TextSanitizer.Shortened);

    private static (KoreErrorKind Kind, string Message, string Action) Describe(HttpRequestMessage request, int status, bool isKnown)
    {
        string host = request.RequestUri.Host;
        string id = TextSanitizer.SingleLine(IdOf(request));
        bool isOne = id != "connections";
        string scope = request.Method == HttpMethod.Get ? "View Connections" : "Manage Connections";
        return status switch
        {
            401 => (KoreErrorKind.Unauthorized, $"{host} does not accept the key of this session", "Make a key under Settings > Security & Control > API Scopes and connect with it: Connect-KorePlatform."),
            403 => (KoreErrorKind.Forbidden, $"The key of this session lacks the scope '{scope}'", $"Give the API App of this key the scope '{scope}' under Settings > Security & Control > API Scopes."),
            404 when isOne => (KoreErrorKind.ConnectionNotFound, $"{host} has no connection '{id}'", id.StartsWith("cn-", StringComparison.OrdinalIgnoreCase) ? "List what there is: Get-Connection." : "Ids begin with cn-. By a name, a connection is found with Get-Connection NAME, and can be piped from there."),
            404 when !isKnown => (KoreErrorKind.UnexpectedResponse, $"{host} has no Connections API at {request.RequestUri.AbsolutePath}", "Check the host: Get-KoreSession shows where requests go."),
            404 when request.Method == HttpMethod.Get => (KoreErrorKind.InvalidRequest, $"{host} has no Connections API at {request.RequestUri.AbsolutePath}", "Connect to the host alone, or to https://HOST/api/public."),
            408 => (KoreErrorKind.Timeout, $"{host} gave up waiting for the request", "Try again."),
            409 => (KoreErrorKind.Conflict, isOne ? $"The change of '{id}' conflicts with what is there" : "A connection of this name exists already", "Choose another name, or use New-Connection -IfNotExists to take the existing one."),
            429 => (KoreErrorKind.Throttled, $"{host} is asked too often", "Wait, and try again."),
            >= 500 => (KoreErrorKind.ServerError, $"{host} failed", "Try again later; give the request id to the platform's support. After a change, look with Get-Connection whether it was made."),
            >= 400 => (KoreErrorKind.InvalidRequest, $"{host} refused the request", "Correct what the platform names."),
            _ => (KoreErrorKind.UnexpectedResponse, $"{host} answered with a status that this API does not have", "Check the host: Get-KoreSession shows where requests go."),
        };
    }

    private static KoreException FromRedirect(HttpRequestMessage request, HttpResponseMessage response, SecretRedactor redactor)
    {
        Uri? target = response.Headers.Location;
        string where = target is null ? "without saying where to"
            : !Uri.TryCreate(request.RequestUri, target, out Uri? whole) ? "to what is no address"
            : $"to {TextSanitizer.SingleLine(redactor.ApplyToFreeText(whole.GetLeftPart(UriPartial.Path)), 200)}";
        return Fill(
            new KoreException(KoreErrorKind.UnexpectedResponse, $"{request.RequestUri.Host} redirects (HTTP {(int)response.StatusCode}) {where}. Redirects are not followed, so the key went no further."),
            response,
            default,
            redactor,
            "If that is your platform's right address, connect to it: Connect-KorePlatform -HostName.");
    }

    private static KoreException Fill(KoreException exception, HttpResponseMessage response, ErrorResponse error, SecretRedactor redactor, string action)
    {
        exception.StatusCode = response.StatusCode;
        exception.Code = error.Code;
        exception.ServerMessage = error.Message;
        exception.RequestId = error.RequestId ?? RequestId(response, redactor);
        exception.RetryAfter = RetryAfter(response);
        exception.RecommendedAction = action;
        return exception;
    }

    // A date is the platform's: it is read by the clock that the answer shows, not by this machine's.
    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: TimeSpan delta } => delta,
        { Date: DateTimeOffset date } => date - (response.Headers.Date ?? DateTimeOffset.UtcNow) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    public static string? RequestId(HttpResponseMessage response, SecretRedactor redactor)
    {
        foreach (string name in RequestIdHeaders)
        {
            if (response.Headers.TryGetValues(name, out var values))
            {
                return TextSanitizer.SingleLine(redactor.ApplyToFreeText(values.FirstOrDefault() ?? ""), 100);
            }
        }

        return null;
    }

    public static string Excerpt(ArraySegment<byte> body, SecretRedactor redactor) =>
        body.Array is null ? "" : TextSanitizer.SingleLine(redactor.ApplyToFreeText(Encoding.UTF8.GetString(body.Array, body.Offset, Math.Min(body.Count, 1024 * 1024))), TextSanitizer.Shortened);

    private static string End(string sentence) => sentence.Length > 0 && sentence[sentence.Length - 1] is '.' or '…' or '!' ? sentence : sentence + ".";

    private static T? Chain<T>(Exception e)
        where T : Exception
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is T found)
            {
                return found;
            }
        }

        return null;
    }
}
