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

    private static KoreException Failure(string method, int status, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Address + (method == "POST" ? "" : "/cn-1"));
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return ErrorMapper.FromStatus(request, response, new ArraySegment<byte>(Encoding.UTF8.GetBytes(body)), new SecretRedactor(RequestSecrets.None));
    }
}
