namespace KoreConnections.Tests.Parallel;

/// <summary>Hundreds of items through the cmdlets while the network and the platform fail all the time.</summary>
public sealed class BrokenNetworkInTheShellTests(ITestOutputHelper output)
{
    private const int Count = 700;
    private const string Rows = "ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = \"N$_\"; Model = 'gpt-4o'; ApiKey = $key2 } }";

    [Theory]
    [InlineData(20)]
    [InlineData(5)]
    public void CreatesAreHeldOnceAndNothingIsForgotten(int retries)
    {
        using var place = new Place("POST", retries);
        ShellResult result = place.Shell.Run($"1..{Count} | {Rows} | New-Connection");
        string[] emitted = [.. result.Output.Select(c => (string)c.Properties["ConnectionId"].Value)];
        string[] held = [.. place.Held().Select(c => (string)c.Properties["ConnectionId"].Value)];
        output.WriteLine($"{retries} retries: held {held.Length}, emitted {emitted.Length}, failed {result.AllErrors.Count}, requests {place.Requests}");
        Assert.Equal(held.Order(), emitted.Order());
        Assert.Equal(emitted.Length, emitted.Distinct().Count());
        Assert.Equal(Count, held.Length + result.AllErrors.Count);
        if (retries == 20)
        {
            Assert.Equal(Count, held.Length);
            Assert.Equal(Enumerable.Range(1, Count).Select(i => $"N{i}"), result.Output.Select(c => (string)c.Properties["ConnectionName"].Value));
        }
    }

    [Fact]
    public void KeyChangesAllArrive()
    {
        using var place = new Place("PATCH", 20);
        place.Shell.RunClean($"$ids = 1..{Count} | {Rows} | New-Connection | ForEach-Object ConnectionId");
        place.Shell.Set("next", Shell.Secure("sk-next-0123456789abcdef"));
        ShellResult result = place.Shell.Run("$ids | Set-Connection -ApiKey $next -PassThru");
        Assert.Empty(result.AllErrors);
        Assert.Equal(Count, result.Output.Count);
        Assert.All(place.Held(), c => Assert.True(place.HasKey((string)c.Properties["ConnectionId"].Value, "sk-next-0123456789abcdef")));
    }

    /// <summary>Every 7th request is reset before the work, every 11th after it, every 13th is throttled, every 17th refused.</summary>
    private sealed class Place : IDisposable
    {
        private readonly SandboxServer _sandbox = SandboxServer.Start();
        private readonly FaultyProxy _proxy;

        public Place(string method, int retries)
        {
            int count = 0;
            _proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) =>
            {
                if (!line.StartsWith(method, StringComparison.Ordinal))
                {
                    return FaultAction.Pass;
                }

                int number = System.Threading.Interlocked.Increment(ref count);
                return number % 7 == 0 ? FaultAction.ResetBefore
                    : number % 11 == 0 ? FaultAction.ResetAfter
                    : number % 13 == 0 ? FaultAction.Answer(429, "Retry-After: 0\r\n")
                    : number % 17 == 0 ? FaultAction.Answer(503)
                    : FaultAction.Pass;
            });
            Shell = Shell.WithoutWaits(_sandbox, _proxy.BaseUri, retries);
            Shell.Set("key2", Shell.Secure("sk-many-0123456789abcdef"));
        }

        public Shell Shell { get; }

        public int Requests => _proxy.Requests.Count;

        public System.Collections.Generic.IReadOnlyList<System.Management.Automation.PSObject> Held() => Shell.RunClean("Get-Connection");

        public bool HasKey(string id, string key) => _sandbox.HasKey(id, key);

        public void Dispose()
        {
            Shell.Dispose();
            _proxy.Dispose();
            _sandbox.Dispose();
        }
    }
}
