using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace KoreConnections.Tests.Client;

/// <summary>When it is certain that nothing was sent.</summary>
public sealed class ErrorMapperTests
{
    private static readonly Uri Address = new("https://platform.example.com/api/public/connections");

    [Theory]
    [InlineData(SocketError.ConnectionRefused, false, true)]
    [InlineData(SocketError.HostNotFound, false, true)]
    [InlineData(SocketError.HostUnreachable, false, true)]
    [InlineData(SocketError.AccessDenied, false, true)] // this machine's firewall
    [InlineData(SocketError.AccessDenied, true, false)]
    [InlineData(SocketError.AddressNotAvailable, false, true)]
    [InlineData(SocketError.AddressNotAvailable, true, false)]
    [InlineData(SocketError.HostUnreachable, true, false)] // a connection that stood, and lost its way
    [InlineData(SocketError.ConnectionReset, true, false)]
    [InlineData(SocketError.ConnectionReset, false, false)]
    [InlineData(SocketError.TimedOut, false, false)]
    public void OnlyAFailedConnectIsCertain(SocketError error, bool inAStream, bool isNotSent)
    {
        Exception cause = new SocketException((int)error);
        KoreException failure = ErrorMapper.FromTransport(Address, new HttpRequestException("failed", inAStream ? new IOException("broken", cause) : cause), new SecretRedactor(RequestSecrets.None), null);
        Assert.Equal(isNotSent, failure.IsNotSent);
        Assert.Equal(!isNotSent, RequestOutcome.IsTransient(failure));
        Assert.Equal(KoreErrorKind.Unreachable, failure.Kind);
    }

    // As .NET Framework reports them, without a socket's error.
    [Theory]
    [InlineData(WebExceptionStatus.NameResolutionFailure, true)]
    [InlineData(WebExceptionStatus.ProxyNameResolutionFailure, true)]
    [InlineData(WebExceptionStatus.SendFailure, false)]
    [InlineData(WebExceptionStatus.KeepAliveFailure, false)]
    public void AHostThatNobodyKnowsIsCertainToo(WebExceptionStatus status, bool isUnknown)
    {
        KoreException failure = ErrorMapper.FromTransport(Address, new HttpRequestException("failed", new WebException("why", status)), new SecretRedactor(RequestSecrets.None), null);
        Assert.Equal((isUnknown, isUnknown), (failure.IsNotSent, failure.IsHostUnknown));
        Assert.Equal(isUnknown, failure.Message == "The host platform.example.com is unknown.");
    }

    // The same of all others, with and without a socket's error, as the one that sent part of a request may have.
    [Theory]
    [InlineData(WebExceptionStatus.ConnectFailure, null, true)]
    [InlineData(WebExceptionStatus.ConnectFailure, SocketError.TimedOut, true)]
    [InlineData(WebExceptionStatus.ConnectFailure, SocketError.AccessDenied, true)]
    [InlineData(WebExceptionStatus.ConnectFailure, SocketError.ConnectionReset, true)]
    [InlineData(WebExceptionStatus.NameResolutionFailure, SocketError.HostNotFound, true)]
    [InlineData(WebExceptionStatus.SendFailure, SocketError.HostUnreachable, false)]
    [InlineData(WebExceptionStatus.SendFailure, SocketError.ConnectionReset, false)]
    [InlineData(WebExceptionStatus.SendFailure, null, false)]
    [InlineData(WebExceptionStatus.ReceiveFailure, SocketError.NetworkDown, false)]
    [InlineData(WebExceptionStatus.ReceiveFailure, null, false)]
    [InlineData(WebExceptionStatus.KeepAliveFailure, SocketError.AccessDenied, false)]
    [InlineData(WebExceptionStatus.ConnectionClosed, null, false)]
    [InlineData(WebExceptionStatus.PipelineFailure, null, false)]
    [InlineData(WebExceptionStatus.RequestCanceled, null, false)]
    [InlineData(WebExceptionStatus.ServerProtocolViolation, null, false)]
    [InlineData(WebExceptionStatus.Timeout, null, false)]
    [InlineData(WebExceptionStatus.UnknownError, SocketError.ConnectionRefused, false)]
    public void OfAWebExceptionTheStatusDecides(WebExceptionStatus status, SocketError? socket, bool isNotSent)
    {
        foreach (bool hasLeft in new[] { false, true })
        {
            KoreException failure = FromWeb(new WebException("why", socket is SocketError error ? new SocketException((int)error) : null, status, null), null, hasLeft: hasLeft);
            Assert.Equal((isNotSent, !isNotSent), (failure.IsNotSent, RequestOutcome.IsIndeterminate(failure)));
            Assert.Equal(KoreErrorKind.Unreachable, failure.Kind);
        }
    }

    /// <summary>.NET Framework drops the exception of a handshake. What fails after a body has begun to leave may have arrived.</summary>
    [Theory]
    [InlineData(WebExceptionStatus.SecureChannelFailure)]
    [InlineData(WebExceptionStatus.TrustFailure)]
    public void TlsIsKnownByItsStatusAlone(WebExceptionStatus status)
    {
        KoreException failure = FromWeb(new WebException("The request was aborted: Could not create SSL/TLS secure channel.", status), null);
        Assert.Equal((true, false, false), (failure.IsTls, RequestOutcome.IsTransient(failure), RequestOutcome.IsIndeterminate(failure)));
        Assert.StartsWith("The TLS connection to platform.example.com failed: The request was aborted", failure.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(ErrorMapper.AfterChange, failure.RecommendedAction, StringComparison.Ordinal);
        KoreException late = FromWeb(new WebException("why", status), null, hasLeft: true);
        Assert.Equal((false, true, failure.RecommendedAction + " " + ErrorMapper.AfterChange), (late.IsNotSent, RequestOutcome.IsIndeterminate(late), late.RecommendedAction));
    }

    /// <summary>As .NET Framework reports a proxy that refuses to connect. Over http an answer is one of the host, or of a proxy for it.</summary>
    [Theory]
    [InlineData(403, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(404, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(302, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(502, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(504, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(407, WebExceptionStatus.ProtocolError, "https", true)]
    [InlineData(407, WebExceptionStatus.ProtocolError, "http", true)]
    [InlineData(403, WebExceptionStatus.ProtocolError, "http", false)]
    [InlineData(502, WebExceptionStatus.RequestCanceled, "https", false)]
    [InlineData(403, WebExceptionStatus.ReceiveFailure, "https", false)]
    [InlineData(200, WebExceptionStatus.ProtocolError, "https", false)]
    public async Task ARefusalOfATunnelIsCertain(int status, WebExceptionStatus of, string scheme, bool isCertain)
    {
        using var server = new TestServer(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
#pragma warning disable SYSLIB0014 // only it makes such a response
        WebRequest request = WebRequest.Create(server.BaseUri);
#pragma warning restore SYSLIB0014
        ((HttpWebRequest)request).AllowAutoRedirect = false;
        WebResponse? response;
        try
        {
            response = await request.GetResponseAsync();
        }
        catch (WebException e)
        {
            response = e.Response;
        }

        KoreException failure = FromWeb(new WebException("why", null, of, response), new ProxyInUse(new Uri("http://proxy.example.com:8080"), HasLogin: false), scheme);
        Assert.Equal(isCertain, !RequestOutcome.IsIndeterminate(failure));
        Assert.Equal(isCertain, failure.Message.StartsWith("The proxy proxy.example.com:8080 ", StringComparison.Ordinal) && failure.Message.Contains($"(HTTP {status})", StringComparison.Ordinal));
        Assert.Equal(isCertain && status >= 500, failure.IsNotSent);
        Assert.False(RequestOutcome.IsRefusal(failure));
    }

    private static KoreException FromWeb(WebException e, ProxyInUse? proxy, string scheme = "https", bool hasLeft = false) => ErrorMapper.FromTransport(
        new UriBuilder(Address) { Scheme = scheme, Port = -1 }.Uri, new HttpRequestException("An error occurred while sending the request.", e), new SecretRedactor(RequestSecrets.None), proxy, hasLeft);

    [Fact]
    public Task NumbersInMessagesAreEnglishInEveryCulture() => Task.Run(() =>
    {
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        KoreException failure = ErrorMapper.FromTimeout(Address, TimeSpan.FromSeconds(1.5), null);
        Assert.Contains("within 1.5 s.", failure.Message, StringComparison.Ordinal);
        string? retry = null;
        new RetryState(new RequestContext { ReportRetry = text => retry = text }, TimeProvider.System).Add(failure, TimeSpan.FromSeconds(2.5), 3);
        Assert.StartsWith("Retry 1 of 3 in 2.5 s: ", retry, StringComparison.Ordinal);
    });

    [Fact]
    public void TlsIsNamedAndNotRepeated()
    {
        KoreException failure = ErrorMapper.FromTransport(Address, new HttpRequestException("failed", new AuthenticationException("The remote certificate is invalid: NotTimeValid")), new SecretRedactor(RequestSecrets.None), null);
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NotTimeValid", failure.Message, StringComparison.Ordinal);
        Assert.Contains("clock", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.False(RequestOutcome.IsTransient(failure));
    }

    [Theory]
    [InlineData(429, "900", "Wait 900 s, and try again.")]
    [InlineData(429, "86401", "Wait 86401 s, and try again.")]
    [InlineData(429, "100000", "Wait 100000 s, and try again.")]
    [InlineData(503, "604800", "Wait 604800 s, and try again. If this persists")]
    [InlineData(429, "31622400", "Wait 31622400 s, and try again.")]
    [InlineData(429, "31622401", "Wait 86400 s, and try again.")]
    [InlineData(429, "2147483647", "Wait 86400 s, and try again.")]
    [InlineData(429, "", "Wait, and try again.")]
    [InlineData(503, "400", "Wait 400 s, and try again. If this persists, give the request id")]
    [InlineData(503, "", "Try again later. If this persists")]
    [InlineData(503, "0", "Try again later. If this persists")]
    [InlineData(429, "Fri, 31 Dec 9999 23:59:59 GMT", "Wait 86400 s, and try again.")]
    [InlineData(429, "Fri, 31 Dec 1999 23:59:59 GMT", "Wait, and try again.")]
    [InlineData(429, "2147483648", "Wait 86400 s, and try again.")]
    [InlineData(429, "99999999999999999999999", "Wait 86400 s, and try again.")]
    [InlineData(429, "12345678901s", "Wait, and try again.")]
    [InlineData(429, "-5", "Wait, and try again.")]
    [InlineData(409, "", "Try again later.")]
    [InlineData(425, "", "Try again. After a change, check")]
    [InlineData(499, "", "Try again. After a change, check")]
    [InlineData(304, "", "Check the host")]
    public void WhatToDoIsOfTheAnswerAndNotModifiedIsNoRedirect(int status, string retryAfter, string action)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter.Length == 0 ? [] : [retryAfter]);
        KoreException failure = ErrorMapper.FromStatus(request, response, default, new SecretRedactor(RequestSecrets.None));
        Assert.StartsWith(action, failure.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("redirect", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", 409, """{"errors":[{"msg":"exists","code":409}]}""", "(HTTP 409)")]
    [InlineData("POST", 409, """{"code":409,"message":"exists"}""", "(HTTP 409)")]
    [InlineData("GET", 404, """{"error":{"code":"404","message":"gone"}}""", "(HTTP 404)")]
    [InlineData("POST", 400, """{"error":{"code":"409","message":"bad"}}""", "(HTTP 400 409)")]
    [InlineData("POST", 409, """{"error":{"code":"RESOURCE_CONFLICT","message":"exists"}}""", "(HTTP 409 RESOURCE_CONFLICT)")]
    public void ACodeThatIsTheStatusIsSaidOnce(string method, int status, string body, string words)
    {
        KoreException failure = Failure(method, status, body);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Code);
    }

    [Theory]
    [InlineData(413, "", false)]
    [InlineData(423, "<html><h1>Request Entity Too Large</h1></html>", false)]
    [InlineData(412, "The connection is locked by a deployment.", true)]
    [InlineData(400, """{"message":"fields is required"}""", true)]
    public void WhatNamesNothingIsNotReferredTo(int status, string body, bool isNamed)
    {
        string? action = Failure("POST", status, body).RecommendedAction;
        Assert.Equal(isNamed, action == "Correct what the message names.");
        Assert.Equal(!isNamed, action?.StartsWith("The response gives no reason.", StringComparison.Ordinal));
    }

    /// <summary>What asks to send a request elsewhere did nothing. What points to a result, or is no answer of this API, may have.</summary>
    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(302, false)]
    [InlineData(303, true)]
    [InlineData(304, true)]
    [InlineData(307, false)]
    [InlineData(308, false)]
    [InlineData(409, false)]
    public void ARedirectLeavesAChangeInDoubtWhereItMayHaveBeenMade(int status, bool isIndeterminate) =>
        Assert.Equal(isIndeterminate, RequestOutcome.IsIndeterminate(Failure("PATCH", status, "")));

    [Theory]
    [InlineData("POST", 409, "A connection named 'Desk' exists already.", false)]
    [InlineData("POST", 409, "Connection name already exists", false)]
    [InlineData("POST", 409, "A connection with the name \"It's ours: (1)\" already exists. Please choose a different name.", false)]
    [InlineData("POST", 409, "Connection Help desk 2 already exists", false)]
    [InlineData("POST", 409, "Duplicate connection name: `Desk`", false)]
    [InlineData("POST", 409, "The name \u201eDesk\u201c is already in use!", false)]
    [InlineData("POST", 409, "Connection limit reached", true)]
    [InlineData("POST", 409, "The account is locked by another request", true)]
    [InlineData("PATCH", 409, "A connection named 'Desk' exists already.", true)]
    [InlineData("GET", 404, "Connection 'cn-1' not found", false)]
    [InlineData("GET", 404, "The connection with id cn-1 does not exist.", false)]
    [InlineData("GET", 404, "The workspace does not exist", true)]
    [InlineData("GET", 401, "Unauthorized", false)]
    [InlineData("GET", 401, "The API key is not valid", false)]
    [InlineData("GET", 401, "The API key has expired", true)]
    [InlineData("GET", 403, "Access denied: insufficient scope", false)]
    [InlineData("GET", 403, "Your IP address is not allowed", true)]
    [InlineData("GET", 403, "Access denied: \"10.0.0.1 is not in the allow list\"", true)]
    [InlineData("GET", 403, "Insufficient scope 'connections:read'", true)]
    [InlineData("GET", 429, "Too many requests for `tenant-7`", true)]
    [InlineData("GET", 429, "Too many requests, please slow down", false)]
    [InlineData("GET", 429, "60 requests per minute are allowed", true)]
    [InlineData("GET", 400, "fields is required", true)]
    [InlineData("GET", 500, "Internal error", true)]
    public void WhatTheServerRepeatsIsSaidOnce(string method, int status, string repeated, bool isAdded)
    {
        KoreException failure = Failure(method, status, System.Text.Json.JsonSerializer.Serialize(new { error = new { code = "SOME_CODE", message = repeated } }));
        Assert.Equal(repeated, failure.ServerMessage);
        Assert.Contains($"(HTTP {status} SOME_CODE)", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(isAdded ? $"): {repeated.TrimEnd('.')}." : "SOME_CODE).", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>What conflicts, and with what; an id is the subject where the message names it.</summary>
    [Theory]
    [InlineData("POST", 409, "Connection limit reached", "The new connection conflicts with an existing one", "Correct what", null)]
    [InlineData("POST", 409, "", "A connection with this name already exists", "Choose another name", null)]
    [InlineData("PATCH", 409, "Connection limit reached", "The change of 'cn-1' conflicts with an existing connection", "Correct what", "cn-1")]
    [InlineData("GET", 409, "", "platform.example.com reports a conflict", "Try again later", null)]
    [InlineData("GET", 404, "", "platform.example.com has no connection 'cn-1'", "To list all connections", "cn-1")]
    [InlineData("POST", 404, "The workspace does not exist", "platform.example.com rejected the request", "Correct what", null)]
    [InlineData("PATCH", 403, "Your IP address is not allowed", "The key of this session lacks the scope 'Manage Connections'", "Add the scope", null)]
    [InlineData("PATCH", 403, "Updates are not supported", "platform.example.com refused the request", "Correct what", null)]
    public void WhatIsRefusedIsNamed(string method, int status, string reason, string message, string action, string? subject)
    {
        KoreException failure = Failure(method, status, System.Text.Json.JsonSerializer.Serialize(new { error = new { message = reason } }));
        Assert.StartsWith($"{message} (HTTP {status})", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(action, failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(subject, failure.Subject);
    }

    /// <summary>Where a proxy is used, only what fails before the host is reached is the proxy's. A message that quotes a key is not passed on.</summary>
    [Theory]
    [InlineData(SocketError.NetworkUnreachable, false, true, "The connection to the proxy proxy.example.com:8080 failed: ")]
    [InlineData(SocketError.ConnectionReset, true, false, "The connection to platform.example.com through the proxy proxy.example.com:8080 failed: ")]
    public void OfAFailureBehindAProxyTheMessageSaysWhere(SocketError error, bool inAStream, bool isOfProxy, string message)
    {
        Exception cause = new SocketException((int)error);
        foreach (string text in new[] { "failed", "failed: sk-proj-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl" })
        {
            var e = new HttpRequestException(text, inAStream ? new IOException("broken", cause) : cause);
            KoreException failure = ErrorMapper.FromTransport(Address, e, new SecretRedactor(RequestSecrets.None), new ProxyInUse(new Uri("http://proxy.example.com:8080"), HasLogin: false));
            Assert.False(ErrorMapper.FromTransport(Address, e, new SecretRedactor(RequestSecrets.None), null).IsOfProxy);
            Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
            Assert.Equal((isOfProxy, text == "failed"), (failure.IsOfProxy, failure.InnerException is not null));
        }
    }

    private static KoreException Failure(string method, int status, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Address + (method == "POST" ? "" : "/cn-1"));
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return ErrorMapper.FromStatus(request, response, new ArraySegment<byte>(Encoding.UTF8.GetBytes(body)), new SecretRedactor(RequestSecrets.None));
    }
}
