namespace KoreConnections.Tests.Client;

/// <summary>A change whose answer is lost or cannot be used is found out about by reading.</summary>
public sealed class ChangeInDoubtTests() : ClientTestBase(skipsWaits: true)
{
    private const string Key = "sk-0123456789abcdef";
    private const string Old = "2020-01-01T00:00:00.5Z";

    [Theory]
    [InlineData(204, "")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """{ "success": true }""")]
    [InlineData(200, "<html>")]
    [InlineData(303, "")]
    [InlineData(504, "")]
    [InlineData(499, "")]
    public async Task WhatWasMadeIsDone(int status, string body)
    {
        using ConnectionsClient client = Client(retries: 0);
        string id = (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId!;
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, Body = body, AfterWork = true });
        Read("sk***WXYZ", null, id);
        Connection changed = await ChangeAsync(client, id, "sk-another-key-WXYZ");
        Assert.Equal("sk***WXYZ", changed.Fields!["API_KEY"]);
        Assert.Equal(1, _sandbox.Log.Requests.Count(r => r.Method == "PATCH"));
    }

    /// <summary>Where the platform says so itself, nothing is under way, and one read is enough: many changes may fail at once.</summary>
    [Theory]
    [InlineData(500, "", "Try again later.")]
    [InlineData(200, """{ "success": false, "error": { "message": "quota" } }""", "Correct what the response names, or try again later.")]
    public async Task WhatFailedAndIsNotShownFails(int status, string body, string action)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, Body = body });
        Read("sk***ZZZZ", Old);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(Client()));
        Assert.StartsWith(action, error.RecommendedAction, StringComparison.Ordinal);
        Assert.EndsWith("Reading the connection does not show the change.", error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(error.IsIndeterminate);
        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Single(_sandbox.Log.Requests, r => r.Method == "GET");
    }

    [Fact]
    public async Task WhatFailedAndIsShownIsUnknown()
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 500 });
        Read("sk***cdef", Old);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(Client()));
        Assert.StartsWith("Could not determine whether the change was made: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsIndeterminate);
    }

    // Once the command was stopped, nothing is read any more.
    [Theory]
    [InlineData(503, "Retry-After: 5\r\n", 1, false)]
    [InlineData(503, "Retry-After: 5\r\n", 2, true)]
    [InlineData(503, "", 1, true)]
    [InlineData(504, "Retry-After: 5\r\n", 1, true)]
    public async Task AfterAStopOnlyWhatIsPostponedIsNotMade(int status, string headers, int stoppedAt, bool isIndeterminate)
    {
        using var stop = new CancellationTokenSource();
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, number) =>
        {
            if (number < stoppedAt)
            {
                return FaultAction.Answer(504, "");
            }

            stop.Cancel();
            return FaultAction.Answer(status, headers);
        });
        var doubt = new ChangeInDoubt(Client(proxy.BaseUri), "cn-1", new KeyChange(Secret.FromPlainText(Key)), before: null);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => doubt.RunAsync(new RequestContext(null, stop.Token)));
        Assert.Equal((status, isIndeterminate), ((int)error.StatusCode!, error.IsIndeterminate && error.RecommendedAction!.Contains("ModifiedOn")));
    }

    /// <summary>It may arrive after any read.</summary>
    [Theory]
    [InlineData(204, "")]
    [InlineData(200, "<html>")]
    [InlineData(504, "")]
    public async Task WhatMayArriveLateIsUnknown(int status, string body)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, Body = body });
        Read("sk***ZZZZ", Old);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(Client(retries: 0)));
        Assert.StartsWith("Could not determine whether the change was made: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsIndeterminate);
        Assert.Equal(2, _sandbox.Log.Requests.Count(r => r.Method == "GET"));
    }

    [Fact]
    public async Task AStopWhileItIsReadLeavesItUnknown()
    {
        using var stop = new CancellationTokenSource();
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) =>
        {
            if (line.StartsWith("GET", StringComparison.Ordinal))
            {
                stop.Cancel();
            }

            return FaultAction.Answer(line.StartsWith("GET", StringComparison.Ordinal) ? 503 : 204, "");
        });
        var doubt = new ChangeInDoubt(Client(proxy.BaseUri), "cn-1", new KeyChange(Secret.FromPlainText(Key)), before: null);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => doubt.RunAsync(new RequestContext(null, stop.Token)));
        Assert.EndsWith("The command was stopped before reading the connection could show it.", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsIndeterminate);
    }

    [Theory]
    [InlineData("***", null, "Reading the connection does not show it.")]
    [InlineData("sk***ZZZZ", null, "Reading the connection does not show it.")]
    [InlineData("sk***cdef", Old, "Reading the connection does not show it.")] // the key may have been there before
    [InlineData(null, null, "Reading the connection also failed:")]
    public async Task WhatCannotBeKnownIsSaidSo(string? mask, string? modifiedOn, string why)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 204, Body = "", AfterWork = true });
        if (mask is null)
        {
            _sandbox.Faults.Add(new Fault { Method = "GET", Status = 500, Times = 0 });
        }
        else
        {
            Read(mask, modifiedOn);
        }

        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(Client()));
        Assert.StartsWith("Could not determine whether the change was made: HTTP 204 returned an empty answer. " + why, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Check the connection and its ModifiedOn with Get-Connection", error.RecommendedAction, StringComparison.Ordinal);
        Assert.True(error.IsIndeterminate);
        Assert.DoesNotContain("login page", error.RecommendedAction, StringComparison.Ordinal);
    }

    /// <summary>Accepted is not done: what such an answer shows is not taken for what becomes of the connection.</summary>
    [Theory]
    [InlineData("sk***ZZZZ", "sk***ZZZZ", false)]
    [InlineData("sk***cdef", "sk***ZZZZ", false)]
    [InlineData("sk***ZZZZ", "sk***cdef", true)]
    public async Task WhatIsOnlyAcceptedIsRead(string answered, string read, bool isMade)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 202, Body = $$"""{ "connectionId": "cn-1", "fields": { "API_KEY": "{{answered}}" } }""" });
        Read(read, null);
        KoreException? error = (KoreException?)await Record.ExceptionAsync(() => ChangeAsync(Client()));
        Assert.Equal(isMade ? null : "Could not determine whether the change was made: HTTP 202 returned an answer that does not say whether the change is done."
            + " Reading the connection does not show it.", error?.Message);
    }

    /// <summary>Reads of the documented platform show no end of a key. Then a later modification than the caller's connection has says it.</summary>
    [Fact]
    public async Task AConnectionThatTheCallerHasSaysWhetherItWasModifiedSince()
    {
        using ConnectionsClient client = Client(retries: 0);
        Connection seen = await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        seen.ModifiedOn ??= seen.CreatedOn;
        string id = seen.ConnectionId!;
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504, Times = 2, AfterWork = true });
        Assert.Equal(id, (await ChangeAsync(client, id, "sk-another-key-1", seen)).ConnectionId);
        // What it has is from before that change, which this one could be taken for.
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(client, id, "sk-another-key-2", seen));
        Assert.True(error.IsIndeterminate);
    }

    /// <summary>What was refused changed nothing that could be taken for the next change.</summary>
    [Fact]
    public async Task AChangeThatWasRefusedIsNotTakenForTheNext()
    {
        using ConnectionsClient client = Client(retries: 0);
        Connection seen = await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        seen.ModifiedOn ??= seen.CreatedOn;
        string id = seen.ConnectionId!;
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 400 });
        await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(client, id, "sk-another-key-1", seen));
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504, AfterWork = true });
        Assert.Equal(id, (await ChangeAsync(client, id, "sk-another-key-2", seen)).ConnectionId);
    }

    /// <summary>What was read once an earlier change is in it for sure shows what came later; right behind that change it may be a read from before.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(12, true)]
    public async Task AReadAfterAnEarlierChangeSaysWhetherItWasModifiedSince(int seconds, bool isKnown)
    {
        var time = new AutoAdvancingTimeProvider();
        using ConnectionsClient client = Client(retries: 0, clock: time);
        string id = (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId!;
        await ChangeAsync(client, id, "sk-another-key-1");
        await time.Delay(TimeSpan.FromSeconds(seconds), default);
        Connection seen = await client.GetAsync(id, new RequestContext());
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504, AfterWork = true });
        Exception? error = await Record.ExceptionAsync(() => ChangeAsync(client, id, "sk-another-key-2", seen));
        Assert.Equal(isKnown, error is null);
    }

    /// <summary>The refusal of a later attempt does not say that the one in doubt changed nothing.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(423)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task ARefusalAfterADoubtDoesNotEndIt(int status)
    {
        foreach ((string mask, string? outcome) in new (string, string?)[] { ("sk***cdef", null), ("***", "Could not"), ("sk***ZZZZ", "Could not") })
        {
            _sandbox.Faults.Clear();
            _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504 });
            _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status, Times = 0 });
            Read(mask, mask == "***" ? null : mask == "sk***ZZZZ" ? Old : "2222-01-01T00:00:00Z");
            KoreException? error = (KoreException?)await Record.ExceptionAsync(() => ChangeAsync(Client()));
            Assert.Equal(outcome is null, error is null);
            Assert.Equal(outcome == "Could not", error?.Message.StartsWith("Could not determine whether the change was made", StringComparison.Ordinal) == true);
            Assert.Equal(outcome == "Could not", error?.IsIndeterminate == true);
        }
    }

    /// <summary>What is stopped while it waits to be sent again is as open as its first attempt left it.</summary>
    [Fact]
    public void ADoubtIsRememberedUntilItIsSettled()
    {
        var context = new RequestContext();
        var state = new RetryState(context, TimeProvider.System);
        Assert.False(Failing(400).IsIndeterminate);
        Failing(504);
        KoreException throttled = Failing(429);
        state.Add(throttled, TimeSpan.Zero, 5);
        Assert.True(state.Known!.IsIndeterminate);
        state.Settle();
        Assert.False(Failing(403).IsIndeterminate);

        KoreException Failing(int status)
        {
            state.BeginAttempt();
            context.MarkSent();
            var failure = new KoreException(status == 504 ? KoreErrorKind.ServerError : KoreErrorKind.InvalidRequest, "x") { StatusCode = (System.Net.HttpStatusCode)status };
            state.Fail(failure);
            return failure;
        }
    }

    [Theory]
    [InlineData(501)]
    [InlineData(400)]
    [InlineData(429)]
    public async Task WhatWasRefusedIsNotReadAgain(int status)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = status });
        Assert.Equal(status, (int)(await Assert.ThrowsAsync<KoreException>(() => ChangeAsync(Client(retries: 0)))).StatusCode!);
        Assert.DoesNotContain(_sandbox.Log.Requests, r => r.Method == "GET");
    }

    [Theory]
    [InlineData("""[{ "key": "x-api-key", "value": "sk***cdef" }, { "key": "X-Team", "value": "blue" }]""", true)]
    [InlineData("""[{ "key": "X-API-Key", "value": "sk***cdef" }, { "key": "x-team", "value": "red" }]""", false)]
    [InlineData("""[{ "key": "x-api-key", "value": "sk***cdef" }]""", false)]
    [InlineData("""[{ "key": "x-api-key", "value": "***" }, { "key": "X-Team", "value": "blue" }]""", null)]
    [InlineData("null", null)]
    public async Task OfACustomApiAllThatIsSentHasToBeShown(string headers, bool? isShown)
    {
        var settings = new CustomApiSettings { EndpointUrl = "https://b.example.com/", Headers = [new Header("x-api-key", Secret.FromPlainText(Key)), new Header("X-Team", Secret.FromPlainText("blue"))] };
        var change = new CustomApiChange(settings, replace: false);
        change.Validate();
        foreach ((string address, bool? isAll) in new (string, bool?)[] { ("\"https://b.example.com/\"", isShown), ("\"https://a.example.com/\"", false), ("null", isShown == false ? false : null) })
        {
            _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = $$"""{ "connectionId": "cn-1", "endpointUrl": {{address}}, "headers": {{headers}} }""" });
            Assert.Equal(isAll, change.IsShownBy(await Client().GetAsync("cn-1", new RequestContext())));
        }
    }

    [Fact]
    public async Task NoCacheMayAnswer()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var server = new TestServer(context =>
        {
            seen.Enqueue(context.Request.Headers.CacheControl.ToString());
            return Task.CompletedTask;
        });
        using ConnectionsClient client = Client(server.BaseUri, retries: 0);
        await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()));
        await Assert.ThrowsAsync<KoreException>(() => client.GetAsync("cn-1", new RequestContext()));
        await Assert.ThrowsAsync<KoreException>(() => client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText(Key)), new RequestContext()));
        Assert.Equal(["no-cache", "no-cache", "no-cache"], seen);
    }

    private static Task<Connection> ChangeAsync(ConnectionsClient client, string id = "cn-1", string key = Key, Connection? seen = null) =>
        client.ChangeCheckedAsync(id, new KeyChange(Secret.FromPlainText(key)), null, seen, null, null, new RequestContext());

    private void Read(string mask, string? modifiedOn, string id = "cn-1")
    {
        string modified = modifiedOn is null ? "" : $", \"modifiedOn\": \"{modifiedOn}\"";
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Times = 0, Body = $$"""{ "connectionId": "{{id}}", "fields": { "API_KEY": "{{mask}}" }{{modified}} }""" });
    }
}
