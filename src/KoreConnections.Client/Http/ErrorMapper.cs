using System.Net.Sockets;

namespace KoreConnections.Client;

/// <summary>
/// Maps failures on the wire to <see cref="KoreException"/>. An answer that is too large, or about another connection, its readers refuse themselves.
/// </summary>
internal static class ErrorMapper
{
    internal const string AfterChange = "After a change, check with Get-Connection whether it was made.";
    internal const string NameExists = "A connection with this name already exists";
    private const string TryLater = "Try again later.";
    private const string CorrectNamed = "Correct what the message names.";
    private const string CheckHost = "Check the host: Get-KoreSession shows where requests go.";
    private const string CheckNetwork = "Check the network and the proxy, and try again. " + AfterChange;
    private const string CheckTls = "Check the certificate, the machine's clock and its trusted roots. "
        + "For testing only, -SkipCertificateCheck accepts any certificate.";

    private const string ApiScopes = "Settings > Security & Control > API Scopes";

    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "apim-request-id", "x-correlation-id"];

    public static KoreException FromStatus(HttpRequestMessage request, HttpResponseMessage response, ArraySegment<byte> body, SecretRedactor redactor)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400 and not (int)HttpStatusCode.NotModified)
        {
            return FromRedirect(request, response, redactor);
        }

        ErrorResponse error = ErrorResponse.Read(body, redactor);
        string details = error.Message ?? (error.IsKnown ? "" : Excerpt(body, redactor));
        // A page is a gateway's.
        string reason = details.Length > 0 && details[0] != '<' ? details : "";
        (KoreErrorKind kind, string message, string action) = Describe(request, status, error.IsKnown, reason);
        // Of a change, the conflict is in the server's text alone.
        bool adds = details.Length > 0
            && ((kind == KoreErrorKind.Conflict && request.Method != HttpMethod.Post) || !ServerWords.Repeat(kind, $"{message} {error.Code}", details));
        string code = error.Code is null || error.Code == $"{status}" ? "" : $" {error.Code}";
        string text = $"{message} (HTTP {status}{code}){(adds ? ": " + details : "")}";
        // The one that the address ends with, where the message names it.
        string id = IdOf(request);
        return Failure(kind, text, response, error, redactor, action).About(message.Contains($"'{TextSanitizer.SingleLine(id)}'") ? id : null);
    }

    private static string IdOf(HttpRequestMessage request) => Uri.UnescapeDataString(request.RequestUri.Segments.Last());

    public static KoreException FromProvider(HttpRequestMessage request, HttpResponseMessage response, ArraySegment<byte> body, SecretRedactor redactor)
    {
        ErrorResponse error = ErrorResponse.Read(body, redactor);
        string details = error.Message ?? Excerpt(body, redactor);
        string message = $"{request.RequestUri.Authority} failed (HTTP {(int)response.StatusCode}){(details.Length > 0 ? ": " + details : "")}";
        return Failure(KoreErrorKind.ServerError, message, response, error, redactor, TryLater);
    }

    /// <summary>Success, but not of this API.</summary>
    public static KoreException FromUnexpected(HttpResponseMessage response, ArraySegment<byte> body, string problem, SecretRedactor redactor)
    {
        string type = redactor.Quote(response.Content?.Headers.ContentType?.MediaType ?? "", 60);
        string came = Excerpt(body, redactor);
        string contentType = type.Length > 0 && body.Count > 0 ? $", content type {type}" : "";
        string message = $"HTTP {(int)response.StatusCode} returned {problem}{contentType}{(came.Length > 0 ? ": " + came : "")}";
        string action = body.Count == 0 ? "If this persists, give the request id to the platform's support. "
            : "Check that the host is an Agent Platform (Get-KoreSession shows where requests go), and that no proxy or login page intercepts them. ";
        return Failure(KoreErrorKind.UnexpectedResponse, message, response, ErrorResponse.Read(body, redactor), redactor, action + AfterChange);
    }

    public static KoreException FromTimeout(Uri address, TimeSpan limit, ProxyInUse? proxy, SecretRedactor? redactor = null)
    {
        string host = (redactor ?? SecretRedactor.None).WithReferences(address.Host);
        string who = proxy is null ? host : $"The {proxy.Name}";
        string whose = proxy is null ? "" : $" from {host}";
        string check = proxy is null ? "Try again" : "Check that the proxy is reachable and forwards requests, try again";
        string time = limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return new KoreException(KoreErrorKind.Timeout, $"{who} returned no complete answer{whose} within {time} s.")
        {
            IsOfProxy = proxy is not null,
            RecommendedAction = $"{check}, or allow more time with Connect-KorePlatform -TimeoutSec. {AfterChange}",
        };
    }

    /// <param name="isUnknown">Whether a change had left before.</param>
    public static KoreException FromDisconnect(Uri address, bool isUnknown) =>
        new(KoreErrorKind.NotConnected, $"The session with {address.Host} was disconnected while {(isUnknown ? "a change was under way" : "it was in use")}.")
        {
            IsIndeterminate = isUnknown,
            RecommendedAction = "Connect again with Connect-KorePlatform. " + AfterChange,
        };

    /// <summary>A proxy that lets nothing through without a login, or not with the one that it got.</summary>
    /// <param name="proxy">The proxy; null for one that nobody here knows of.</param>
    public static KoreException FromProxyLogin(ProxyInUse? proxy, string page = "")
    {
        string problem = proxy?.HasLogin == true ? "does not accept the login" : "requires a login";
        string detail = page.Length > 0 ? ": " + End(page) : ".";
        return new KoreException(KoreErrorKind.Unreachable, $"The {proxy?.Name ?? "proxy"} {problem} (HTTP 407){detail}")
        {
            // No retry mends it, and nothing got further than there.
            StatusCode = HttpStatusCode.ProxyAuthenticationRequired,
            IsOfProxy = true,
            RecommendedAction = proxy?.HasLogin == true
                ? "Check the user name and password of the proxy: Connect-KorePlatform -ProxyCredential."
                : "Connect with -Proxy, and with -ProxyCredential or -ProxyUseDefaultCredentials.",
        };
    }

    /// <summary>No answer at all.</summary>
    /// <param name="hasLeft">Whether a body had begun to leave.</param>
    public static KoreException FromTransport(Uri address, Exception e, SecretRedactor redactor, ProxyInUse? proxy, bool hasLeft = false)
    {
        var fault = new TransportFault(address, e);
        string host = redactor.WithReferences(address.Host);
        int? refusal = proxy is null ? null : fault.TunnelStatus;
        if (refusal == (int)HttpStatusCode.ProxyAuthenticationRequired)
        {
            return FromProxyLogin(proxy);
        }

        // What .NET says of an answer that is no HTTP quotes it.
        string reason = Reason(e, redactor);
        // A stack never does.
        Exception? inner = fault.IsSystems && TransportFault.Chain(e).All(c => redactor.ApplyToFreeText(c.Message) == c.Message) ? e : null;
        string through = proxy is null ? "" : $" through the {proxy.Name}";
        string firstTls = proxy?.Address.Scheme == Uri.UriSchemeHttps ? $"the {proxy.Name} or to " : "";
        (string what, string action) = refusal is not null
            ? ($"The {proxy!.Name} did not connect to {host} (HTTP {refusal}).", "Check whether the proxy allows this host, and try again.")
            : fault.IsPlain ? proxy is null
                ? ($"{host} does not speak TLS on port {address.Port}.",
                    "Check the address and the port. A server behind plain http cannot be used with https.")
                : ($"The {proxy.Name} answered instead of {host}, without TLS.", "Check whether the proxy shows a login page or blocks this host.")
            : fault.IsTls
                ? ($"The TLS connection to {firstTls}{host} failed: {End(reason)}", hasLeft ? $"{CheckTls} {AfterChange}" : CheckTls)
            : fault.Unconnected is SocketError error ? FromConnect(error, host, address.Port, proxy, reason)
            : ($"The connection to {host}{through} failed: {End(reason)}", CheckNetwork);
        return new KoreException(KoreErrorKind.Unreachable, what, inner)
        {
            RecommendedAction = action,
            // A server may ask for encryption again, which can fail when it has the request.
            IsTls = fault.IsTls && !hasLeft,
            IsHostUnknown = fault.IsHostUnknown,
            IsOfProxy = proxy is not null && (refusal is not null || fault.Unconnected is not null || fault.IsPlain),
            // Of a proxy's own failure it may pass, of its refusal it does not.
            StatusCode = refusal is < 500 ? (HttpStatusCode)refusal : null,
            IsNotSent = refusal >= 500 || fault.IsNeverConnected,
        };
    }

    // Where a proxy is used, it is the only one that is connected to.
    private static (string What, string Action) FromConnect(SocketError error, string host, int port, ProxyInUse? proxy, string reason)
    {
        host = proxy is null ? host : $"the {proxy.Name}";
        string check = proxy is null
            ? "Check the host name, and the proxy if you need one."
            : "Check the address of the proxy: Connect-KorePlatform -Proxy, or the environment variable HTTPS_PROXY.";
        return error switch
        {
            // What the system says of a name or a port that is wrong would only repeat it.
            _ when TransportFault.IsUnknownHost(error) => (proxy is null ? $"The host {host} is unknown." : $"The {proxy.Name} is unknown.", check),
            SocketError.ConnectionRefused => proxy is null
                ? ($"{host} refuses connections on port {port}.", "Check the host and the port, and the proxy if you need one.")
                : ($"The {proxy.Name} refuses connections.", check),
            _ => ($"The connection to {host} failed: {End(reason)}", CheckNetwork),
        };
    }

    /// <summary>What to do about a failure that is known to have changed nothing.</summary>
    public static string ActionOfRefusal(KoreException failure) => (failure.RecommendedAction ?? "").Replace(AfterChange, "").Trim();

    public static string Reason(Exception e, SecretRedactor redactor) => redactor.Quote(e.GetBaseException().Message, TextSanitizer.Shortened);

    private static (KoreErrorKind Kind, string Message, string Action) Describe(HttpRequestMessage request, int status, bool isKnown, string reason)
    {
        string host = request.RequestUri.Host;
        string id = TextSanitizer.SingleLine(IdOf(request));
        bool isOne = id != "connections";
        bool isId = id.StartsWith("cn-", StringComparison.OrdinalIgnoreCase);
        string scope = request.Method == HttpMethod.Get ? "View Connections" : "Manage Connections";
        string noApi = $"{host} has no Connections API at {request.RequestUri.AbsolutePath}";
        return status switch
        {
            401 => (KoreErrorKind.Unauthorized, $"{host} does not accept the key of this session",
                $"Create a key under {ApiScopes}, and use it with Connect-KorePlatform."),
            403 when ServerWords.SayUnsupported(reason) => (KoreErrorKind.Forbidden, $"{host} refused the request", CorrectNamed),
            403 => (KoreErrorKind.Forbidden, $"The key of this session lacks the scope '{scope}'",
                $"Add the scope '{scope}' to the API App of this key under {ApiScopes}."),
            404 when isOne => (KoreErrorKind.ConnectionNotFound, $"{host} has no connection {(isId ? "" : "with the id ")}'{id}'",
                isId ? "To list all connections, use Get-Connection."
                    : "Ids begin with cn-. To find a connection by name, use Get-Connection NAME, and pipe it."),
            404 when !isKnown => (KoreErrorKind.UnexpectedResponse, noApi, CheckHost),
            404 when request.Method == HttpMethod.Get => (KoreErrorKind.InvalidRequest, noApi, "Use only the host, or https://HOST/api/public."),
            408 => (KoreErrorKind.Timeout, $"{host} timed out waiting for the request", "Try again."),
            // What is in front of a server says it of a request that it gave up on.
            499 => (KoreErrorKind.Timeout, $"{host} closed the request before it was answered", "Try again. " + AfterChange),
            425 => (KoreErrorKind.InvalidRequest, $"{host} does not process the request this early", "Try again. " + AfterChange),
            409 when request.Method == HttpMethod.Post && !ServerWords.MayBeOfName(reason) =>
                (KoreErrorKind.Conflict, "The new connection conflicts with an existing one", CorrectNamed),
            409 when request.Method == HttpMethod.Post => (KoreErrorKind.Conflict, NameExists,
                "Choose another name, or use New-Connection -IfNotExists to get the existing connection."),
            409 when isOne && request.Method != HttpMethod.Get => (KoreErrorKind.Conflict, $"The change of '{id}' conflicts with an existing connection",
                "Correct what the message names. If you changed the name, choose another one."),
            409 => (KoreErrorKind.Conflict, $"{host} reports a conflict", TryLater),
            429 => (KoreErrorKind.Throttled, $"{host} is rate limiting requests", "Wait, and try again."),
            >= 500 => (KoreErrorKind.ServerError, $"{host} failed",
                $"{TryLater} If this persists, give the request id to the platform's support. {AfterChange}"),
            >= 400 => (KoreErrorKind.InvalidRequest, $"{host} rejected the request",
                reason.Length > 0 ? CorrectNamed
                    : "The response gives no reason. Check the values, and the proxy or gateway in front of the host."),
            _ => (KoreErrorKind.UnexpectedResponse, $"{host} returned a status that this API does not use", CheckHost),
        };
    }

    private static KoreException FromRedirect(HttpRequestMessage request, HttpResponseMessage response, SecretRedactor redactor)
    {
        // An address does not stay as it came: a backslash becomes a slash, and its end is cut off. A key in it would not be found any more.
        string? target = response.Headers.Location is Uri location ? redactor.Apply(location.OriginalString) : null;
        string where = target is null ? "without an address"
            : !Uri.TryCreate(request.RequestUri, target, out Uri? whole) ? "to an invalid address"
            : $"to {redactor.Quote(whole.GetLeftPart(UriPartial.Path), 200)}";
        string message = $"{redactor.WithReferences(request.RequestUri.Host)} redirects (HTTP {(int)response.StatusCode}) {where}. "
            + "To protect the key, redirects are not followed.";
        string action = "If that is the correct address of your platform, use it with Connect-KorePlatform -HostName. " + AfterChange;
        return Failure(KoreErrorKind.UnexpectedResponse, message, response, default, redactor, action);
    }

    private static KoreException Failure(
        KoreErrorKind kind, string text, HttpResponseMessage response, ErrorResponse error, SecretRedactor redactor, string action)
    {
        TimeSpan? retryAfter = RetryAfterHeader.Read(response);
        return new KoreException(kind, End(text))
        {
            StatusCode = response.StatusCode,
            Code = error.Code,
            ServerMessage = error.Message,
            RequestId = error.RequestId ?? RequestId(response, redactor),
            RetryAfter = retryAfter,
            RecommendedAction = retryAfter is not { TotalSeconds: >= 1 } wait ? action
                : kind == KoreErrorKind.Throttled ? Wait(wait)
                : action.Replace(TryLater, Wait(wait)),
        };
    }

    internal static string Wait(TimeSpan wait) => $"Wait {Math.Ceiling(wait.TotalSeconds):0} s, and try again.";

    public static string? RequestId(HttpResponseMessage response, SecretRedactor redactor) => RequestIdHeaders
        .Where(response.Headers.Contains)
        .Select(name => redactor.Quote(response.Headers.GetValues(name).FirstOrDefault() ?? "", 100))
        .FirstOrDefault();

    public static string Excerpt(ArraySegment<byte> body, SecretRedactor redactor)
    {
        string text = body.Array is null ? "" : Encoding.UTF8.GetString(body.Array, body.Offset, Math.Min(body.Count, 1024 * 1024));
        return redactor.Quote(text, TextSanitizer.Shortened);
    }

    private static string End(string sentence) => sentence.Length > 0 && sentence[sentence.Length - 1] is '.' or '…' or '!' ? sentence : sentence + ".";
}
