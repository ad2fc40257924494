namespace KoreConnections.Tests.Parallel;

/// <summary>Many items at once: order, bounds, and one after the other where it matters.</summary>
public sealed class ManyAtOnceTests
{
    [Fact]
    public void ResultsComeInTheOrderOfTheInput()
    {
        using var place = new SandboxFixture();
        IReadOnlyList<string> ids = place.Seed([.. Enumerable.Range(1, 40).Select(i => $"N{i}")]);
        for (int i = 0; i < ids.Count; i += 3)
        {
            place.Sandbox.Faults.Add(new Fault { Path = ids[i], DelayMilliseconds = 150 - (i * 3) });
        }

        place.Shell.Set("ids", ids.ToArray());
        Assert.Equal(ids, place.Shell.RunClean("$ids | Get-Connection").Select(Id));
    }

    [Fact]
    public void ErrorsKeepTheirPlaceAmongTheResults()
    {
        using var place = new SandboxFixture();
        IReadOnlyList<string> ids = place.Seed("A", "B");
        place.Sandbox.Faults.Add(new Fault { Path = ids[0], DelayMilliseconds = 200 });
        place.Shell.Set("ids", new[] { ids[0], "", "cn-none", ids[1] });
        IReadOnlyList<PSObject> merged = place.Shell.Run("$ids | Get-Connection 2>&1").Output;
        Assert.Equal(
            [ids[0], "KoreInvalidInput", "KoreConnectionNotFound", ids[1]],
            merged.Select(m => m.BaseObject is ErrorRecord error ? error.FullyQualifiedErrorId.Split(',')[0] : Id(m)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task NoMoreThanTheLimitAreUnderWay(int limit)
    {
        using var place = new SandboxFixture();
        using var proxy = new FaultyProxy(place.Sandbox.BaseUri, (_, _) => FaultAction.Silence);
        using Shell shell = Shell.ConnectedTo(place.Sandbox, proxy.BaseUri, "-TimeoutSec 60");
        using PowerShell running = shell.Create($"1..100 | ForEach-Object {{ $global:fed = $_; \"cn-$_\" }} | Get-Connection -ThrottleLimit {limit}");
        IAsyncResult invocation = running.BeginInvoke();
        await Wait.Until(() => proxy.Requests.Count >= limit);
        await Task.Delay(300);
        Assert.Equal(limit, proxy.Requests.Count);
        Shell.Stop(running, invocation);
        // However much comes down the pipeline, only a window of it is taken.
        Assert.InRange((int)shell.Get("fed")!, limit, limit * 4);
    }

    [Fact]
    public void WithALimitOfOneEachRecordIsAnsweredBeforeTheNext()
    {
        using var place = new SandboxFixture();
        place.Shell.Set("ids", place.Seed("A", "B", "C").ToArray());
        IReadOnlyList<PSObject> pairs = place.Shell.RunClean("$ids | ForEach-Object { $_ } -PipelineVariable fed | Get-Connection -ThrottleLimit 1 | ForEach-Object { $fed -eq $_.ConnectionId }");
        Assert.Equal([true, true, true], pairs.Select(p => (bool)p.BaseObject));
    }

    [Fact]
    public void TwoChangesOfOneConnectionHappenInTheirOrder()
    {
        using var place = new SandboxFixture();
        string id = place.Seed("A")[0];
        place.Sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 300, Status = 503, Times = 1 });
        place.Shell.Set("id", id);
        place.Shell.RunClean("1..6 | ForEach-Object { [pscustomobject]@{ ConnectionId = $id; ApiKey = \"sk-order-0123456789-$_\" } } | Set-Connection");
        Assert.True(place.Sandbox.HasKey(id, "sk-order-0123456789-6"));
    }

    [Fact]
    public void AnErrorBetweenTwoChangesOfOneConnectionLeavesTheirOrder()
    {
        using var place = new SandboxFixture();
        IReadOnlyList<string> ids = place.Seed("A", "B");
        place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[0], DelayMilliseconds = 300 });
        place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[1], DelayMilliseconds = 1000, Status = 503, Times = 1 });
        place.Shell.Set("a", ids[0]).Set("b", ids[1]);
        ShellResult result = place.Shell.Run(
            "@{ i = $a; k = 'sk-a-0123456789' }, @{ i = $b; k = '***' }, @{ i = $b; k = 'sk-b-0123456789-1' }, @{ i = $a; k = 'sk-a-0123456789-2' }, @{ i = $b; k = 'sk-b-0123456789-2' } | ForEach-Object { [pscustomobject]@{ ConnectionId = $_.i; ApiKey = $_.k } } | Set-Connection");
        Assert.Equal(["KoreInvalidInput"], result.ErrorIds);
        Assert.True(place.Sandbox.HasKey(ids[1], "sk-b-0123456789-2"));
    }

    [Fact]
    public void TheSecondOfTwoRowsOfOneNameIsTheOneThatConflicts()
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 200 });
        ShellResult result = place.Shell.Run("'m1','m2' | ForEach-Object { @{ Provider = 'OpenAI'; Name = 'Twin'; Model = $_; ApiKey = 'sk-0123456789abcdef' } } | New-Connection");
        Assert.Equal("m1", Assert.Single(result.Output).Properties["Model"].Value);
        Assert.Equal(["KoreConflict"], result.ErrorIds);
    }

    [Fact]
    public void UnderErrorActionStopWhatWasSentIsEmittedBeforeTheError()
    {
        using var place = new SandboxFixture();
        place.Seed("B");
        place.Sandbox.Faults.Add(new Fault { Method = "POST", Skip = 2, Times = 1, DelayMilliseconds = 300 });
        ShellResult result = place.Shell.Run(
            "$done = [System.Collections.Generic.List[string]]::new(); try { 'A','B','C' | ForEach-Object { @{ Provider = 'OpenAI'; Name = $_; Model = 'm'; ApiKey = 'sk-0123456789abcdef' } } | New-Connection -ErrorAction Stop | ForEach-Object { $done.Add($_.ConnectionName) } } catch { $_.FullyQualifiedErrorId }; $done");
        Assert.StartsWith("KoreConflict,", (string)result.Output[0].BaseObject, StringComparison.Ordinal);
        string[] emitted = [.. result.Output.Skip(1).Select(o => (string)o.BaseObject)];
        string[] held = [.. place.Shell.RunClean("Get-Connection").Select(c => (string)c.Properties["ConnectionName"].Value).Where(n => n != "B").Order()];
        Assert.Equal(held, emitted.Order());
    }

    // What was sent is emitted first, and Select-Object has enough of it before the error can be written.
    [Theory]
    [InlineData("Get-Connection")]
    [InlineData("Set-Connection -ApiKey $key -PassThru")]
    public void UnderErrorActionStopNoFailureIsLostToAReaderThatHasEnough(string command)
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Path = "/cn-none", Times = 2, DelayMilliseconds = 600 });
        place.Shell.Set("ids", place.Seed("A", "B").Prepend("cn-none").ToArray()).Run("$key = ConvertTo-SecureString sk-0123456789abcdef -AsPlainText -Force");
        ShellResult result = place.Shell.Run($"try {{ $ids | {command} -ErrorAction Stop | Select-Object -First 1 }} catch {{ \"'cn-none': failed. $_\" }}");
        string[] said = [.. result.Streams.Warning.Select(w => w.Message), .. result.Output.Select(o => o.ToString())];
        Assert.Single(said, s => s.Contains("'cn-none': failed. ", StringComparison.Ordinal) && s.Contains("has no connection 'cn-none'", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatTakesLongerShowsItsProgress()
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "GET", DelayMilliseconds = 1800 });
        place.Shell.Set("ids", place.Seed("A", "B").ToArray());
        ShellResult result = place.Shell.Run("$ids | Get-Connection");
        Assert.Contains(result.Streams.Progress, p => p.Activity == "Reading connections" && p.StatusDescription.Contains("in progress", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, result.Streams.Progress.Last().RecordType);
    }

    [Theory]
    [InlineData("$ids | Get-Connection -ThrottleLimit 1 | Select-Object -First 1")]
    [InlineData("Find-ConnectionIssue -ThrottleLimit 1 | Select-Object -First 1")]
    [InlineData("try { $ids | Get-Connection -ThrottleLimit 1 | ForEach-Object { throw 1 } } catch { }")]
    [InlineData("try { 'cn-none' | Get-Connection -ErrorAction Stop } catch { }")]
    [InlineData("$null = Connect-KorePlatform $address $key -PassThru")]
    [InlineData("try { $ids | Get-Connection | ForEach-Object { Disconnect-KorePlatform -Session $session } } catch { }")]
    public void TheProgressEndsHoweverThePipelineDoes(string command)
    {
        using var place = new SandboxFixture();
        place.Shell.Set("ids", place.Seed("A", "B").ToArray());
        place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = "/connections", Times = 0, DelayMilliseconds = 1300 });
        Assert.Equal(ProgressRecordType.Completed, place.Shell.Run(command).Streams.Progress.Last().RecordType);
    }

    [Fact]
    public void TheProgressTellsCountsAndWaits()
    {
        using var place = new SandboxFixture();
        place.Shell.Set("ids", place.Seed("A", "B", "C", "D").Append("cn-none").ToArray());
        place.Sandbox.Faults.Add(new Fault { Method = "GET", Skip = 3, Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "3" } });
        ShellResult result = place.Shell.Run("$ids | Get-Connection -ThrottleLimit 1");
        Assert.Equal(["KoreConnectionNotFound"], result.ErrorIds);
        Assert.Contains(result.Streams.Progress, p => p.StatusDescription.StartsWith("3 done, 0 failed, 1 in progress, waiting ", StringComparison.Ordinal) && p.StatusDescription.EndsWith(" s for the platform's rate limit", StringComparison.Ordinal));
        Assert.All(result.Streams.Progress.SkipLast(1), p => Assert.DoesNotContain("-", p.StatusDescription, StringComparison.Ordinal));
    }

    [Fact]
    public void TheProgressSaysWhyItTriesAgain()
    {
        using var place = new SandboxFixture();
        place.Shell.Set("ids", place.Seed("A").ToArray());
        foreach (string command in new[] { "$ids | Get-Connection", "$null = Connect-KorePlatform $address $key -PassThru -RetryIntervalSec 3" })
        {
            place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 503, Times = 2 });
            ShellResult result = place.Shell.Run(command);
            Assert.Empty(result.ErrorIds);
            Assert.Contains(result.Streams.Progress, p => Regex.IsMatch(p.StatusDescription, @"Retry [12] of 5 in .* s: .*\(HTTP 503"));
        }
    }

    [Fact]
    public void NoMoreAreToldUnderWayThanThereAre()
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "GET", DelayMilliseconds = 1500, Times = 0 });
        place.Shell.Set("ids", place.Seed("A").ToArray());
        ShellResult result = place.Shell.Run("1..8 | ForEach-Object { $ids[0] } | Get-Connection -ThrottleLimit 4");
        Assert.Contains(result.Streams.Progress, p => p.StatusDescription.Contains("4 in progress", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Streams.Progress, p => p.StatusDescription.Contains("8 in progress", StringComparison.Ordinal));
    }

    private static string Id(PSObject connection) => (string)connection.Properties["ConnectionId"].Value;
}
