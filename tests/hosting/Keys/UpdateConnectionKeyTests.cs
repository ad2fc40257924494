using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Keys;

/// <summary>Update-ConnectionKey: verify, change, confirm, put back; what stops it, and what it tells.</summary>
public sealed class UpdateConnectionKeyTests : IDisposable
{
    private const string Old = "sk-seed-0123456789abcdef";
    private static readonly string New = FakeProviders.Key("good");

    private readonly FakeProviders _provider = new();
    private readonly SandboxFixture _place = new(connectOptions: "-RetryIntervalSec 0 -MaximumRetryCount 2");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-rotation");

    public UpdateConnectionKeyTests()
    {
        Shell.Set("new", Shell.Secure(New));
        Shell.Set("old", Shell.Secure(Old));
        Shell.Set("bad", Shell.Secure(FakeProviders.Key("bad")));
        Shell.Set("report", Report);
        Shell.RunClean($"$PSDefaultParameterValues['Update-ConnectionKey:ProviderUri'] = '{_provider.BaseUri}'");
    }

    private Shell Shell => _place.Shell;

    private string Report => Path.Combine(_folder.FullName, "rotation.jsonl");

    private string[] Steps => [.. File.ReadAllLines(Report).Skip(1).Select(l => JsonNode.Parse(l)!).Select(l => $"{l["step"]} {l["outcome"]}".Trim())];

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
        Assert.Equal(["started", "finished Updated"], Steps);
        Assert.False(File.Exists(Report + ".lock"));
    }

    [Fact]
    public void AKeyThatDoesNotPassIsNotSet()
    {
        string id = Seed("A")[0];
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $bad -ReportPath $report");
        Assert.Equal("Failed InvalidKey KoreInvalidInput", Text(Assert.Single(result.Output), "Outcome", "Verdict", "ErrorId"));
        Assert.Equal(["KoreInvalidInput"], result.ErrorIds);
        Assert.Contains("Incorrect API key", result.AllErrors[0].ToString(), StringComparison.Ordinal);
        Assert.True(_place.Sandbox.HasKey(id, Old));
        Assert.Empty(_place.Writes);
        Assert.Equal(["finished Failed"], Steps);
    }

    [Fact]
    public void SkipVerificationAsksNoProvider()
    {
        string id = Seed("A")[0];
        Assert.Equal("Updated ", Text(Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $bad -SkipVerification")), "Outcome", "Verdict"));
        Assert.True(_place.Sandbox.HasKey(id, FakeProviders.Key("bad")));
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public void RowsHaveTheirOwnKeysAsReferences()
    {
        Environment.SetEnvironmentVariable("KORE_TEST_ROW", FakeProviders.Key("slow"));
        string[] ids = Seed("A", "B");
        Shell.RunClean("$ids[0], $ids[1] | ForEach-Object { [pscustomobject]@{ ConnectionId = $_; ApiKey = if ($_ -eq $ids[0]) { 'env:KORE_TEST_ROW' } else { $new } } } | Update-ConnectionKey");
        Assert.True(_place.Sandbox.HasKey(ids[0], FakeProviders.Key("slow")));
        Assert.True(_place.Sandbox.HasKey(ids[1], New));
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

    [Fact]
    public void AnAnswerThatRepeatsEitherKeyShowsNone()
    {
        const string Before = "Zq9_plainKx77wWv";
        Seed("A");
        string report = Path.Combine(_folder.FullName, "repeats.jsonl");
        Shell.Set("before", Shell.Secure(Before)).Set("report", report);
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 400, Body = $$$"""{"error":{"message":"The stored key {{{Before}}} cannot be replaced by {{{New}}}"}}""" });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -PreviousApiKey $before -ReportPath $report");
        Assert.Equal("Failed", Text(Assert.Single(result.Output), "Outcome"));
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
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, AfterWork = done });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new");
        Assert.Equal(outcome, Text(Assert.Single(result.Output), "Outcome"));
        Assert.Equal(patches, _place.Writes.Count);
        Assert.True(_place.Sandbox.HasKey(id, outcome == "Updated" ? New : Old));
    }

    [Fact]
    public void AWholeFirstBatchOfBadKeysChangesNothing()
    {
        Seed("A", "B", "C", "D");
        ShellResult result = Shell.Run("$ids | ForEach-Object { @{ ConnectionId = $_; ApiKey = if ($_ -in $ids[0, 1]) { $bad } else { $new } } } | Update-ConnectionKey -BatchSize 2 -ReportPath $report");
        Assert.Equal(["Failed", "Failed", "Skipped", "Skipped"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Empty(_place.Writes);
        Assert.Contains(result.Streams.Warning, w => w.Message.Contains("The remaining connections are skipped", StringComparison.Ordinal));
        // What was skipped is done by the next run; so is what failed.
        Assert.Equal(["Updated", "Updated", "Updated", "Updated"], Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new -ReportPath $report").Select(o => Text(o, "Outcome")));
    }

    [Fact]
    public void ItStopsAfterTheMostFailures()
    {
        Seed("A", "B", "C", "D", "E");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Skip = 1, Status = 400, Times = 2 });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -MaximumFailure 2 -ThrottleLimit 1");
        Assert.Equal(["Updated", "Failed", "Failed", "Skipped", "Skipped"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal(3, _place.Writes.Count);
        Assert.Contains("stopped after 2 failures", (string)result.Output[4].Properties["Reason"].Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$ids")]
    [InlineData("$ids | ForEach-Object { @{ ConnectionId = $_ } }")]
    [InlineData("$ids | Get-Connection")]
    public void WhatIsSkippedHasItsNameAndId(string rows)
    {
        string[] ids = [.. Seed("A", "B", "C", "D")];
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 400, Times = 1 });
        ShellResult result = Shell.Run($"{rows} | Update-ConnectionKey -ApiKey $new -MaximumFailure 1 -ThrottleLimit 1 -BatchSize 1");
        Assert.Equal(["Failed", "Skipped", "Skipped", "Skipped"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal(["A", "B", "C", "D"], result.Output.Select(o => Text(o, "ConnectionName")));
        Assert.Equal($"D ({ids[3]}): Skipped", result.Output[3].BaseObject.ToString());
        Assert.Contains($"A ({ids[0]})", Assert.Single(result.AllErrors).ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    public void WithoutAListingWhatIsSkippedHasItsId(int status)
    {
        string[] ids = [.. Seed("A", "B")];
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 400, Times = 1 });
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Skip = 1, Status = status, Times = 0 });
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -MaximumFailure 1 -ThrottleLimit 1 -BatchSize 1");
        Assert.Equal(["Failed", "Skipped"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal($"{ids[1]}: Skipped", result.Output[1].BaseObject.ToString());
    }

    [Fact]
    public void FailuresOfVerificationCountToo()
    {
        Seed("A", "B", "C");
        ShellResult result = Shell.Run("$ids | ForEach-Object { @{ ConnectionId = $_; ApiKey = if ($_ -eq $ids[0]) { $bad } else { $new } } } | Update-ConnectionKey -MaximumFailure 1");
        Assert.Equal(["Failed", "Skipped", "Skipped"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Empty(_place.Writes);
    }

    [Fact]
    public void WhatIfSendsNothingAndMakesNoFile()
    {
        Seed("A", "B");
        ShellResult result = Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -ReportPath $report -WhatIf");
        Assert.Empty(result.Output);
        Assert.Empty(_place.Requests);
        Assert.Empty(_provider.Requests);
        Assert.Empty(_folder.GetFiles());
        Assert.Contains("Update the key", result.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void UnderErrorActionStopTheResultsComeBeforeTheError()
    {
        Seed("A", "B", "C");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Skip = 1, Status = 400 });
        ShellResult result = Shell.Run("$done = [System.Collections.Generic.List[string]]::new(); try { $ids | Update-ConnectionKey -ApiKey $new -ThrottleLimit 1 -ErrorAction Stop | ForEach-Object { $done.Add($_.Outcome) } } catch { $_.FullyQualifiedErrorId }; $done");
        Assert.Equal(["KoreInvalidRequest,KoreConnections.Commands.UpdateConnectionKeyCommand", "Updated", "Failed"], result.Output.Select(o => o.ToString()));
        Assert.Equal(2, _place.Writes.Count);
    }

    [Theory]
    [InlineData("'' | Update-ConnectionKey -ApiKey $new", "-ConnectionId is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey", "needs a key")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey ''", "-ApiKey is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey 'sk-***'", "is a mask")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -PreviousApiKey 'sk-***'", "-PreviousApiKey is a mask")]
    [InlineData("@{ ConnectionId = 'cn-1'; ApiKey = 'env:KORE_TEST_NONE' } | Update-ConnectionKey", "which is not set or empty")]
    [InlineData("@{ Model = 'x' } | Update-ConnectionKey -ApiKey $new", "neither a ConnectionId nor a Name")]
    [InlineData("@{ Provider = 'OpenAI' } | Update-ConnectionKey -ApiKey $new", "-ConnectionId is empty")]
    [InlineData("@{ ConnectionId = 'cn-1'; Provider = 'API' } | Update-ConnectionKey -ApiKey $new", "Use -Header")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ProviderUri 'http://gateway.example.com'", "unencrypted")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath ''", "-ReportPath is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath nowhere:/x", "is not a path")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath Env:/x", "is not in the file system")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath /no-such-folder/x.jsonl", "cannot be used")]
    public void WhatIsMissingOrWrongIsSaid(string script, string words)
    {
        ShellResult result = Shell.Run(script);
        Assert.Equal(["KoreInvalidInput"], result.ErrorIds);
        Assert.Contains(words, result.AllErrors[0].ToString(), StringComparison.Ordinal);
        // What is wrong with the call itself ends it; a row that is wrong has its result.
        bool isOfCall = script.Contains("-ProviderUri", StringComparison.Ordinal) || script.Contains("-ReportPath", StringComparison.Ordinal);
        Assert.Equal(isOfCall ? [] : ["Failed KoreInvalidInput"], result.Output.Select(o => Text(o, "Outcome", "ErrorId")));
        Assert.All(result.Output, o => Assert.Contains(words, Text(o, "Error"), StringComparison.Ordinal));
        Assert.Empty(_place.Requests);
    }

    [Fact]
    public void ARowMayNameItsConnection()
    {
        Seed("A", "B", "C");
        ShellResult result = Shell.Run("[pscustomobject]@{ Name = 'A'; ConnectionId = '' }, @{ ConnectionName = 'B'; Provider = 'OpenAI' }, [pscustomobject]@{ Name = 'C'; ApiKey = $new } | Update-ConnectionKey -ApiKey $new");
        Assert.Empty(result.AllErrors);
        Assert.Equal(["A Updated", "B Updated", "C Updated"], result.Output.Select(o => Text(o, "ConnectionName", "Outcome")));
        Assert.Single(_place.Requests, r => r.Method == "GET" && r.Target == "/api/public/connections");
        Assert.Equal(3, _place.Writes.Count);
    }

    [Fact]
    public void ANameThatIsAbsentOrAmbiguousIsThatRowsError()
    {
        Seed("A");
        const string Listed = """{ "connectionId": "{id}", "connectionName": "{name}", "provider": "Open AI" }""";
        string id = _place.Shell.RunClean("(Get-Connection A).ConnectionId")[0].ToString();
        string[] rows = [.. new[] { ("A", id), ("Twin", "cn-1"), ("Twin", "cn-2") }.Select(c => Listed.Replace("{name}", c.Item1, StringComparison.Ordinal).Replace("{id}", c.Item2, StringComparison.Ordinal))];
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = "/connections", Times = 1, Status = 200, Body = $$"""{ "connections": [{{string.Join(", ", rows)}}], "total": 3 }""" });
        ShellResult result = Shell.Run("@{ Name = 'Absent' }, @{ Name = 'Twin' }, @{ Name = 'a' }, @{ Name = 'A'; Provider = 'Anthropic' }, @{ Name = 'A' } | Update-ConnectionKey -ApiKey $new");
        Assert.Equal(["KoreConnectionNotFound", "KoreInvalidInput", "KoreConnectionNotFound", "KoreInvalidInput"], result.ErrorIds);
        Assert.Contains("2 connections named 'Twin': cn-1, cn-2", result.AllErrors[1].ToString(), StringComparison.Ordinal);
        Assert.Equal(["Absent", "Twin", "a", "A"], result.AllErrors.Select(e => e.TargetObject));
        Assert.Equal(["Absent: Failed", "Twin: Failed", "a: Failed", "A: Failed", $"A ({id}): Updated"], result.Output.Select(r => r.ToString()));
    }

    [Fact]
    public void AConnectionThatIsNotThereFails()
    {
        ShellResult result = Shell.Run("'cn-none' | Update-ConnectionKey -ApiKey $new");
        Assert.Equal("Failed KoreConnectionNotFound", Text(Assert.Single(result.Output), "Outcome", "ErrorId"));
        Assert.Equal(["KoreConnectionNotFound"], result.ErrorIds);
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

    [Fact]
    public async Task StoppingTellsWhatBecameOfWhatWasSent()
    {
        string id = Seed("A")[0];
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 800 });
        using PowerShell running = Shell.Create("$ids | Update-ConnectionKey -ApiKey $new -ReportPath $report");
        IAsyncResult invocation = running.BeginInvoke();
        await Wait.Until(() => _place.Writes.Count == 1);
        running.Stop();
        Assert.Throws<PipelineStoppedException>(() => running.EndInvoke(invocation));
        Assert.Contains($"Update 'A ({id})': Unconfirmed", Shell.Host.Shown, StringComparison.Ordinal);
        Assert.Equal(["started", "finished Unconfirmed"], Steps);
        // The next run finds out.
        PSObject result = Assert.Single(Shell.RunClean("$ids | Update-ConnectionKey -ApiKey $new -ReportPath $report"));
        Assert.Equal("Updated", Text(result, "Outcome"));
        Assert.Single(_place.Writes);
    }

    [Fact]
    public void ThePauseIsBetweenBatches()
    {
        Seed("A", "B", "C");
        IReadOnlyList<string> lines = [.. Shell.Run("$ids | Update-ConnectionKey -ApiKey $new -BatchSize 1 -DelaySeconds 1 -Verbose 4>&1").Output.Select(o => o.ToString()).Where(l => l.StartsWith("The next batch", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Count);
    }

    public void Dispose()
    {
        _place.Dispose();
        _provider.Dispose();
        _folder.Delete(recursive: true);
    }

    private string[] Seed(params string[] names)
    {
        string[] ids = [.. _place.Seed(names)];
        Shell.Set("ids", ids);
        return ids;
    }

    private static string Text(PSObject result, params string[] properties) => string.Join(" ", properties.Select(p => result.Properties[p].Value));
}
