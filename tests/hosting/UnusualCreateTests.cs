namespace KoreConnections.Tests;

/// <summary>
/// Creates whose response is about another connection, or about none. Whether one was made, the module finds out within seconds, so these are
/// here and not beside the other unusual answers: the time passes by itself.
/// </summary>
public sealed class UnusualCreateTests : IDisposable
{
    private const string New = "New-Connection -OpenAI -Name 'New desk' -Model m -ApiKey $key";

    private readonly SandboxServer _sandbox = SandboxServer.Start();
    private readonly Shell _shell;
    private readonly string _own;

    public UnusualCreateTests()
    {
        _shell = Shell.WithoutWaits(_sandbox);
        _shell.Set("key", Shell.Secure("Correct7Horse9Battery"));
        _own = (string)_shell.RunClean(New.Replace("New desk", "Own") + " | ForEach-Object ConnectionId").Single().BaseObject;
        _sandbox.Log.Clear();
    }

    [Fact]
    public void NothingIsChangedOfAConnectionThatIsReturnedForTheCreatedOne()
    {
        Answer($$"""{ "connectionId": "{{_own}}", "connectionName": "Own", "provider": "Open AI", "model": "m", "createdOn": "2026-01-01T00:00:00Z" }""");
        ShellResult result = _shell.Run($"{New} | Set-Connection -ApiKey $key -Confirm:$false");
        Assert.Contains(
            $"Could not determine whether 'New desk' was created: The request was to create 'New desk', but the platform returned 'Own' ({_own}). ",
            Assert.Single(result.AllErrors).ToString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(_sandbox.Log.Requests, r => r.Method is "PATCH" or "PUT");
    }

    [Fact]
    public void WhatWasListedBeforeIsNotTakenForTheCreatedOne()
    {
        string body = $$"""{ "connectionId": "{{_own}}", "connectionName": "Own", "provider": "Open AI", "model": "m" }""";
        Answer(body, status: 201);
        ShellResult created = _shell.Run($"{New} -IfNotExists");
        Assert.Empty(created.Output);
        Assert.Matches(@"Could not determine whether 'New desk' was created: .*'Own' \(" + _own, Assert.Single(created.AllErrors).ToString());

        Answer(body, status: 201);
        ConnectionPlanItem row = Sync();
        Assert.Equal((null, SyncOutcome.Unconfirmed), (row.ConnectionId, row.OutcomeValue));
    }

    [Theory]
    [InlineData(504, SyncOutcome.Unconfirmed)]
    [InlineData(202, SyncOutcome.Unconfirmed)]
    [InlineData(500, SyncOutcome.Failed)]
    public void OfAPlanWhatMayHaveBeenCreatedIsUnconfirmed(int status, object outcome)
    {
        Answer("", status, times: 0);
        ConnectionPlanItem row = Sync();
        Assert.Equal((null, (SyncOutcome)outcome), (row.ConnectionId, row.OutcomeValue));
        Assert.Contains("New-Connection -IfNotExists or Sync-Connection. Both create it only if", row.Failure!.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatACreateMadeThatIsAnsweredWithoutAnIdIsFoundOut()
    {
        const string Body = """{ "connectionName": "New desk", "connectionId": "" }""";
        Answer(Body);
        ErrorRecord error = Assert.Single(_shell.Run(New).AllErrors);
        Assert.StartsWith("KoreUnexpectedResponse,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("A listing after the failure does not show it.", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);

        Answer(Body, afterWork: true);
        PSObject made = _shell.RunClean($"({New}).ConnectionId").Single();
        Assert.Equal(_shell.RunClean("(Get-Connection 'New desk').ConnectionId").Single(), made);
    }

    public void Dispose()
    {
        _shell.Dispose();
        _sandbox.Dispose();
    }

    private ConnectionPlanItem Sync()
    {
        Environment.SetEnvironmentVariable("KORE_UNUSUAL_KEY", "Correct7Horse9Battery");
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.yaml");
        File.WriteAllText(file, "connections: [{ provider: OpenAI, name: New desk, model: m, apiKey: env:KORE_UNUSUAL_KEY }]");
        ShellResult applied = _shell.Set("file", file).Run("Sync-Connection $file");
        File.Delete(file);
        return (ConnectionPlanItem)applied.Output.Single(o => ((ConnectionPlanItem)o.BaseObject).Name == "New desk").BaseObject;
    }

    private void Answer(string body, int status = 200, bool afterWork = false, int times = 1) =>
        _sandbox.Faults.Add(new Fault { Method = "POST", Path = "connections", Status = status, AfterWork = afterWork, Body = body, Times = times });
}
