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
    [InlineData("http://bob:hunter2secret@{0}", "bob:hunter2secret")]
    [InlineData("http://bob:hun%40ter%3A2@{0}/", "bob:hun@ter:2")]
    [InlineData(" http://CORP%5Cbob:p%23w@{0}", "CORP\\bob:p#w")]
    [InlineData("http://bob@{0}", "bob:")]
    public void ALoginInTheAddressIsGivenAsForTheEnvironmentsProxy(string address, string login)
    {
        string expected = "Proxy-Authorization: Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(login));
        using var proxy = new TunnelProxy(head => head.Contains("Proxy-Authorization", StringComparison.Ordinal)
            ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\nConnection: close\r\n\r\n{\"connections\":[],\"total\":0}"
            : TunnelProxy.Status(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n"));
        _shell.Set("key", Shell.Secure("kg-0123456789")).Set("address", string.Format(System.Globalization.CultureInfo.InvariantCulture, address, proxy.Authority));
        _shell.RunClean($"$null = {Connect} -Proxy $address; $null = {Connect} -Proxy ([uri]$address)");
        Assert.Equal([false, true, false, true], proxy.Heads.Select(head => head.Contains(expected + "\r\n", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("bob:hunter2secret@proxy:8080")]
    [InlineData("http://bob:hunter2secret@pro xy:8080")]
    [InlineData("http://bob:hunter2secret@:8080")]
    [InlineData("socks5://bob:hunter2secret@proxy:1080")]
    [InlineData("http:/bob:hunter2secret@proxy:8080")]
    [InlineData("http://bob:12#hunter2secret@proxy:8080")]
    [InlineData("http://bob:12/hunter2secret@proxy:8080")]
    [InlineData("http://bob:12?hunter2secret@proxy:8080")]
    [InlineData("//bob:hunter2secret@proxy:8080")]
    [InlineData("http://bob:hunter2secret@proxy:8080", "-ProxyUseDefaultCredentials")]
    public void NoMessageShowsAPassword(string address, string options = "")
    {
        _shell.Set("key", Shell.Secure("kg-0123456789")).Set("address", address);
        ShellResult result = _shell.Run($"{Connect} -Proxy $address {options} -Verbose -Debug");
        Assert.Equal(["KoreInvalidInput"], result.ErrorIds);
        Assert.All(_shell.RunClean("$Error[0] | Format-List * -Force | Out-String; $Error[0].InvocationInfo.BoundParameters | Out-String; $Error[0].Exception.ToString(); \"$($Error[0].TargetObject)\""), text => Assert.DoesNotContain("hunter2", text.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-Proxy ftp://proxy.example.com")]
    [InlineData("-Proxy proxy.example.com")]
    [InlineData("-Proxy @{ a = 1 }")]
    [InlineData("-ProxyUseDefaultCredentials")]
    [InlineData("-Proxy ' '")]
    [InlineData("-Proxy '' -ProxyUseDefaultCredentials")]
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
