using System.Diagnostics;

namespace KoreConnections.Tests.Parallel;

/// <summary>Every way in which a pipeline ends while requests are under way.</summary>
public sealed class StopTests(ITestOutputHelper output)
{
    private const string NewRows = "ForEach-Object { @{ Provider = 'OpenAI'; Name = \"N$_\"; Model = 'm'; ApiKey = 'sk-0123456789abcdef' } }";

    [Theory]
    [InlineData("connecting")]
    [InlineData("waiting for headers")]
    [InlineData("reading a body")]
    [InlineData("waiting for a retry")]
    [InlineData("throttled")]
    [InlineData("listing")]
    public async Task ReadsAndWaitsStopAtOnce(string state)
    {
        string[] drip = ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n", .. Enumerable.Repeat(" ", 5000)];
        using SandboxServer sandbox = SandboxServer.Start();
        using var proxy = new FaultyProxy(sandbox.BaseUri, (_, _) => state switch
        {
            "reading a body" => FaultAction.Drip(drip, TimeSpan.FromMilliseconds(20)),
            "waiting for a retry" => FaultAction.Answer(503, "Retry-After: 60\r\n"),
            "throttled" => FaultAction.Answer(429, "Retry-After: 60\r\n"),
            _ => FaultAction.Silence,
        });
        // Behind https the handshake does not end.
        using var accepted = new ManualResetEventSlim();
        using var mute = TestServer.Mute(accepted.Set);
        Uri address = state == "connecting" ? new UriBuilder(mute.BaseUri) { Scheme = "https" }.Uri : proxy.BaseUri;
        using Shell shell = Shell.ConnectedTo(sandbox, address, "-TimeoutSec 300");
        await shell.RunAndStopAsync(
            state == "listing" ? "Get-Connection" : "1..50 | ForEach-Object { \"cn-$_\" } | Get-Connection -ThrottleLimit 2",
            () => accepted.IsSet || !proxy.Requests.IsEmpty, 200);
    }

    [Theory]
    [InlineData("Start-Sleep -Seconds 300")]
    [InlineData("while ($true) { }")]
    [InlineData("try { Start-Sleep -Seconds 300 } catch { } ; 'sk-after-all-0123456789'")]
    [InlineData("sleep 300")]
    public async Task ASourceOfKeysStopsAtOnceAndNothingIsSent(string block)
    {
        using var place = new SandboxFixture();
        string scheme = "stop" + Guid.NewGuid().ToString("N")[..8];
        using var began = new ManualResetEventSlim();
        // The module of Start-Sleep is loaded before: Ctrl+C while it loads is an error that 'catch' takes, a moment before the shell knows of it.
        place.Shell.Set("began", new Action(began.Set)).RunClean($"Start-Sleep 0; Register-KeySource {scheme} {{ $began.Invoke(); {block} }}");
        await place.Shell.RunAndStopAsync($"New-Connection -OpenAI -Name n -Model m -ApiKey {scheme}:x", () => began.IsSet, 200);
        Assert.Empty(place.Writes);
        place.Shell.RunClean($"Unregister-KeySource {scheme}");
    }

    [Theory]
    [InlineData(1000, "Create 'N1': done")]
    [InlineData(60_000, "Create 'N1': unknown")]
    public async Task ASentWriteIsAwaitedForAMomentAndItsOutcomeTold(int delay, string said)
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = delay });
        await place.Shell.RunAndStopAsync($"1 | {NewRows} | New-Connection", () => place.Writes.Count == 1);
        Assert.Contains(said, place.Shell.Host.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasNotSentIsNotSentAnyMore()
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 1000, Times = 0 });
        await place.Shell.RunAndStopAsync($"1..20 | {NewRows} | New-Connection -ThrottleLimit 2", () => place.Writes.Count == 2);
        await Task.Delay(1500);
        Assert.Equal(2, place.Writes.Count);
        Assert.Equal(2, place.Shell.RunClean("Get-Connection").Count);
    }

    [Theory]
    [InlineData("1..3 | ForEach-Object { if ($_ -eq 3) { [Threading.Thread]::Sleep(500); throw 'upstream' }; $_ } | {0} | New-Connection")]
    [InlineData("1..3 | {0} | New-Connection | ForEach-Object { throw 'downstream' }")]
    [InlineData("foreach ($once in 1) { 1..3 | {0} | New-Connection | ForEach-Object { break } }")]
    [InlineData("1..3 | ForEach-Object { if ($_ -eq 3) { [Threading.Thread]::Sleep(500); Get-Command no-such-command -ErrorAction Stop }; $_ } | {0} | New-Connection")]
    public void HoweverItEndsWhatWasCreatedIsEmittedOrTold(string script)
    {
        using var place = new SandboxFixture();
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 200, Times = 0 });
        ShellResult result = place.Shell.Run(script.Replace("{0}", NewRows, StringComparison.Ordinal));
        string said = place.Shell.Host.Shown + string.Concat(result.Streams.Warning.Select(w => w.Message));
        string[] held = [.. place.Shell.RunClean("Get-Connection").Select(c => (string)c.Properties["ConnectionName"].Value)];
        Assert.NotEmpty(held);
        // The first result reached the one who threw or broke off.
        bool reachedReader = script.EndsWith('}');
        Assert.All(held.Where(n => !(reachedReader && n == "N1")), name => Assert.Contains($"Create '{name}': done", said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$rows | New-Connection -ErrorAction Stop", "POST")]
    [InlineData("$ErrorActionPreference = 'Stop'; $rows | New-Connection -ThrottleLimit 3", "POST")]
    [InlineData("$rows | Set-Connection -ErrorAction Stop", "PATCH")]
    [InlineData("$rows | Update-ConnectionKey -SkipVerification -ErrorAction Stop", "PATCH")]
    public void NothingIsBegunAfterARowThatIsRefusedHere(string script, string method)
    {
        using var place = new SandboxFixture();
        place.Seed(method == "PATCH" ? ["N1", "N2", "N3", "N4", "N5", "N6"] : []);
        place.Sandbox.Faults.Add(new Fault { Method = method, DelayMilliseconds = 300, Times = 0 });
        place.Shell.RunClean("$rows = 1..6 | ForEach-Object { [pscustomobject](@{ Provider = 'OpenAI'; Name = \"N$_\"; ApiKey = $(if ($_ -eq 3) { 'env:KORE_NOT_SET' } else { 'sk-0123456789abcdef' }) } + $(if ('"
            + method + "' -eq 'POST') { @{ Model = 'm' } } else { @{} })) }");
        ShellResult result = place.Shell.Run($"try {{ {script} }} catch {{ $_.FullyQualifiedErrorId -replace ',.*' }}");
        Assert.Equal("KoreInvalidInput", result.Output[^1].ToString());
        Assert.Equal(2, place.Writes.Count);
    }

    /// <summary>Whose turn comes later than that of a slow one before it.</summary>
    [Theory]
    [InlineData("-ErrorAction Stop", 2)]
    [InlineData("", 12)]
    public void NothingIsBegunAfterAFailureThatIsKnown(string option, int sent)
    {
        using var place = new SandboxFixture();
        place.Seed("N2");
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 4000 });
        place.Shell.Set("sent", new Func<int>(() => place.Writes.Count));
        // The second one is refused while the first one is under way, and the others come after that.
        const string Wait = "ForEach-Object { while ($sent.Invoke() -lt [Math]::Min($_ - 1, 2)) { [Threading.Thread]::Sleep(10) }; if ($_ -eq 3) { [Threading.Thread]::Sleep(1500) }; $_ }";
        ShellResult result = place.Shell.Run($"try {{ 1..12 | {Wait} | {NewRows} | New-Connection -ThrottleLimit 2 {option} }} catch {{ $_ }}");
        Assert.Contains(result.AllErrors.Concat(result.Output.Select(o => o.BaseObject).OfType<ErrorRecord>()), e => e.FullyQualifiedErrorId.StartsWith("KoreConflict", StringComparison.Ordinal));
        Assert.Equal(sent, place.Writes.Count);
    }

    [Theory]
    [InlineData("1..3 | {1} | ForEach-Object { if ($_ -eq 3) { throw 'upstream' }; $_ } | {0} | New-Connection")]
    [InlineData("1..2 | {1} | {0} | New-Connection | ForEach-Object { throw 'downstream' }")]
    [InlineData("foreach ($once in 1) { 1..2 | {1} | {0} | New-Connection | ForEach-Object { break } }")]
    [InlineData("1..2 | {1} | {0} | New-Connection | ForEach-Object { Get-Command no-such-command -ErrorAction Stop }")]
    [InlineData("'Taken', 2 | {1} | {2} | New-Connection -ErrorAction Stop")]
    [InlineData("$ErrorActionPreference = 'Stop'; 'Taken', 2 | {1} | {2} | New-Connection")]
    public void HoweverItEndsASentWriteIsAwaitedForAMomentOnly(string script)
    {
        using var place = new SandboxFixture(connectOptions: "-TimeoutSec 300");
        place.Seed("Taken");
        // The first comes back and lets the pipeline end; the others hang, and are done all the same.
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 1500 });
        place.Sandbox.Faults.Add(new Fault { Method = "POST", DelayMilliseconds = 120_000, Times = 0 });
        place.Shell.Set("sent", new Func<int>(() => place.Writes.Count));
        script = script
            .Replace("{0}", NewRows, StringComparison.Ordinal)
            .Replace("{1}", "ForEach-Object { while ($_ -is [int] -and $sent.Invoke() -lt $_ - 1) { [Threading.Thread]::Sleep(10) }; $_ }", StringComparison.Ordinal)
            .Replace("{2}", "ForEach-Object { @{ Provider = 'OpenAI'; Name = \"$_\"; Model = 'm'; ApiKey = 'sk-0123456789abcdef' } }", StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        ShellResult result = place.Shell.Run(script);
        output.WriteLine($"ended after {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
        string said = place.Shell.Host.Shown + string.Concat(result.Streams.Warning.Select(w => w.Message));
        string[] hanging = [.. place.Writes.Select(w => (string)System.Text.Json.Nodes.JsonNode.Parse(w.Body)!["connectionName"]!).Skip(1)];
        Assert.NotEmpty(hanging);
        Assert.All(hanging, name => Assert.Contains($"Create '{name}': unknown", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AWriteThatWasNotSentYetStopsAtOnceAndIsNotToldAsSent()
    {
        using SandboxServer sandbox = SandboxServer.Start();
        using var accepted = new ManualResetEventSlim();
        using var mute = TestServer.Mute(accepted.Set);
        using Shell shell = Shell.ConnectedTo(sandbox, new UriBuilder(mute.BaseUri) { Scheme = "https" }.Uri, "-TimeoutSec 300");
        await shell.RunAndStopAsync($"1..3 | {NewRows} | New-Connection", () => accepted.IsSet);
        Assert.DoesNotContain("Create 'N", shell.Host.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWriteThatWaitsToBeSentAgainIsToldAsFailed()
    {
        using var place = new SandboxFixture();
        string id = place.Seed("A")[0];
        place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 503, Times = 0, Headers = new Dictionary<string, string> { ["Retry-After"] = "200" } });
        place.Shell.Set("id", id).Set("next", Shell.Secure("sk-0123456789abcdef"));
        await place.Shell.RunAndStopAsync("$id | Set-Connection -ApiKey $next", () => place.Writes.Count == 1, 300);
        Assert.Contains($"Change '{id}': failed.", place.Shell.Host.Shown, StringComparison.Ordinal);
        Assert.Contains("HTTP 503", place.Shell.Host.Shown, StringComparison.Ordinal);
    }

    /// <summary>An answer that does not say whether the change was made comes when nothing can be read any more. A refusal says that it was not.</summary>
    [Theory]
    [InlineData(504, null, "unknown. ")]
    [InlineData(500, null, "unknown. ")]
    [InlineData(200, "<html>", "unknown. ")]
    [InlineData(202, "", "unknown. ")]
    [InlineData(0, null, "unknown. ")]
    [InlineData(409, null, "failed. ")]
    [InlineData(400, null, "failed. ")]
    [InlineData(501, null, "failed. ")]
    public async Task WhatIsAnsweredAfterAStopIsUnknownWhereItMayHaveBeenMade(int status, string? body, string outcome)
    {
        using var place = new SandboxFixture(connectOptions: status == 0 ? "-TimeoutSec 2" : "");
        string[] ids = [.. place.Seed("A", "B", "C")];
        place.Shell.Set("ids", ids).Set("next", Shell.Secure("sk-0123456789abcdef"));
        foreach (string how in new[] { "stop", "first", "error" })
        {
            place.Forget();
            int before = place.Shell.Host.Shown.Length;
            place.Sandbox.Faults.Clear();
            place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = ids[0], Status = 400, DelayMilliseconds = how == "error" ? 500 : 60_000 });
            place.Sandbox.Faults.Add(new Fault
            {
                Method = "PATCH", Path = ids[2], DelayMilliseconds = status == 0 ? 60_000 : 1500, Status = status == 0 ? null : status, Body = body, AfterWork = true,
            });
            using PowerShell running = place.Shell.Create(how switch
            {
                "first" => "$ids[1, 2] | Set-Connection -ApiKey $next -PassThru | Select-Object -First 1",
                "error" => "$ids[0, 2] | Set-Connection -ApiKey $next -ErrorAction Stop",
                _ => "$ids[2] | Set-Connection -ApiKey $next",
            });
            IAsyncResult invocation = running.BeginInvoke();
            await Wait.Until(() => place.Writes.Any(w => w.Target.Contains(ids[2], StringComparison.Ordinal)));
            if (how == "stop")
            {
                Shell.Stop(running, invocation);
            }

            await Wait.Until(() => invocation.IsCompleted);
            string said = place.Shell.Host.Shown[before..] + string.Concat(running.Streams.Warning.Select(w => w.Message));
            Assert.Contains($"'{ids[2]}': {outcome}", said, StringComparison.Ordinal);
            Assert.Equal(outcome == "unknown. ", said.Contains("Get-Connection before you change it again", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("ForEach-Object { $reading.Invoke(); [Threading.Thread]::Sleep(1500) }")]
    [InlineData("ForEach-Object { $reading.Invoke(); Start-Sleep -Seconds 300 }")]
    [InlineData("ForEach-Object { $reading.Invoke(); try { Start-Sleep -Seconds 300 } catch { } }")]
    [InlineData("ForEach-Object { $reading.Invoke(); $stopped.Invoke(); throw 'mine' }")]
    public async Task WhatIsStoppedWhileItIsReadIsToldToo(string reader)
    {
        using var place = new SandboxFixture();
        using var reading = new ManualResetEventSlim();
        PowerShell? own = null;
        place.Shell
            .Set("reading", new Action(reading.Set))
            .Set("stopped", new Action(() => SpinWait.SpinUntil(() => own!.InvocationStateInfo.State == PSInvocationState.Stopping, Shell.Soon)));
        using PowerShell running = own = place.Shell.Create($"1..3 | {NewRows} | New-Connection | {reader}");
        IAsyncResult invocation = running.BeginInvoke();
        await Wait.Until(() => reading.IsSet);
        Shell.Stop(running, invocation);
        string[] held = [.. place.Shell.RunClean("Get-Connection").Select(c => (string)c.Properties["ConnectionName"].Value)];
        Assert.NotEmpty(held);
        Assert.All(held, name => Assert.Contains($"Create '{name}': done", place.Shell.Host.Shown, StringComparison.Ordinal));
    }
}
