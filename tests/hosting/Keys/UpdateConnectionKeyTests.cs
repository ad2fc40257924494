using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>Update-ConnectionKey: verify, change, confirm, put back.</summary>
public sealed class UpdateConnectionKeyTests : RotationTestBase
{
    [Fact]
    public void ASessionThatEndsBeforeTheAnswerLeavesItOpen()
    {
        string id = Seed("A")[0];
        KoreSession? session = null;
        using var proxy = new FaultyProxy(_place.Sandbox.BaseUri, (line, _) =>
        {
            if (!line.StartsWith("PATCH", StringComparison.Ordinal))
            {
                return FaultAction.Pass;
            }

            session!.Dispose();
            return FaultAction.Silence;
        });
        using Shell shell = Shell.ConnectedTo(_place.Sandbox, proxy.BaseUri);
        session = (KoreSession)shell.Get("session")!;
        shell.Set("id", id).Set("new", Shell.Secure(New));
        ShellResult result = shell.Run("Update-ConnectionKey $id -ApiKey $new -SkipVerification");
        Assert.Equal("Unconfirmed KoreNotConnected", Text(Assert.Single(result.Output), "Outcome", "ErrorId"));
        Assert.Contains(result.Streams.Warning, w => w.Message.Contains("may or may not have the new key", StringComparison.Ordinal));
    }

    [Fact]
    public void AKeyIsVerifiedChangedAndReadBack()
    {
        string id = Seed("A")[0];
        PSObject result = Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new -PreviousApiKey $old -ReportPath $report"));
        Assert.Equal("Updated Valid A Open AI", Text(result, "Outcome", "Verdict", "ConnectionName", "Provider"));
        Assert.Equal("sk-***************", result.Properties["MaskBefore"].Value);
        Assert.Equal("sk*****************MQAA", result.Properties["MaskAfter"].Value);
        Assert.True(_place.Sandbox.HasKey(id, New));
        Assert.Equal(["GET", "PATCH", "GET"], _place.Requests.Select(r => r.Method));
        Assert.Single(_provider.Requests);
        JsonNode[] lines = [.. File.ReadAllLines(Report).Select(l => JsonNode.Parse(l)!)];
        Assert.Equal([null, "started", "finished"], lines.Select(l => (string?)l["step"]));
        Assert.Equal(_place.Sandbox.BaseUri.AbsoluteUri, (string?)lines[0]["platform"]);
        Assert.Equal((id, "Updated", "sk-***************", "sk*****************MQAA"), ((string?)lines[2]["connectionId"], (string?)lines[2]["outcome"], (string?)lines[2]["maskBefore"], (string?)lines[2]["maskAfter"]));
        Assert.All([Old, New], key => Assert.DoesNotContain(key, File.ReadAllText(Report), StringComparison.Ordinal));
        Assert.False(File.Exists(Report + ".lock"));
    }

    [Fact]
    public void SkipVerificationAsksNoProvider()
    {
        string id = Seed("A")[0];
        Assert.Equal("Updated ", Text(Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $bad -SkipVerification")), "Outcome", "Verdict"));
        Assert.True(_place.Sandbox.HasKey(id, FakeProviders.Key("bad")));
        Assert.Empty(_provider.Requests);
    }

    [Theory]
    [InlineData(true, "RolledBack", "KoreServerError")]
    [InlineData(false, "Unconfirmed", null)]
    public void WhatCannotBeConfirmedIsPutBackWhereThatIsPossible(bool hasPrevious, string outcome, string? error)
    {
        string id = Seed("A")[0];
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Skip = 1, Status = 500 });
        ShellResult result = Shell.Run($"$ids | Update-ConnectionKey -ApiKey $new {(hasPrevious ? "-PreviousApiKey $old" : "")} -ReportPath $report");
        Assert.Equal(outcome, Text(Assert.Single(result.Output), "Outcome"));
        Assert.Equal(error is null ? [] : [error], result.ErrorIds);
        Assert.True(_place.Sandbox.HasKey(id, hasPrevious ? Old : New));
        Assert.Equal(hasPrevious ? ["started", "rollingBack", "finished RolledBack"] : ["started", "finished Unconfirmed"], Steps);
        string[] warnings = [.. result.Streams.Warning.Select(w => w.Message)];
        Assert.Equal(hasPrevious ? 0 : 2, warnings.Length);
        Assert.All(warnings.Take(1), w => Assert.StartsWith("If a change cannot be confirmed, the previous key cannot be restored", w, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatReadingBackContradictsIsPutBack()
    {
        string id = Seed("A")[0];
        // The platform says yes and does nothing.
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 200, Body = $$"""{ "connectionId": "{{id}}", "fields": { "API_KEY": "sk***" } }""" });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -PreviousApiKey $old");
        Assert.Equal("RolledBack", Text(Assert.Single(result.Output), "Outcome"));
        Assert.Equal(["KoreUnexpectedResponse"], result.ErrorIds);
        Assert.Contains("does not show it", result.AllErrors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AMaskThatEndsOtherwiseIsNoConfirmation()
    {
        string id = Seed("A")[0];
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 200, AfterWork = true, Body = $$"""{ "connectionId": "{{id}}", "fields": { "API_KEY": "sk*****WXYZ" } }""" });
        Assert.Equal("Unconfirmed", Text(Assert.Single(Shell.Run("$ids | Update-ConnectionKey -ApiKey $new").Output), "Outcome"));
    }

    [Theory]
    [InlineData("PATCH", 0, "Failed")]
    [InlineData("GET", 0, "Failed")]
    [InlineData("GET", 1, "RolledBack")]
    public void AnAnswerThatRepeatsEitherKeyShowsNone(string method, int skip, string outcome)
    {
        const string Before = "Zq9_plainKx77wWv";
        Seed("A");
        string report = Path.Combine(_folder.FullName, "repeats.jsonl");
        Shell.Set("before", Shell.Secure(Before)).Set("report", report);
        _place.Sandbox.Faults.Add(new Fault { Method = method, Skip = skip, Status = 400, Body = $$$"""{"error":{"message":"The stored key {{{Before}}} cannot be replaced by {{{New}}}"}}""" });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -PreviousApiKey $before -ReportPath $report");
        Assert.Equal(outcome, Text(Assert.Single(result.Output), "Outcome"));
        string all = Text(result.Output[0], "Error") + string.Concat(result.AllErrors) + File.ReadAllText(report);
        Assert.Contains("The stored key", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Before, all, StringComparison.Ordinal);
        Assert.DoesNotContain(New, all, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenPuttingBackFailsTooBothAreSaid()
    {
        Seed("A");
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Skip = 1, Status = 500 });
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Skip = 1, Status = 500 });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -PreviousApiKey $old");
        Assert.Equal("Unconfirmed", Text(Assert.Single(result.Output), "Outcome"));
        Assert.Contains("Restoring the previous key also failed", (string)result.Output[0].Properties["Error"].Value, StringComparison.Ordinal);
        Assert.Contains(result.Streams.Warning, w => w.Message.Contains("may or may not have the new key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, true, 1, "Updated")]
    [InlineData(503, false, 2, "Updated")]
    [InlineData(500, true, 1, "Updated")]
    [InlineData(500, false, 1, "Failed")]
    [InlineData(403, false, 1, "Failed")]
    public void AChangeWithoutAnAnswerIsDecidedByReading(int status, bool done, int patches, string outcome)
    {
        string id = Seed("A")[0];
        Shell.Use(Shell.SessionWithoutWaits(_place.Sandbox));
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, AfterWork = done });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new");
        Assert.Equal(outcome, Text(Assert.Single(result.Output), "Outcome"));
        Assert.Equal(patches, _place.Writes.Count);
        Assert.True(_place.Sandbox.HasKey(id, outcome == "Updated" ? New : Old));
    }

    [Fact]
    public void ACustomApisHeadersAreReplacedAsAWhole()
    {
        Shell.Set("own", new Uri(_provider.BaseUri, "/own").AbsoluteUri);
        string id = (string)Shell.RunClean("$c = New-Connection -CustomApi -Name C -EndpointUrl $own -Payload @{ prompt = '{{prompt}}' } -OutputPath 'content[0].text' -Header ([ordered]@{ 'x-api-key' = $old; 'x-note' = 'plain' }); $c.ConnectionId")[0].BaseObject;
        ShellResult missing = Shell.Run("$c | Update-ConnectionKey -Header @{ 'x-api-key' = $new }");
        Assert.Equal("Failed", Text(Assert.Single(missing.Output), "Outcome"));
        Assert.Contains("does not include 'x-note'", missing.AllErrors[0].ToString(), StringComparison.Ordinal);
        Assert.True(_place.Sandbox.HasKey(id, Old + "\nplain"));

        Shell.RunClean("$PSDefaultParameterValues.Remove('Update-ConnectionKey:ProviderUri')");
        PSObject result = Assert.Single(Shell.RunClean("$c | Update-ConnectionKey -Header ([ordered]@{ 'x-api-key' = $new; 'x-note' = 'plain' }) -PreviousHeader ([ordered]@{ 'x-api-key' = $old; 'x-note' = 'plain' })"));
        Assert.Equal("Updated Valid", Text(result, "Outcome", "Verdict"));
        Assert.True(_place.Sandbox.HasKey(id, New + "\nplain"));
    }
}
