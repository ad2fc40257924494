using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KoreConnections.Tests.Client;

/// <summary>What is repeated, how often, and what is not.</summary>
public sealed class RetryTests : ClientTestBase
{
    [Theory]
    [InlineData("GET", 429, 3)]
    [InlineData("GET", 502, 3)]
    [InlineData("GET", 503, 3)]
    [InlineData("GET", 504, 3)]
    [InlineData("GET", 500, 1)]
    [InlineData("GET", 400, 1)]
    [InlineData("GET", 401, 1)]
    [InlineData("PATCH", 429, 3)]
    [InlineData("PATCH", 503, 3)]
    [InlineData("PATCH", 500, 1)]
    [InlineData("POST", 429, 3)]
    [InlineData("POST", 500, 1)]
    [InlineData("POST", 403, 1)]
    public async Task RepeatsWhatMayPass(string method, int status, int requests)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = status, Times = 0 });
        using ConnectionsClient client = Client(retries: 2);
        await Assert.ThrowsAsync<KoreException>(() => SendAsync(client, method));
        Assert.Equal(requests, _sandbox.Log.Requests.Count(r => r.Method == method));
    }

    [Fact]
    public void TheTopicOnErrorsNamesEachStatusThatIsRetried()
    {
        string topic = File.ReadAllText(Path.Combine(Repository.Root, "docs", "en-US", "about_KoreConnections_Errors.help.txt"));
        string listed = Regex.Match(topic, @"Requests are retried after HTTP ([\d,\sand]+)").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://platform.example.com/api/public/connections");
        Assert.Equal(
            Enumerable.Range(400, 200).Where(IsRetried),
            Regex.Matches(listed, @"\d+").Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)));

        bool IsRetried(int status)
        {
            using var response = new HttpResponseMessage((HttpStatusCode)status);
            KoreException failure = ErrorMapper.FromStatus(request, response, new ArraySegment<byte>([]), new SecretRedactor(RequestSecrets.None));
            return failure.Kind == KoreErrorKind.Throttled || RequestOutcome.IsTransient(failure);
        }
    }

    [Theory]
    [InlineData("PATCH", 503, true)]
    [InlineData("PATCH", 429, false)]
    public async Task WhatARefusedRepetitionDidNotDoAnAttemptBeforeMayHaveDone(string method, int status, bool isIndeterminate)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = status, Times = 1 });
        _sandbox.Faults.Add(new Fault { Method = method, Status = 401, Times = 0 });
        using ConnectionsClient client = Client(retries: 2);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => SendAsync(client, method));
        Assert.Equal((KoreErrorKind.Unauthorized, isIndeterminate), (error.Kind, error.IsIndeterminate));
        Assert.Equal(isIndeterminate, error.RecommendedAction!.EndsWith(ErrorMapper.AfterChange, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ComesThroughInTheEnd()
    {
        _sandbox.Faults.Add(new Fault { Status = 503, Times = 4 });
        var lines = new List<string>();
        await _client.ListAsync(null, new RequestContext((_, line) => { lock (lines) { lines.Add(line); } }));
        Assert.Equal(4, lines.Count(l => l.StartsWith("Retry ", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.StartsWith("Retry 4 of 5 in ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", 429)]
    [InlineData("GET", 503)]
    [InlineData("PATCH", 503)]
    [InlineData("POST", 429)]
    [InlineData("POST", 503)]
    public async Task AWaitOfHoursIsNotWaited(string method, int status)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = status, Headers = new Dictionary<string, string> { ["Retry-After"] = "7200" } });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => SendAsync(_client, method));
        Assert.Equal(TimeSpan.FromHours(2), error.RetryAfter);
        Assert.Single(_sandbox.Log.Requests, r => r.Method == method);
    }

    /// <summary>Where the platform asks for no certain wait either, requests of the session wait together.</summary>
    [Theory]
    [InlineData(429, true)]
    [InlineData(503, false)]
    public async Task AThrottledRequestSlowsTheSession(int status, bool isSlowed)
    {
        _sandbox.Faults.Add(new Fault { Status = status, Times = 0 });
        using var stop = new CancellationTokenSource();
        ConnectionsClient client = Client(interval: TimeSpan.FromMinutes(1));
        bool isWaiting = false;
        Task listing = client.ListAsync(null, new RequestContext(null, stop.Token) { ReportRetry = _ => Volatile.Write(ref isWaiting, true) });
        await Wait.Until(() => Volatile.Read(ref isWaiting) && (!isSlowed || client.Pause > TimeSpan.Zero));
        // Where it is slowed, that follows the report.
        await Task.Delay(isSlowed ? 0 : 50);
        Assert.Equal(isSlowed, client.Pause > TimeSpan.Zero);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing);
    }

    [Fact]
    public async Task AWaitEndsWithTheCall()
    {
        _sandbox.Faults.Add(new Fault { Status = 503, Times = 0, Headers = new Dictionary<string, string> { ["Retry-After"] = "60" } });
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.ListAsync(null, new RequestContext(null, stop.Token)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }

    [Fact]
    public async Task ARefusedPortIsTriedAgainEvenForACreate()
    {
        // Bound and not listening: it refuses, and nobody else can have it.
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var address = new Uri($"http://127.0.0.1:{port}/api/public");
        var lines = new List<string>();
        using ConnectionsClient client = Client(address, retries: 3);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(Definition("A"), new RequestContext((_, line) => { lock (lines) { lines.Add(line); } })));
        Assert.Equal(KoreErrorKind.Unreachable, error.Kind);
        Assert.Contains($"refuses connections on port {port}", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, lines.Count(l => l.StartsWith("Retry ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public async Task AHostThatNobodyKnowsIsTriedOnceMoreAtMost(int most, int retries)
    {
        foreach (bool isBehindProxy in new[] { false, true })
        {
            using var client = new ConnectionsClient(new SessionOptions(new Uri("https://no-such-platform.invalid/api/public"), Secret.FromPlainText("kg-1"))
            {
                MaximumRetryCount = most,
                RetryInterval = TimeSpan.Zero,
                Proxy = isBehindProxy ? new WebProxy("http://no-such-proxy.invalid:8080") : null,
            });
            foreach (Func<RequestContext, Task> send in new Func<RequestContext, Task>[] { c => client.ListAsync(null, c), c => client.CreateAsync(Definition("A"), c) })
            {
                var reported = new List<string?>();
                KoreException error = await Assert.ThrowsAsync<KoreException>(() => send(new RequestContext { ReportRetry = reported.Add }));
                Assert.Equal((KoreErrorKind.Unreachable, false), (error.Kind, error.IsIndeterminate));
                Assert.Equal(retries, reported.Count);
                Assert.All(reported, line => Assert.Matches($"^Retry 1 of 1 in 0 s: The (host|proxy) no-such-", line));
            }
        }
    }

    [Fact]
    public async Task RetriesAreReportedUntilAnAnswerComes()
    {
        _sandbox.Faults.Add(new Fault { Status = 503, Times = 2 });
        var reported = new List<string?>();
        await _client.ListAsync(null, new RequestContext { ReportRetry = reported.Add });
        Assert.Equal(["Retry 1 of 5", "Retry 2 of 5", null], reported.Select(line => line?[..12]));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    public async Task ResetsAreRepeated(string method)
    {
        string id = (await Client(retries: 0).CreateAsync(Definition("A"), new RequestContext())).ConnectionId!;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, number) => number <= 2 ? FaultAction.ResetBefore : number == 3 ? FaultAction.ResetAfter : FaultAction.Pass);
        // The runtime itself may send a read again on a broken connection, so only the outcome is certain.
        using ConnectionsClient client = Client(proxy.BaseUri);
        await SendAsync(client, method, id);
        Assert.True(proxy.Requests.Count >= 4);
    }

    [Fact]
    public async Task TimeOutsAreRepeated()
    {
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, number) => number == 1 ? FaultAction.Silence : FaultAction.Pass);
        await Client(proxy.BaseUri, retries: 1, timeout: TimeSpan.FromSeconds(3)).ListAsync(null, new RequestContext());
        Assert.Equal(2, proxy.Requests.Count);
    }

    internal static OpenAIDefinition Definition(string name) => new() { Name = name, Model = "gpt-4o", ApiKey = Secret.FromPlainText("sk-0123456789abcdef") };

    private static async Task SendAsync(ConnectionsClient client, string method, string id = "cn-1") => _ = method switch
    {
        "GET" => await client.GetAsync(id, new RequestContext()),
        "PATCH" => await client.ChangeAsync(id, new KeyChange(Secret.FromPlainText("sk-0123456789abcdef")), new RequestContext()),
        _ => await client.CreateAsync(Definition("A"), new RequestContext()),
    };
}
