namespace KoreConnections.Tests.Keys;

/// <summary>What stops a rotation, and what becomes of the rest.</summary>
public sealed class RotationStopTests : RotationTestBase
{
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
    public void UnderErrorActionStopTheResultsComeBeforeTheError()
    {
        Seed("A", "B", "C");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Skip = 1, Status = 400 });
        ShellResult result = Shell.Run("$done = [System.Collections.Generic.List[string]]::new(); try { $ids | Update-ConnectionKey -ApiKey $new -ThrottleLimit 1 -ErrorAction Stop | ForEach-Object { $done.Add($_.Outcome) } } catch { $_.FullyQualifiedErrorId }; $done");
        Assert.Equal(["KoreInvalidRequest,KoreConnections.Commands.UpdateConnectionKeyCommand", "Updated", "Failed"], result.Output.Select(o => o.ToString()));
        Assert.Equal(2, _place.Writes.Count);
    }

    /// <summary>What its provider rejects is known before a key is changed. What is before it in the input is changed all the same.</summary>
    [Fact]
    public void UnderErrorActionStopNothingIsChangedAfterAKeyThatIsRejected()
    {
        Seed("A", "B", "C", "D");
        ShellResult result = Shell.Run("$done = [System.Collections.Generic.List[string]]::new(); try { $ids | ForEach-Object { @{ ConnectionId = $_; ApiKey = if ($_ -eq $ids[1]) { $bad } else { $new } } } | Update-ConnectionKey -ErrorAction Stop | ForEach-Object { $done.Add($_.Outcome) } } catch { }; $done");
        Assert.Equal(["Updated", "Failed"], result.Output.Select(o => o.ToString()));
        Assert.Single(_place.Writes);
        Assert.Contains(result.Streams.Warning, w => w.Message.Contains("nothing was changed for 'C", StringComparison.Ordinal) && w.Message.Contains("'D", StringComparison.Ordinal));
    }

    /// <summary>As with -MaximumFailure 1: nothing new is begun, and what was sent is confirmed.</summary>
    [Theory]
    [InlineData("$ids | Update-ConnectionKey -ApiKey $new -ThrottleLimit 4 -ErrorAction Stop", 400)]
    [InlineData("$ErrorActionPreference = 'Stop'; $ids | Update-ConnectionKey -ApiKey $new -ThrottleLimit 2", 400)]
    [InlineData("$ids | Update-ConnectionKey -ApiKey $new -ThrottleLimit 4", 401)]
    public void WhatWasSentBeforeAnErrorThatEndsThePipelineIsConfirmed(string rotate, int status)
    {
        string[] ids = Seed([.. Enumerable.Range(1, 20).Select(i => $"N{i}")]);
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[0], Status = status });
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 300, Times = 0 });
        ShellResult result = Shell.Run($"$done = [System.Collections.Generic.List[string]]::new(); try {{ {rotate} | ForEach-Object {{ $done.Add($_.Outcome) }} }} catch {{ $failed = $_ }}; $done; if (-not $failed) {{ 'no error' }}");
        string[] outcomes = [.. result.Output.Select(o => o.ToString())];
        Assert.Equal(["Failed", .. Enumerable.Repeat("Updated", outcomes.Length - 1)], outcomes);
        Assert.Equal(_place.Writes.Count, outcomes.Length);
        Assert.InRange(outcomes.Length, 2, 12);
        Assert.DoesNotContain(result.Streams.Warning, w => w.Message.Contains("may or may not", StringComparison.Ordinal));
    }

    /// <summary>What has no result is named: in the window and cancelled, or further down in the batch.</summary>
    [Theory]
    [InlineData("-ThrottleLimit 4 -ErrorAction Stop", 400, "Because the command ends here, nothing was changed for 'N")]
    [InlineData("-ThrottleLimit 4", 401, "For the same reason, nothing was changed for 'N")]
    [InlineData("-ThrottleLimit 1", 401, "For the same reason, nothing was changed for 'N")]
    [InlineData("-ThrottleLimit 4 -BatchSize 3", 401, "")]
    public void AnErrorThatEndsThePipelineLeavesNoneOfItsBatchUnnamed(string options, int status, string words)
    {
        string[] ids = Seed([.. Enumerable.Range(1, 20).Select(i => $"N{i}")]);
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[1], Status = status });
        ShellResult result = Shell.Run($"$done = [System.Collections.Generic.List[string]]::new(); try {{ $ids | Update-ConnectionKey -ApiKey $new {options} | ForEach-Object {{ $done.Add($_.ConnectionId) }} }} catch {{ }}; $done");
        string[] shown = [.. result.Output.Select(o => o.ToString())];
        string said = string.Concat(result.Streams.Warning.Select(w => w.Message));
        Assert.Contains(words, said, StringComparison.Ordinal);
        int batch = options.Contains("-BatchSize", StringComparison.Ordinal) ? 3 : 20;
        Assert.All(ids.Take(batch), id => Assert.True(shown.Contains(id) != said.Contains($"({id})'", StringComparison.Ordinal), $"{id}: {said}"));
    }

    [Fact]
    public async Task WhatIsConfirmedBeforeAnErrorStopsSoon()
    {
        string[] ids = Seed("A", "B", "C");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[0], Status = 400, DelayMilliseconds = 300 });
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 120_000, Times = 0 });
        await Shell.RunAndStopAsync("$ids | Update-ConnectionKey -ApiKey $new -ErrorAction Stop", () => _place.Writes.Count == 3, 1000);
        Assert.Contains($"Update 'B ({ids[1]})': unknown. It was sent", Shell.Host.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoppingTellsWhatBecameOfWhatWasSent()
    {
        string id = Seed("A")[0];
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 800 });
        await Shell.RunAndStopAsync("$ids | Update-ConnectionKey -ApiKey $new -ReportPath $report", () => _place.Writes.Count == 1);
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
}
