using System.Diagnostics;

namespace KoreConnections.Tests.Client;

/// <summary>How long it is waited, and what stops with a call.</summary>
public sealed class WaitingTests() : ClientTestBase(skipsWaits: true)
{
    [Theory]
    [InlineData(429, "90", 0)]
    [InlineData(503, "90", 0)]
    [InlineData(429, null, 0)]
    [InlineData(503, null, 0)]
    [InlineData(503, null, 3600)]
    [InlineData(503, null, -3600)]
    public async Task ThePlatformsWaitIsKeptInSecondsAndAsADate(int status, string? seconds, double skew)
    {
        // A date is meant by the platform's own clock.
        DateTimeOffset there = DateTimeOffset.UtcNow.AddSeconds(skew);
        string after = seconds ?? there.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture);
        int requests = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => Interlocked.Increment(ref requests) == 1
            ? FaultAction.Answer(status, $"Date: {there:R}\r\nRetry-After: {after}\r\n")
            : FaultAction.Pass);
        using ConnectionsClient client = Client(5, proxy.BaseUri);
        await client.ListAsync(null, new RequestContext());
        Assert.Equal(2, requests);
        Assert.InRange(_clock.Advanced.TotalSeconds, 88, 200);
    }

    /// <summary>Virtual machines after a pause and time services set clocks.</summary>
    [Theory]
    [InlineData(429, -3600)]
    [InlineData(429, 3600)]
    [InlineData(503, -3600)]
    [InlineData(503, 3600)]
    public async Task AClockThatIsSetMeanwhileChangesNoWait(int status, int seconds)
    {
        int requests = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => Interlocked.Increment(ref requests) <= 2
            ? FaultAction.Answer(status, "Retry-After: 90\r\n")
            : FaultAction.Pass);
        using ConnectionsClient client = Client(5, proxy.BaseUri);
        _clock.StepAtWait = TimeSpan.FromSeconds(seconds);
        await client.ListAsync(null, new RequestContext());
        Assert.Equal(3, requests);
        Assert.InRange(_clock.Advanced.TotalSeconds, 178, 240);
    }

    /// <summary>Many platforms refuse for longer with each request that comes too early.</summary>
    [Theory]
    [InlineData(280, true)]
    [InlineData(300, true)]
    [InlineData(320, false)]
    [InlineData(86_400, false)]
    [InlineData(100_000, false)]
    [InlineData(4_000_000, false)]
    public async Task WhatCannotWaitForSoLongIsNotSent(int seconds, bool waits)
    {
        _sandbox.Faults.Add(new Fault { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = $"{seconds}" } });
        using ConnectionsClient client = Client(retries: 0);
        Assert.Equal(429, (int)(await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()))).StatusCode!);
        foreach (Func<Task> work in new Func<Task>[]
        {
            () => client.ListAsync(null, new RequestContext()),
            () => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()),
            () => new ChangeInDoubt(client, "cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), null).RunAsync(new RequestContext()),
        })
        {
            KoreException? error = (KoreException?)await Record.ExceptionAsync(work);
            Assert.NotEqual(waits, error?.Kind == KoreErrorKind.Throttled);
            if (!waits)
            {
                Assert.Contains("This request was not sent.", error!.Message, StringComparison.Ordinal);
                Assert.InRange(error.RetryAfter!.Value.TotalSeconds, seconds - 60, seconds);
                Assert.False(error.IsIndeterminate);
            }
        }

        Assert.Equal(waits, _sandbox.Log.Requests.Count > 1);
        if (!waits)
        {
            await _clock.Delay(TimeSpan.FromSeconds(seconds), default);
            await client.ListAsync(null, new RequestContext());
        }
    }

    [Fact]
    public async Task AChangeInDoubtThatCannotBeReadStaysInDoubt()
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504, AfterWork = true });
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "600" } });
        using ConnectionsClient client = Client(5);
        var change = new ChangeInDoubt(client, "cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), null);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => change.RunAsync(new RequestContext()));
        Assert.True(error.IsIndeterminate);
        Assert.DoesNotContain(_sandbox.Log.Requests, r => r.Method == "GET");
    }

    /// <summary>What keeps it from being sent again says nothing of the attempt before.</summary>
    [Fact]
    public async Task AChangeThatCannotBeSentAgainStaysInDoubt()
    {
        ConnectionsClient client = null!;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) =>
        {
            if (line.StartsWith("GET", StringComparison.Ordinal))
            {
                return FaultAction.Answer(429, "Retry-After: 600\r\n");
            }

            Assert.Equal(429, (int)ListingFailureAsync(client).GetAwaiter().GetResult().StatusCode!);
            return FaultAction.Answer(504, "");
        });
        client = Client(5, proxy.BaseUri);
        var change = new ChangeInDoubt(client, "cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), null);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => change.RunAsync(new RequestContext()));
        Assert.True(error.IsIndeterminate);
        Assert.Single(proxy.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
    }

    /// <summary>A lost attempt may arrive after the next change of the same connection, and would undo it.</summary>
    [Theory]
    [InlineData(504, "cn-1", 10)]
    [InlineData(504, "cn-2", 2)]
    [InlineData(500, "cn-1", 0)]
    public async Task TheNextChangeWaitsForOneInDoubt(int status, string next, int seconds)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status });
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 404, Times = 0 });
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = """{ "connectionId": "cn-1", "modifiedOn": "2020-01-01T00:00:00.5Z" }""", Times = 0 });
        using ConnectionsClient client = Client(retries: 0);
        await FailAsync("cn-1");
        await FailAsync(next);
        // What really passes meanwhile, on a busy machine some seconds, is not waited for.
        Assert.InRange(_clock.Advanced.TotalSeconds, seconds == 10 ? 6 : seconds - 0.5, seconds + 0.5);
        TimeSpan waited = _clock.Advanced;
        await FailAsync(next);
        Assert.Equal(waited, _clock.Advanced);

        Task FailAsync(string id) => Assert.ThrowsAsync<KoreException>(
            () => new ChangeInDoubt(client, id, new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), null).RunAsync(new RequestContext()));
    }

    /// <summary>A rotation is one of these changes, and so is an attempt that was sent again since.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARotationWaitsForAChangeInDoubtAndLeavesOne(bool isRotatedFirst)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504 });
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 200, Times = 0, Body = Shown("2222-01-01T00:00:00Z") });
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = Shown("2020-01-01T00:00:00.5Z"), Times = isRotatedFirst ? 2 : 1 });
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = Shown("2222-01-01T00:00:00Z"), Times = 0 });
        using ConnectionsClient client = Client();
        var change = new KeyChange(Secret.FromPlainText("sk-0123456789abcdef"));
        Func<Task>[] changes = [RotateAsync, () => new ChangeInDoubt(client, "cn-1", change, null).RunAsync(new RequestContext())];
        foreach (Func<Task> one in isRotatedFirst ? changes : changes.Reverse())
        {
            await one();
        }

        Assert.InRange(_clock.Advanced.TotalSeconds, 6, 12);

        static string Shown(string modifiedOn) =>
            $$"""{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI", "model": "m", "fields": { "API_KEY": "***" }, "modifiedOn": "{{modifiedOn}}" }""";

        async Task RotateAsync()
        {
            var item = new RotationItem("cn-1", new ConnectionCredential(change.Secrets.Single(), null), null, null);
            var rotation = new KeyRotator(client, new RotationPreparation(client, null, null, null), null, new RotationLimit(0));
            await rotation.PrepareAsync([item], 1, new RequestContext());
            // Read again after a wait of ten seconds, it shows no change of its own.
            Assert.Contains((await rotation.ChangeAsync(item, new RequestContext())).Outcome, new[] { "Updated", "Unconfirmed" });
        }
    }

    [Theory]
    [InlineData("GET", "60")]
    [InlineData("GET", null)]
    [InlineData("POST", "60")]
    [InlineData("POST", null)]
    public async Task AllWaitsTogetherAreBounded(string method, string? after)
    {
        _sandbox.Faults.Add(new Fault
        {
            Method = method,
            Status = 503,
            Times = 0,
            Headers = after is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = after },
        });
        using ConnectionsClient client = Client(retries: 1000);
        await Assert.ThrowsAsync<KoreException>(() => method == "GET" ? client.GetAsync("cn-1", new RequestContext()) : client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        // Five minutes, and the one wait that had begun.
        Assert.InRange(_clock.Advanced.TotalMinutes, 2, 6);
        Assert.InRange(_sandbox.Log.Requests.Count(r => r.Method == method), 3, 100);
    }

    [Fact]
    public async Task TheLastThrottledAttemptSlowsTheSessionToo()
    {
        _sandbox.Faults.Add(new Fault { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "100" } });
        using ConnectionsClient client = Client(retries: 0);
        await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()));
        Assert.InRange(client.Pause.TotalSeconds, 1, 100);
        await client.ListAsync(null, new RequestContext());
        Assert.InRange(_clock.Advanced.TotalSeconds, 1, 100);
    }

    [Fact]
    public async Task ADisconnectEndsWhatIsUnderWay()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Silence);
        ConnectionsClient client = Client(0, proxy.BaseUri);
        Task<ConnectionList> listing = client.ListAsync(null, new RequestContext());
        await Wait.Until(() => !proxy.Requests.IsEmpty);
        client.Dispose();
        Assert.Equal(KoreErrorKind.NotConnected, (await Assert.ThrowsAsync<KoreException>(() => listing)).Kind);
        Assert.Equal(KoreErrorKind.NotConnected, (await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()))).Kind);
    }

    [Fact]
    public async Task AWriteThatHasNotLeftStopsLikeARead()
    {
        // The handshake is never answered.
        using var accepted = new ManualResetEventSlim();
        using var server = TestServer.Mute(accepted.Set);
        using ConnectionsClient client = Client(0, new UriBuilder(server.BaseUri) { Scheme = "https" }.Uri, TimeSpan.FromMinutes(5));
        using var stop = new CancellationTokenSource();
        var context = new RequestContext(null, stop.Token);
        Task<Connection> change = client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), context);
        await Wait.Until(() => accepted.IsSet);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
        Assert.False(context.IsSent);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), watch.Elapsed.ToString());
    }

    [Fact]
    public async Task OfAChangeThatIsSentAgainTheEarlierFailureIsNotItsOutcome()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, number) => number == 1 ? FaultAction.Answer(503) : FaultAction.Silence);
        using ConnectionsClient client = Client(5, proxy.BaseUri);
        using var abandon = new CancellationTokenSource();
        var context = new RequestContext(null, default, abandon.Token);
        Task<Connection> change = client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), context);
        await Wait.Until(() => proxy.Requests.Count == 2);
        await Task.Delay(100);
        abandon.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
        Assert.True(context.IsSent);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("POST")]
    public async Task AChangeThatWaitsToBeSentAgainEndsWithWhatIsKnown(string method)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = 503, Times = 0, Headers = new Dictionary<string, string> { ["Retry-After"] = "200" } });
        using var stop = new CancellationTokenSource();
        using var client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_sandbox.Keys.Issue())));
        var waits = new TaskCompletionSource();
        void Listen(LogLevel level, string line)
        {
            if (line.StartsWith("Retry", StringComparison.Ordinal))
            {
                waits.TrySetResult();
            }
        }

        var context = new RequestContext(Listen, stop.Token);
        Task<Connection> change = method == "PATCH" ? client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), context) : client.CreateAsync(RetryTests.Definition("A"), context);
        await waits.Task;
        stop.Cancel();
        Assert.Equal(503, (int)(await Assert.ThrowsAsync<KoreException>(() => change)).StatusCode!);
    }

    [Fact]
    public async Task AListingThatNobodyWaitsForAnyMoreEnds()
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503 });
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 503, Times = 0, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } });
        using var stop = new CancellationTokenSource();
        using var client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_sandbox.Keys.Issue())) { MaximumRetryCount = 100 });
        Task<Connection> create = client.CreateAsync(RetryTests.Definition("A"), new RequestContext(null, stop.Token));
        await Wait.Until(() => _sandbox.Log.Requests.Any(r => r.Method == "GET"));
        stop.Cancel();
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
        Assert.Contains("Could not determine whether", error.Message, StringComparison.Ordinal);
        await Task.Delay(200);
        int listings = _sandbox.Log.Requests.Count(r => r.Method == "GET");
        await Task.Delay(2500);
        Assert.Equal(listings, _sandbox.Log.Requests.Count(r => r.Method == "GET"));
    }

    private ConnectionsClient Client(int retries, Uri? address = null, TimeSpan? timeout = null) =>
        Client(address, retries, interval: TimeSpan.FromSeconds(1), timeout: timeout);
}
