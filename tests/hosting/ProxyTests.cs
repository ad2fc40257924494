using System;
using System.Management.Automation;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests;

/// <summary>Requests through a proxy. The host's name does not exist: whatever answers was asked by way of the proxy.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Connect = "Connect-KorePlatform http://platform.invalid $key -AllowUnencryptedAuthentication -MaximumRetryCount 0 -PassThru";

    private static readonly FaultAction Empty = FaultAction.Answer(200, "Content-Type: application/json\r\n", """{"connections":[],"total":0}""");
    private static readonly FaultAction Login = FaultAction.Answer(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n");

    private readonly SandboxServer _sandbox = SandboxServer.Start();
    private readonly Shell _shell = new();

    [Fact]
    public void RequestsGoThroughIt()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => Empty);
        Use(proxy);
        _shell.RunClean($"$session = {Connect} -Proxy $proxy; $null = Get-Connection -Session $session");
        Assert.Equal(2, proxy.Requests.Count);
        Assert.All(proxy.Requests, line => Assert.StartsWith("GET http://platform.invalid/api/public/connections", line, StringComparison.Ordinal));
    }

    [Fact]
    public void ALoginIsAskedForAndGiven()
    {
        int count = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => count++ == 0 ? Login : Empty);
        Use(proxy);
        _shell.Set("login", new PSCredential("user", Shell.Secure("proxy-password")));
        _shell.RunClean($"$null = {Connect} -Proxy $proxy -ProxyCredential $login");
        Assert.Equal(2, proxy.Requests.Count);
    }

    [Fact]
    public void WithoutTheLoginItSaysWhatToDo()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => Login);
        Use(proxy);
        ErrorRecord error = Assert.Single(_shell.Run($"{Connect} -Proxy $proxy").AllErrors);
        Assert.StartsWith("KoreUnreachable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-ProxyCredential", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Proxy ftp://proxy.example.com")]
    [InlineData("-Proxy proxy.example.com")]
    [InlineData("-ProxyUseDefaultCredentials")]
    public void WhatIsNoProxyIsRefused(string option)
    {
        _shell.Set("key", Shell.Secure("kg-0123456789"));
        Assert.Equal(["KoreInvalidInput"], _shell.Run($"{Connect} {option}").ErrorIds);
    }

    public void Dispose()
    {
        _shell.Dispose();
        _sandbox.Dispose();
    }

    private void Use(FaultyProxy proxy) =>
        _shell.Set("key", Shell.Secure("kg-0123456789")).Set("proxy", proxy.BaseUri.GetLeftPart(UriPartial.Authority));
}
