namespace KoreConnections.Tests.Parallel;

/// <summary>
/// Whatever a network and a platform do to whatever request: nothing is made twice, each result says what the platform has, and what is run
/// again on a good day ends complete.
/// </summary>
public sealed class RandomFaultTests : IDisposable
{
    private const int Count = 60;
    private const string Old = "old-0123456789abcdefMQAA";
    private const string New = "new-0123456789abcdefMQBB";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-faults");
    private readonly SandboxServer _sandbox = SandboxServer.Start();
    private readonly int _seed = Environment.TickCount;
    private readonly Random _random;
    private readonly double _share;
    private readonly FaultyProxy _proxy;
    private readonly Shell _shell;
    private readonly Shell _good;
    private bool _isBad;

    public RandomFaultTests()
    {
        _random = new Random(_seed);
        _share = 0.02 + (0.4 * _random.NextDouble());
        _proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => Decide(line));
        _shell = Shell.WithoutWaits(_sandbox, _proxy.BaseUri, retries: _random.Next(6));
        _good = Shell.WithoutWaits(_sandbox);
        _shell.Set("old", Shell.Secure(Old)).Set("new", Shell.Secure(New)).Set("folder", _folder.FullName);
        _good.Set("folder", _folder.FullName);
    }

    [Fact]
    public void ConnectionsAndKeysAreWhatTheResultsSay()
    {
        ShellResult made = OnABadDay($$"""
            1..{{Count}} | ForEach-Object {
                $row = @{ Name = "N$_"; Model = 'm'; ApiKey = $old }
                switch ($_ % 4) {
                    0 { $row + @{ Provider = 'OpenAI' } }
                    1 { $row + @{ Provider = 'Anthropic' } }
                    2 { $row + @{ Provider = 'AzureOpenAI'; ResourceName = 'contoso'; DeploymentId = 'd'; ApiVersion = '2024-10-21' } }
                    3 { @{ Provider = 'API'; Name = $row.Name; EndpointUrl = 'https://llm.example.com/v1'; Header = @{ 'x-api-key' = $old }; Payload = @{ text = '{' + '{prompt}' + '}' }; OutputPath = 'text' } }
                }
            } | New-Connection
            """);
        Dictionary<string, string> held = Held();
        string[] emitted = [.. made.Output.Select(c => (string)c.Properties["ConnectionName"].Value)];
        That(Enumerable.Range(1, Count).Select(i => $"N{i}"), name => emitted.Contains(name) ? held.ContainsKey(name) : Fits(made, name, isDone: held.ContainsKey(name)));

        string[] ids = [.. _good.RunClean("Get-Connection | Where-Object Provider -ne API").Select(c => (string)c.Properties["ConnectionId"].Value)];
        _shell.Set("ids", ids);
        ShellResult set = OnABadDay("$ids | Set-Connection -ApiKey $new -PassThru -Force");
        string[] changed = [.. set.Output.Select(c => (string)c.Properties["ConnectionId"].Value)];
        That(ids, id => changed.Contains(id) ? Has(id, New) : Fits(set, id, isDone: !Has(id, Old)));

        Dictionary<string, string> before = ids.ToDictionary(id => id, id => Has(id, New) ? New : Old);
        const string Rotate = """
            $i = 0
            $ids | ForEach-Object { $i++; @{ ConnectionId = $_; ApiKey = "good-$_-MQCC"; PreviousApiKey = if ($i % 2) { $new } } } |
                Update-ConnectionKey -SkipVerification -ReportPath $folder/report.jsonl -BatchSize 15
            """;
        Dictionary<string, string> outcomes = OnABadDay(Rotate).Output.ToDictionary(r => (string)r.Properties["ConnectionId"].Value, r => (string)r.Properties["Outcome"].Value);
        That(ids, id => outcomes.GetValueOrDefault(id) switch
        {
            "Updated" => Has(id, Good(id)),
            "RolledBack" => Has(id, New),
            "Unconfirmed" => Has(id, Good(id)) || Has(id, New) || Has(id, before[id]),
            _ => Has(id, before[id]),
        });
        _shell.Run(Rotate);
        That(ids, id => Has(id, Good(id)));
    }

    [Fact]
    public void APlanDoesWhatItSaysAndConverges()
    {
        WriteManifest();
        _good.RunClean("Sync-Connection $folder/plan.yaml -Name S1*");
        WriteManifest();
        ShellResult synced = OnABadDay("Sync-Connection $folder/plan.yaml");
        Held();
        Dictionary<string, string> now = States();
        That(
            synced.Output.Select(o => (ConnectionPlanItem)o.BaseObject),
            item => item.Outcome switch
            {
                "Done" or "Unchanged" => now[item.Name!] == "InSync",
                "Unconfirmed" => true,
                _ => now[item.Name!] != "InSync",
            });
        _good.RunClean("Sync-Connection $folder/plan.yaml");
        That(States().Values, state => state == "InSync");
        Held();
    }

    public void Dispose()
    {
        _shell.Dispose();
        _good.Dispose();
        _proxy.Dispose();
        _sandbox.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Good(string id) => $"good-{id}-MQCC";

    private bool Has(string id, string key) => _sandbox.HasKey(id, key);

    /// <summary>Whether what failed has an error that leaves open what was done, or says rightly that nothing was.</summary>
    private static bool Fits(ShellResult result, string target, bool isDone) =>
        result.AllErrors.FirstOrDefault(e => target.Equals(e.TargetObject))?.Exception is KoreException failure && (!isDone || failure.IsIndeterminate);

    private ShellResult OnABadDay(string script)
    {
        _isBad = true;
        ShellResult result = _shell.Run(script);
        _isBad = false;
        return result;
    }

    /// <summary>The connections by their names, of which none is there twice.</summary>
    private Dictionary<string, string> Held() =>
        _good.RunClean("Get-Connection").ToDictionary(c => (string)c.Properties["ConnectionName"].Value, c => (string)c.Properties["ConnectionId"].Value);

    private Dictionary<string, string> States() => _good.RunClean("Compare-Connection $folder/plan.yaml")
        .ToDictionary(i => (string)i.Properties["Name"].Value, i => (string)i.Properties["Action"].Value);

    private void That<T>(IEnumerable<T> items, Func<T, bool> isRight) => Assert.All(items, item => Assert.True(isRight(item), $"{item}, seed {_seed}"));

    private void WriteManifest() => File.WriteAllText($"{_folder.FullName}/plan.yaml", "connections:\n" + string.Concat(Enumerable.Range(1, Count).Select(i => $$$"""
          - name: S{{{i}}}
            provider: API
            endpointUrl: https://llm.example.com/v{{{_random.Next(3)}}}
            outputPath: text{{{_random.Next(3)}}}
            payload: { text: "{{prompt}}", temperature: {{{_random.Next(3)}}} }
            header: { x-team: t{{{_random.Next(3)}}} }

        """)));

    private FaultAction Decide(string line)
    {
        lock (_random)
        {
            return !_isBad || _random.NextDouble() >= _share ? FaultAction.Pass : _random.Next(12) switch
            {
                0 => FaultAction.ResetBefore,
                1 => FaultAction.ResetAfter,
                2 => FaultAction.Answer(500, forward: true),
                3 => FaultAction.Answer(502, forward: true),
                4 => FaultAction.Answer(503, "Retry-After: 0\r\n"),
                5 => FaultAction.Answer(504, forward: true),
                6 => FaultAction.Answer(429, "Retry-After: 1\r\n"),
                7 => FaultAction.Answer(400, body: "{}"),
                8 => FaultAction.Answer(200, "Content-Type: text/html\r\n", "<html>Sign in</html>", forward: true),
                9 => FaultAction.Answer(200, "Content-Type: application/json\r\n", "{\"connectionId\":", forward: true),
                10 => FaultAction.Answer(line.StartsWith("GET", StringComparison.Ordinal) ? 404 : 409),
                _ => FaultAction.Answer(201, forward: true),
            };
        }
    }
}
