using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>Three hundred connections on a bad day: whatever fails, what is told, what is written and what is are the same.</summary>
public sealed class BrokenRotationTests(ITestOutputHelper output) : IDisposable
{
    private const int Count = 300;
    private const int Kills = 12;
    private const int MostChangesOfALife = 10;
    private const string Old = "sk-seed-0123456789abcdef";

    private readonly FakeProviders _provider = new();
    private readonly ConcurrentQueue<SandboxRequest> _writes = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-broken");

    private string Report => Path.Combine(_folder.FullName, "rotation.jsonl");

    [Fact]
    public void TheReportTheServerAndTheResultsAgree()
    {
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { OnRequest = Note });
        string[] ids = Seed(sandbox);
        var random = new Random(20261125);
        string[] bad = [.. ids.Where(_ => random.Next(10) == 0)];
        HashSet<string> changeFails = [.. ids.Where(_ => random.Next(10) == 0)];
        HashSet<string> readFails = [.. ids.Where(_ => random.Next(10) == 0)];
        _provider.Instead = asked => bad.Any(id => asked.Headers["Authorization"].EndsWith(Key(id), StringComparison.Ordinal)) ? (401, "{}") : (200, """{ "id": "gpt-4o" }""");
        using var proxy = new FaultyProxy(sandbox.BaseUri, new BadDay(changeFails, readFails).Decide);
        using Shell shell = Shell.WithoutWaits(sandbox, proxy.BaseUri);
        shell.Set("ids", ids).Set("old", Shell.Secure(Old)).Set("report", Report).Set("gateway", _provider.BaseUri.AbsoluteUri);
        ShellResult result = shell.Run("$n = 0; $ids | ForEach-Object { $n++; @{ ConnectionId = $_; ApiKey = \"sk-good-$_-MQAA\"; PreviousApiKey = if ($n % 2) { $old } } } | Update-ConnectionKey -ProviderUri $gateway -ReportPath $report -BatchSize 40");

        Dictionary<string, string> emitted = result.Output.ToDictionary(o => (string)o.Properties["ConnectionId"].Value, o => o.Properties["Outcome"].Value.ToString()!);
        Dictionary<string, string> recorded = Outcomes();
        output.WriteLine(string.Join(", ", emitted.GroupBy(e => e.Value).Select(g => $"{g.Key} {g.Count()}")));
        Assert.Equal(ids, result.Output.Select(o => (string)o.Properties["ConnectionId"].Value));
        Assert.All(ids, id => Assert.Equal(emitted[id], recorded[id]));
        Assert.All(ids, id => Assert.True(
            emitted[id] switch
            {
                "Updated" => sandbox.HasKey(id, Key(id)),
                "Failed" or "RolledBack" => sandbox.HasKey(id, Old),
                "Unconfirmed" => sandbox.HasKey(id, Key(id)) || sandbox.HasKey(id, Old),
                _ => false,
            },
            $"{id}: {emitted[id]}"));
        Assert.All(["Updated", "Failed", "RolledBack", "Unconfirmed"], outcome => Assert.Contains(outcome, emitted.Values));
        Assert.Equal(emitted.Values.Count(o => o is "Failed" or "RolledBack"), result.AllErrors.Count);
        Assert.All(bad, id => Assert.Equal("Failed", emitted[id]));
        Assert.All(Sent(), sent => Assert.Single(sent));
    }

    [Fact]
    public async Task KilledAgainAndAgainItEndsCompleteAndSetsNoKeyTwice()
    {
        // Half of the time that a change takes is before it is made, half of it after.
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { OnRequest = Note });
        string[] ids = Seed(sandbox);
        sandbox.Faults.Add(new Fault { Method = "PATCH", DelayMilliseconds = 60, Times = 0 });
        sandbox.Faults.Add(new Fault { Method = "GET", DelayMilliseconds = 20, Times = 0 });
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, "ids.txt"), ids);
        var random = new Random(20261125);
        int kills = 0;
        int lives = 0;
        int seen = 0;
        for (; kills < Kills; lives++)
        {
            Assert.InRange(lives, 0, Kills * 3);
            using Process process = Start(sandbox);
            // By what was sent and not by the clock: on a busy machine, a time would let the rotation end before its kills.
            int before = _writes.Count + random.Next(MostChangesOfALife);
            await Wait.Until(() => _writes.Count > before || process.HasExited);
            await Task.Delay(random.Next(100));
            if (process.HasExited)
            {
                // All was done before the last kill.
                break;
            }

            process.Kill();
            await process.WaitForExitAsync();
            kills++;
            seen = _writes.Count;
        }

        output.WriteLine($"{kills} kills, {seen} changes sent until the last");
        using Process last = Start(sandbox);
        await last.WaitForExitAsync();
        Assert.Equal(0, last.ExitCode);
        string[] told = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "out.txt"));
        Assert.Equal(Kills, kills);
        Assert.Equal(ids, told.Select(l => l.Split(' ')[0]));
        Assert.All(told, l => Assert.True(l.Split(' ')[1] is "Updated" or "AlreadyUpdated", l));
        Assert.All(Outcomes(), o => Assert.Equal("Updated", o.Value));
        Assert.All(ids, id => Assert.True(sandbox.HasKey(id, FakeProviders.Key("good")), id));
        Assert.Equal(Count, Sent().Count());
        Assert.All(Sent(), sent => Assert.Single(sent));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Key(string id) => $"sk-good-{id}-MQAA";

    private void Note(SandboxRequest request)
    {
        if (request.Method == "PATCH")
        {
            _writes.Enqueue(request);
            Thread.Sleep(5);
        }
    }

    /// <summary>The changes to a new key that arrived, by connection.</summary>
    private IEnumerable<IGrouping<string, SandboxRequest>> Sent() => _writes.Where(r => (string?)JsonNode.Parse(r.Body)!["fields"]!["API_KEY"] != Old).GroupBy(r => r.Target);

    private Dictionary<string, string> Outcomes()
    {
        var outcomes = new Dictionary<string, string>();
        foreach (string line in File.ReadAllLines(Report).Skip(1))
        {
            try
            {
                JsonNode step = JsonNode.Parse(line)!;
                outcomes[(string)step["connectionId"]!] = (string?)step["outcome"] ?? (string)step["step"]!;
            }
            catch (System.Text.Json.JsonException)
            {
                // A kill cut it off.
            }
        }

        return outcomes;
    }

    private static string[] Seed(SandboxServer sandbox)
    {
        using Shell shell = Shell.ConnectedTo(sandbox);
        shell.Set("old", Shell.Secure(Old));
        return [.. shell.RunClean($"1..{Count} | ForEach-Object {{ @{{ Provider = 'OpenAI'; Name = \"N$_\"; Model = 'gpt-4o'; ApiKey = $old }} }} | New-Connection | ForEach-Object ConnectionId").Select(o => (string)o.BaseObject)];
    }

    private Process Start(SandboxServer sandbox)
    {
        const string Script = """
            Connect-KorePlatform $env:ADDRESS -ApiKey env:PLATFORM_KEY -TimeoutSec 2 -SkipVerification
            $lines = [IO.File]::ReadAllLines("$env:FOLDER/ids.txt") |
                Update-ConnectionKey -ApiKey env:NEW_KEY -ProviderUri $env:GATEWAY -ReportPath "$env:FOLDER/rotation.jsonl" -BatchSize 10 -ThrottleLimit 3 -WarningAction SilentlyContinue |
                ForEach-Object { "$($_.ConnectionId) $($_.Outcome)" }
            [IO.File]::WriteAllLines("$env:FOLDER/out.txt", [string[]]$lines)
            """;
        ProcessStartInfo start = ShellCommand.With("-Command", $"Import-Module '{Repository.Manifest}'; {Script}");
        start.Environment["ADDRESS"] = sandbox.BaseUri.AbsoluteUri;
        start.Environment["PLATFORM_KEY"] = sandbox.Keys.Issue();
        start.Environment["NEW_KEY"] = FakeProviders.Key("good");
        start.Environment["GATEWAY"] = _provider.BaseUri.AbsoluteUri;
        start.Environment["FOLDER"] = _folder.FullName;
        return Process.Start(start)!;
    }

    /// <summary>What happens to changes and to reading them back.</summary>
    private sealed class BadDay(HashSet<string> changeFails, HashSet<string> readFails)
    {
        private readonly ConcurrentDictionary<string, int> _seen = new();

        public FaultAction Decide(string line, int number)
        {
            string id = line.Split(' ')[1].Split('/')[^1];
            int time = _seen.AddOrUpdate(line, 1, (_, n) => n + 1);
            int kind = id[^1] % 4;
            // The first read is before the change.
            return line.StartsWith("PATCH", StringComparison.Ordinal) && time == 1 && changeFails.Contains(id) ? kind switch
                {
                    0 => FaultAction.ResetBefore,
                    1 => FaultAction.ResetAfter,
                    2 => FaultAction.Answer(500, forward: true),
                    _ => FaultAction.Answer(400),
                }
                : line.StartsWith("GET", StringComparison.Ordinal) && time > 1 && readFails.Contains(id) ? FaultAction.Answer(500)
                : FaultAction.Pass;
        }
    }
}
