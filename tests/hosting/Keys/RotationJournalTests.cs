using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>-ReportPath: what a run that was interrupted leaves, and what the next one makes of it.</summary>
public sealed class RotationJournalTests : RotationTestBase
{
    public RotationJournalTests() : base("-RetryIntervalSec 0 -TimeoutSec 2")
    {
        Shell.Set("other", Shell.Secure("sk-other-0123456789-OTHR"));
        Shell.RunClean("$PSDefaultParameterValues['Update-ConnectionKey:SkipVerification'] = $true; $PSDefaultParameterValues['Update-ConnectionKey:ReportPath'] = $report");
    }

    [Fact]
    public void WhatIsDoneIsSkippedAndNothingIsSent()
    {
        Seed("A", "B");
        Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new");
        string[] before = File.ReadAllLines(Report);
        _place.Forget();
        PSObject[] again = [.. Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new -Confirm:$true")];
        Assert.Equal(["AlreadyUpdated A", "AlreadyUpdated B"], again.Select(r => $"{r.Properties["Outcome"].Value} {r.Properties["ConnectionName"].Value}"));
        Assert.All(again, r => Assert.StartsWith("It was already updated", (string)r.Properties["Reason"].Value, StringComparison.Ordinal));
        Assert.Empty(_place.Requests);
        Assert.Equal(before, File.ReadAllLines(Report));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void WhatIsInDoubtIsReadAndDecided(bool wasDone, bool isCutOff)
    {
        string id = Seed("A")[0];
        string modified = Modified(id);
        if (wasDone)
        {
            Shell.RunClean("Set-Connection $ids[0] $new");
        }

        Write($$"""{"step":"started","connectionId":"{{id}}","maskBefore":"sk-before***","modifiedBefore":"{{modified}}","at":"{{DateTimeOffset.UtcNow:O}}"}""" + "\n" + (isCutOff ? """{"step":"finished","connectionId":"cn""" : ""));
        _place.Forget();
        PSObject result = Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new"));
        Assert.Equal("Updated", result.Properties["Outcome"].Value.ToString());
        Assert.Equal(wasDone ? 0 : 1, _place.Writes.Count);
        Assert.Equal(wasDone, result.Properties["Reason"].Value is not null);
        Assert.True(_place.Sandbox.HasKey(id, New));
        Assert.Equal("finished", (string?)JsonNode.Parse(File.ReadAllLines(Report)[^1])!["step"]);
    }

    [Fact]
    public void AChangeThatArrivesLateIsNotMadeTwice()
    {
        string id = Seed("A")[0];
        ConnectionsClient late = Shell.SessionWithoutWaits(_place.Sandbox).Client;
        Write($$"""{"step":"started","connectionId":"{{id}}","modifiedBefore":"{{Modified(id)}}","at":"{{DateTimeOffset.UtcNow:O}}"}""" + "\n");
        _place.Forget();
        int reads = 0;
        _place.Arriving = request =>
        {
            if (request.Method == "GET" && request.Target.EndsWith(id, StringComparison.Ordinal) && ++reads == 2)
            {
                late.ChangeAsync(id, new KeyChange(Secret.FromPlainText(New)), new RequestContext()).GetAwaiter().GetResult();
            }
        };
        Assert.Equal("Updated", Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new")).Properties["Outcome"].Value.ToString());
        Assert.Single(_place.Writes);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("RolledBack")]
    [InlineData("Skipped")]
    public void WhatWasNotChangedIsTriedAgain(string outcome)
    {
        string id = Seed("A")[0];
        Write($$"""{"step":"finished","connectionId":"{{id}}","outcome":"{{outcome}}","modifiedBefore":"2020-01-01T00:00:00Z","at":"2020-01-01T00:00:00Z"}""" + "\n");
        Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new");
        Assert.Single(_place.Writes);
        Assert.True(_place.Sandbox.HasKey(id, New));
    }

    [Fact]
    public void AFolderIsNoReport()
    {
        Seed("A");
        Directory.CreateDirectory(Report);
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new");
        result.AssertRefused("is a folder");
        Assert.Empty(_place.Requests);
    }

    /// <summary>The second key ends as the other one does, so that both have the same mask.</summary>
    [Theory]
    [InlineData("sk-other-0123456789-OTHR", " (sk*****************MQAA)")]
    [InlineData("sk-other-9876543210fedcbaMQAA", ". Specify another path.")]
    public void AReportOfAnotherKeyIsRefused(string other, string words)
    {
        string id = Seed("A")[0];
        Shell.Set("other", Shell.Secure(other));
        Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new");
        _place.Forget();
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $other");
        result.AssertRefused($"a different key for '{id}'{words}");
        Assert.Empty(_place.Requests);
        Assert.True(_place.Sandbox.HasKey(id, New));
        Assert.DoesNotContain(New, File.ReadAllText(Report), StringComparison.Ordinal);
    }

    /// <summary>Without dates, the end of the key is all that the platform shows of it. The key was sent again, and that was never confirmed.</summary>
    [Theory]
    [InlineData("sk*****************OTHR", "x-api-key", true)]
    // The same end, none, and the mask of another header prove nothing.
    [InlineData("sk*****************MQAA", "x-api-key", false)]
    [InlineData("***************", "x-api-key", false)]
    [InlineData(null, "x-api-key", false)]
    [InlineData("sk*****************OTHR", "x-other-key", false)]
    public void AHeaderThatIsInDoubtIsKnownByItsEnd(string? recorded, string second, bool isKnown)
    {
        Shell.RunClean("$own = (New-Connection -CustomApi -Name C -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = $new }).ConnectionId");
        string id = (string)Shell.RunClean("$own")[0].BaseObject;
        string headers = """{ "key": "x-api-key", "value": "sk*****************MQAA" }""" + (second == "x-api-key" ? "" : $$""", { "key": "{{second}}", "value": "ab*****************cdef" }""");
        _place.Sandbox.Faults.Add(new Fault
        {
            Method = "GET", Path = id, Times = 0, Status = 200,
            Body = $$"""{ "connectionId": "{{id}}", "connectionName": "C", "provider": "API", "endpointUrl": "https://llm.example.com", "mapProvider": "openAIModel", "llmFeatures": { "streaming": true }, "headers": [{{headers}}] }""",
        });
        Write($$"""{"step":"started","connectionId":"{{id}}"{{(recorded is null ? "" : $",\"maskBefore\":\"{recorded}\"")}},"at":"2020-01-01T00:00:00Z"}""" + "\n");
        _place.Forget();
        ShellResult result = Shell.Run($"$own | Update-ConnectionKey -Header @{{ 'x-api-key' = $new{(second == "x-api-key" ? "" : "; 'x-other-key' = 'ab-0123456789abcdef-cdef'")} }}");
        Assert.Equal(isKnown ? 0 : 1, _place.Writes.Count);
        Assert.Equal(isKnown ? "Updated" : "Unconfirmed", Assert.Single(result.Output).Properties["Outcome"].Value.ToString());
    }

    [Fact]
    public void AReportOfOtherHeadersIsRefused()
    {
        Shell.RunClean("$own = (New-Connection -CustomApi -Name C -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = $other }).ConnectionId");
        Shell.RunClean("$own | Update-ConnectionKey -Header @{ 'X-Api-Key' = $new } -SkipVerification");
        _place.Forget();
        Assert.Equal("AlreadyUpdated", Assert.Single(Shell.RunClean("$own | Update-ConnectionKey -Header @{ 'x-api-key' = $new } -SkipVerification")).Properties["Outcome"].Value.ToString());
        ShellResult result = Shell.Run("$own | Update-ConnectionKey -Header @{ 'x-api-key' = $other } -SkipVerification");
        Assert.Contains("a different key", Assert.Single(result.AllErrors).ToString(), StringComparison.Ordinal);
        Assert.Empty(_place.Requests);
    }

    [Fact]
    public void AKeyThatIsInDoubtIsNoOtherKey()
    {
        string id = Seed("A")[0];
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Skip = 1, Times = 0, Status = 500 });
        Assert.Equal("Unconfirmed", Assert.Single(Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -SkipVerification").Output).Properties["Outcome"].Value.ToString());
        _place.Sandbox.Faults.Clear();
        _place.Forget();
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $other -SkipVerification");
        Assert.Contains("a different key", Assert.Single(result.AllErrors).ToString(), StringComparison.Ordinal);
        Assert.Empty(_place.Requests);
        Assert.Equal("Updated", Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new -SkipVerification")).Properties["Outcome"].Value.ToString());
        Assert.True(_place.Sandbox.HasKey(id, New));
    }

    /// <summary>Somebody else sets a third key while the change fails: neither a second row nor a second run with the same report overwrites it.</summary>
    [Fact]
    public void AThirdKeyIsLeftByEachRowAndEachRun()
    {
        string id = Seed("A", "B")[0];
        string[] masks = ["OLDX", "CCCC"];
        for (int i = 0; i < masks.Length; i++)
        {
            _place.Sandbox.Faults.Add(new Fault
            {
                Method = "GET", Path = id, Times = i == 0 ? 1 : 0, Status = 200,
                Body = $$"""{ "connectionId": "{{id}}", "connectionName": "A", "provider": "Open AI", "model": "gpt-4o", "fields": { "API_KEY": "sk****{{masks[i]}}" } }""",
            });
        }

        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 502 });
        _place.Forget();
        // The second row is no second failure.
        ShellResult first = Shell.Run("$ids[0], $ids[0], $ids[1] | Update-ConnectionKey -ApiKey $new -MaximumFailure 2");
        Assert.Equal(["Unconfirmed", "Unconfirmed", "Updated"], first.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal("It is in doubt since an earlier row.", Text(first.Output[1], "Reason"));
        Assert.Equal(["started", "finished Unconfirmed", "started", "finished Updated"], Steps);
        PSObject again = Assert.Single(Shell.Run("$ids[0] | Update-ConnectionKey -ApiKey $new").Output);
        Assert.Equal("Unconfirmed", Text(again, "Outcome"));
        Assert.Contains("still shows the third key", Text(again, "Reason"), StringComparison.Ordinal);
        Assert.Equal(2, _place.Writes.Count);
    }

    [Fact]
    public async Task TwoAtOnceAreRefused()
    {
        Seed("A");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 2000 });
        using var second = Shell.ConnectedTo(_place.Sandbox);
        using PowerShell running = Shell.Create("$ids | Update-ConnectionKey -ApiKey $new");
        IAsyncResult invocation = running.BeginInvoke();
        await Wait.Until(() => _place.Writes.Count == 1);
        second.Set("new", Shell.Secure(New)).Set("report", Report);
        ShellResult result = second.Run("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath $report");
        result.AssertRefused("Check that its folder exists and that no other rotation uses it");
        Assert.Equal("Updated", running.EndInvoke(invocation)[0].Properties["Outcome"].Value.ToString());
    }

    [Fact]
    public void WhatIfLooksAtTheReportAndLeavesIt()
    {
        Seed("A", "B");
        Shell.RunClean("$ids[0] | Update-ConnectionKey -ApiKey $new");
        string before = File.ReadAllText(Report);
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -WhatIf");
        Assert.Equal("AlreadyUpdated", Assert.Single(result.Output).Properties["Outcome"].Value.ToString());
        Assert.Equal(before, File.ReadAllText(Report));
        Assert.Single(_folder.GetFiles());
    }

    private string Modified(string id)
    {
        Shell.Set("id", id);
        return ((DateTime)Shell.RunClean("(Get-Connection -ConnectionId $id).ModifiedOn")[0].BaseObject).ToUniversalTime().ToString("O");
    }

    private void Write(string lines) =>
        File.WriteAllText(Report, $$"""{"report":"KoreConnections key rotation","version":1,"platform":"{{_place.Sandbox.BaseUri}}"}""" + "\n" + lines);
}
