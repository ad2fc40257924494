using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Net;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests;

/// <summary>Each error id of the design, from the input that gives it.</summary>
public sealed class ErrorIdTests : IDisposable
{
    private readonly Workplace _place = new(connectOptions: "-MaximumRetryCount 0");

    /// <summary>What the platform answers, the id, the category, and the code and message that are passed on.</summary>
    public static TheoryData<int, string, string, ErrorCategory, string?, string?> Answers
    {
        get
        {
            var answers = new TheoryData<int, string, string, ErrorCategory, string?, string?>();
            foreach ((int status, string code, string id, ErrorCategory category) in new[]
            {
                (400, "VALIDATION_ERROR", "KoreInvalidRequest", ErrorCategory.InvalidOperation),
                (401, "UNAUTHORIZED", "KoreUnauthorized", ErrorCategory.AuthenticationError),
                (401, "API_KEY_EXPIRED", "KoreUnauthorized", ErrorCategory.AuthenticationError),
                (401, "API_KEY_REVOKED", "KoreUnauthorized", ErrorCategory.AuthenticationError),
                (403, "INSUFFICIENT_SCOPE", "KoreForbidden", ErrorCategory.PermissionDenied),
                (404, "NOT_FOUND", "KoreConnectionNotFound", ErrorCategory.ObjectNotFound),
                (409, "RESOURCE_CONFLICT", "KoreConflict", ErrorCategory.ResourceExists),
                (429, "RATE_LIMIT_EXCEEDED", "KoreThrottled", ErrorCategory.LimitsExceeded),
                (500, "INTERNAL_ERROR", "KoreServerError", ErrorCategory.ResourceUnavailable),
                (503, "SERVICE_UNAVAILABLE", "KoreServerError", ErrorCategory.ResourceUnavailable),
            })
            {
                answers.Add(status, $$$"""{"success":false,"error":{"code":"{{{code}}}","message":"Told so","details":{}},"meta":{"requestId":"req_7","timestamp":"x"}}""", id, category, code, "Told so");
            }

            answers.Add(400, """{"errors":[{"msg":"Told so","code":4002}]}""", "KoreInvalidRequest", ErrorCategory.InvalidOperation, "4002", "Told so");
            answers.Add(422, """{"error":"Told so"}""", "KoreInvalidRequest", ErrorCategory.InvalidOperation, null, "Told so");
            answers.Add(502, """{"message":"Told so"}""", "KoreServerError", ErrorCategory.ResourceUnavailable, null, "Told so");
            answers.Add(502, "<html>Bad gateway</html>", "KoreServerError", ErrorCategory.ResourceUnavailable, null, null);
            answers.Add(400, "", "KoreInvalidRequest", ErrorCategory.InvalidOperation, null, null);
            answers.Add(408, "", "KoreTimeout", ErrorCategory.OperationTimeout, null, null);
            answers.Add(200, "<html>Sign in</html>", "KoreUnexpectedResponse", ErrorCategory.ProtocolError, null, null);
            answers.Add(200, "", "KoreUnexpectedResponse", ErrorCategory.ProtocolError, null, null);
            answers.Add(200, """{"connectionId":"cn-1",""", "KoreUnexpectedResponse", ErrorCategory.ProtocolError, null, null);
            answers.Add(200, "[]", "KoreUnexpectedResponse", ErrorCategory.ProtocolError, null, null);
            answers.Add(302, "", "KoreUnexpectedResponse", ErrorCategory.ProtocolError, null, null);
            return answers;
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void WhatThePlatformAnswersHasItsId(int status, string body, string id, ErrorCategory category, string? code, string? message)
    {
        _place.Sandbox.Faults.Add(new Fault { Status = status, Body = body, Headers = new Dictionary<string, string> { ["Location"] = "https://elsewhere.example.com/x" } });
        ErrorRecord error = Assert.Single(_place.Shell.Run("Get-Connection -ConnectionId cn-1").AllErrors);
        Assert.Equal($"{id},KoreConnections.Commands.GetConnectionCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal("cn-1", error.TargetObject);
        KoreException exception = Assert.IsType<KoreException>(error.Exception);
        Assert.Equal((HttpStatusCode)status, exception.StatusCode);
        Assert.Equal(code, exception.Code);
        Assert.Equal(message, exception.ServerMessage);
        Assert.Equal(body.Contains("req_7", StringComparison.Ordinal) ? "req_7" : null, exception.RequestId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Contains(message ?? "", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Connection -Provider Gemini", "Provider")]
    [InlineData("Get-Connection -Limit 0", "Limit")]
    [InlineData("Get-Connection -ConnectionId 'a b'", "ConnectionId")]
    [InlineData("New-Connection -OpenAI -Name '' -Model m -ApiKey sk-0123456789", "Name")]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey 'sk-***************'", "ApiKey")]
    [InlineData("New-Connection -AzureOpenAI -Name n -Model m -ApiKey k0123456 -ResourceName https://r.openai.azure.com -DeploymentId d -ApiVersion 2024-06-01", "ResourceName")]
    [InlineData("Set-Connection cn-1 -EndpointUrl ftp://x", "EndpointUrl")]
    [InlineData("@{ Name = 'n' } | New-Connection", "InputObject")]
    public void WhatIsNotAcceptableIsKoreInvalidInputAndNothingIsSent(string script, string parameter)
    {
        ErrorRecord error = Assert.Single(_place.Shell.Run(script).AllErrors);
        Assert.StartsWith("KoreInvalidInput,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Equal(parameter, ((KoreException)error.Exception).ParameterName);
        Assert.Contains(parameter, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_place.Requests);
    }

    [Theory]
    [InlineData("Get-Connection", "View Connections", "Manage Connections")]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey sk-0123456789", "Manage Connections", "View Connections")]
    [InlineData("Set-Connection cn-1 -ApiKey sk-0123456789", "Manage Connections", "View Connections")]
    public void AMissingScopeIsNamed(string script, string missing, string held)
    {
        using var shell = new Shell();
        shell.Set("key", Shell.Secure(_place.Sandbox.Keys.Issue([held]))).Set("address", _place.Sandbox.BaseUri.AbsoluteUri);
        shell.RunClean("$PSDefaultParameterValues['*-Connection:Session'] = Connect-KorePlatform $address $key -SkipVerification -PassThru");
        ErrorRecord error = Assert.Single(shell.Run(script).AllErrors);
        Assert.StartsWith("KoreForbidden,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"'{missing}'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"'{missing}'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/api/public")]
    [InlineData("https://no-such-host.invalid")]
    public void WhatIsNotReachedIsKoreUnreachable(string host)
    {
        ErrorRecord error = Assert.Single(_place.Shell.Run($"Connect-KorePlatform {host} kg-0123456789 -MaximumRetryCount 0").AllErrors);
        Assert.Equal("KoreUnreachable,KoreConnections.Commands.ConnectKorePlatformCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Equal(host, error.TargetObject);
    }

    [Fact]
    public void WhatTakesTooLongIsKoreTimeout()
    {
        using var place = new Workplace(connectOptions: "-MaximumRetryCount 0 -TimeoutSec 1");
        place.Sandbox.Faults.Add(new Fault { DelayMilliseconds = 5000 });
        Assert.Equal(["KoreTimeout"], place.Shell.Run("Get-Connection").ErrorIds);
    }

    [Fact]
    public void ADisconnectedSessionIsKoreNotConnectedAndEndsThePipeline()
    {
        _place.Shell.RunClean("Disconnect-KorePlatform -Session $session");
        AssertEndsThePipeline("KoreNotConnected", "'cn-1', 'cn-2', 'cn-3' | Get-Connection");
    }

    [Fact]
    public void ARefusedSessionKeyEndsThePipeline()
    {
        _place.Sandbox.Faults.Add(new Fault { Status = 401, Times = 0 });
        AssertEndsThePipeline("KoreUnauthorized", "'cn-1', 'cn-2', 'cn-3' | Get-Connection");
    }

    [Fact]
    public void OtherFailuresLeaveTheNextItemItsTurn()
    {
        _place.Sandbox.Faults.Add(new Fault { Status = 403, Times = 0 });
        ShellResult result = _place.Shell.Run("'cn-1', '', 'cn-3' | Get-Connection");
        Assert.Equal(["KoreForbidden", "KoreInvalidInput", "KoreForbidden"], result.ErrorIds);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Provider = 'OpenAI'; Name = 'Desk'; Model = 'm'; ApiKey = '' } | New-Connection", "Desk: -ApiKey is empty")]
    [InlineData("Get-Connection -ConnectionId cn-1", "localhost has no connection 'cn-1'")]
    public void WhatIsShownNamesItsItemOnce(string script, string shown) =>
        Assert.StartsWith(shown, Assert.Single(_place.Shell.Run(script).AllErrors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void RetryAfterIsPassedOn()
    {
        _place.Sandbox.Faults.Add(new Fault { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "17" } });
        Assert.Equal(TimeSpan.FromSeconds(17), ((KoreException)_place.Shell.Run("Get-Connection").AllErrors[0].Exception).RetryAfter);
    }

    [Fact]
    public void ANameThatIsNotThereIsKoreConnectionNotFound()
    {
        ErrorRecord error = Assert.Single(_place.Shell.Run("Get-Connection -Name \"it's\"").AllErrors);
        Assert.StartsWith("KoreConnectionNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("it's", error.TargetObject);
    }

    [Fact]
    public void ANameInPlaceOfAnIdIsSaidToBeOne()
    {
        ErrorRecord error = Assert.Single(_place.Shell.Run("Set-Connection Desk sk-0123456789").AllErrors);
        Assert.StartsWith("KoreConnectionNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Get-Connection NAME", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builder/app")]
    [InlineData("api/public/connections")]
    public void AnAddressThatIsNotTheApisIsSaidToBeOne(string path)
    {
        ErrorRecord error = Assert.Single(_place.Shell.Run($"Connect-KorePlatform {new Uri(_place.Sandbox.BaseUri, "/" + path)} {_place.Sandbox.Keys.Issue()}").AllErrors);
        Assert.StartsWith("KoreInvalidRequest,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"has no Connections API at /{path}/connections", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("https://HOST/api/public", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOlderPlatformIsSaidToBeOne()
    {
        using var place = new Workplace(new SandboxOptions { Generation = Generation.First });
        place.Shell.RunClean("$id = (New-Connection -CustomApi -Name c -EndpointUrl https://x.example.com -Payload @{} -OutputPath a).ConnectionId");
        foreach (string change in new[] { "-Status FINALIZED", "-Replace -Name c -EndpointUrl https://x.example.com -Payload @{} -OutputPath a" })
        {
            ErrorRecord error = Assert.Single(place.Shell.Run($"Set-Connection $id {change}").AllErrors);
            Assert.Contains("older version", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _place.Dispose();

    /// <summary>Only an error that ends the pipeline reaches a catch without -ErrorAction Stop.</summary>
    private void AssertEndsThePipeline(string id, string pipeline) =>
        Assert.StartsWith($"{id},", (string)_place.Shell.RunClean($"try {{ {pipeline} }} catch {{ $_.FullyQualifiedErrorId }}").Single().BaseObject, StringComparison.Ordinal);
}
