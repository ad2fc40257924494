namespace KoreConnections.Tests.Client;

/// <summary>A create whose answer got lost is neither made twice nor forgotten.</summary>
public sealed class ExactlyOnceTests() : ClientTestBase(skipsWaits: true)
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("503 before")]
    [InlineData("503 after")]
    [InlineData("truncated")]
    [InlineData("html after")]
    [InlineData("303 after")]
    [InlineData("300 after")]
    [InlineData("304 after")]
    [InlineData("499 after")] // of a gateway that gave up
    public async Task ALostAnswerIsFoundOrMadeUpFor(string fault)
    {
        switch (fault)
        {
            case "503 before":
                _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503 });
                break;
            case "503 after":
                _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503, AfterWork = true });
                break;
            case "truncated":
                _sandbox.Faults.Add(new Fault { Method = "POST", TruncateAt = 20 });
                break;
            case "300 after" or "303 after" or "304 after" or "499 after":
                _sandbox.Faults.Add(new Fault { Method = "POST", Status = int.Parse(fault[..3], CultureInfo.InvariantCulture), AfterWork = true, Body = "", Headers = new Dictionary<string, string> { ["Location"] = "/made" } });
                break;
            case "html after":
                _sandbox.Faults.Add(new Fault { Method = "POST", AfterWork = true, Status = 200, Body = "<html>", ContentType = "text/html" });
                break;
        }

        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, number) => number > 1 || !line.StartsWith("POST", StringComparison.Ordinal) ? FaultAction.Pass
            : fault == "before" ? FaultAction.ResetBefore
            : fault == "after" ? FaultAction.ResetAfter
            : FaultAction.Pass);
        using ConnectionsClient client = Client(proxy.BaseUri);
        Connection created = await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        Connection held = Assert.Single((await client.ListAsync(null, new RequestContext())).Items);
        Assert.Equal(held.ConnectionId, created.ConnectionId);
        Assert.Equal(fault == "503 before" ? 2 : 1, _sandbox.Log.Requests.Count(r => r.Method == "POST"));
    }

    /// <summary>Some count requests once their work is done. But what is there then may be somebody else's, with another key.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AConflictAfterARateLimitIsOneAndSaysWhatToCheck(bool afterWork)
    {
        if (!afterWork)
        {
            await _client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        }

        _sandbox.Log.Clear();
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 429, AfterWork = afterWork, Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(KoreErrorKind.Conflict, error.Kind);
        Assert.StartsWith("A try before was refused, but may have created it: check CreatedOn", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["POST", "POST"], _sandbox.Log.Requests.Select(r => r.Method));
    }

    /// <summary>What is created again was looked for as long as the first could arrive, so that a refusal is one.</summary>
    [Fact]
    public async Task ARefusalOfWhatIsCreatedAgainIsNotInDoubt()
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 504 });
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 403 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(KoreErrorKind.Forbidden, error.Kind);
        Assert.False(error.IsIndeterminate);
    }

    [Fact]
    public async Task AnotherModelIsNotOurs()
    {
        var other = RetryTests.Definition("A");
        other.Model = "gpt-4o-mini";
        await _client.CreateAsync(other, new RequestContext());
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(KoreErrorKind.Conflict, error.Kind);
    }

    /// <summary>A cache on the way, or a platform that answers with another connection of the session.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnIdThatAnotherCreateGotIsNotTaken(bool isMade)
    {
        string? first = (await _client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId;
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, AfterWork = isMade, Body = $$"""{ "connectionId": "{{first}}", "provider": "Open AI" }""" });
        Task<Connection> create = _client.CreateAsync(RetryTests.Definition("B"), new RequestContext());
        if (isMade)
        {
            Connection second = await create;
            Assert.Equal("B", second.ConnectionName);
            Assert.NotEqual(first, second.ConnectionId);
        }
        else
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
            Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
            Assert.Contains($"'{first}', which is that of a connection that this session created before", error.Message, StringComparison.Ordinal);
            Assert.Contains("A listing after the failure does not show it", error.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheWholeAnswerToAnotherCreateIsNotTaken(bool isMade)
    {
        Connection first = await _client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        string answer = $$"""{ "connectionId": "{{first.ConnectionId}}", "connectionName": "A", "provider": "Open AI", "model": "gpt-4o", "createdOn": "{{DateTime.UtcNow:O}}" }""";
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, AfterWork = isMade, Body = answer });
        Task<Connection> create = _client.CreateAsync(RetryTests.Definition("B"), new RequestContext());
        if (isMade)
        {
            Assert.Equal("B", (await create).ConnectionName);
        }
        else
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
            Assert.StartsWith("Could not determine whether 'B' was created: ", error.Message, StringComparison.Ordinal);
            Assert.Contains("-IfNotExists", error.RecommendedAction, StringComparison.Ordinal);
        }
    }

    /// <summary>A platform that writes names in its own way shows what the first request made only under that name.</summary>
    [Theory]
    [InlineData("B!", 0, true)]
    [InlineData("B!", -86400 * 3, false)]
    [InlineData("B!", null, false)]
    [InlineData("C!", 0, false)]
    public async Task OfARenamedOneOnlyANewOneIsATwin(string other, int? age, bool isTwin)
    {
        int posts = 0;
        string headers = $"Content-Type: application/json\r\nDate: {DateTimeOffset.UtcNow:R}\r\n";
        string now = Item("cn-2", "B!", 0);
        string listing = $$"""{"connections":[{{Item("cn-1", other, age)}},{{now}}],"total":2}""";
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => !line.StartsWith("POST", StringComparison.Ordinal) ? FaultAction.Answer(200, headers, listing)
            : ++posts == 1 ? FaultAction.Answer(504, headers)
            : FaultAction.Answer(201, headers, now));
        using ConnectionsClient client = Client(proxy.BaseUri);
        Task<Connection> create = client.CreateAsync(RetryTests.Definition("B"), new RequestContext());
        string found = isTwin ? (await Assert.ThrowsAsync<KoreException>(() => create)).Message : (await create).ConnectionId!;
        Assert.Contains(isTwin ? "cn-2 and cn-1" : "cn-2", found, StringComparison.Ordinal);
        Assert.Equal(2, posts);

        static string Item(string id, string name, int? age) =>
            $$"""{"connectionId":"{{id}}","connectionName":"{{name}}","provider":"Open AI","model":"gpt-4o","createdOn":"{{(age is int s ? DateTime.UtcNow.AddSeconds(s + 1).ToString("s", CultureInfo.InvariantCulture) + "Z" : "")}}"}""";
    }

    /// <summary>Who pipes it on would change the other one's key.</summary>
    [Theory]
    [InlineData("2026-01-01T00:00:00Z", false)]
    [InlineData("2026-01-01T00:00:00Z", true)]
    [InlineData(null, true)]
    [InlineData("now", false)]
    [InlineData("now", false, "cn-0", "Old", "gpt-4o-2024-08-06")]
    [InlineData("now", false, "cn-1")]
    [InlineData(null, false, "cn-1")]
    [InlineData("now", false, "cn-1", "B")]
    [InlineData(null, false, "cn-1", "B")]
    [InlineData(null, true, "cn-1", "B")]
    [InlineData(null, false, "cn-0", "Old", "gpt-4o-mini")]
    public async Task AnotherConnectionInTheAnswerIsNotTaken(string? createdOn, bool isMade, string listed = "cn-0", string name = "Old", string model = "gpt-4o")
    {
        var before = new ConnectionList([new Connection { ConnectionId = listed, ConnectionName = "C" }], 1);
        string time = createdOn is null ? "" : $", \"createdOn\": \"{(createdOn == "now" ? $"{DateTime.UtcNow.AddSeconds(1):s}Z" : createdOn)}\"";
        var fault = new Fault { Method = "POST", Status = 200, AfterWork = isMade, Body = $$"""{ "connectionId": "cn-1", "connectionName": "{{name}}", "provider": "Open AI", "model": "{{model}}" {{time}} }""" };
        _sandbox.Faults.Add(fault);
        Task<Connection> create = _client.CreateAsync(RetryTests.Definition("B"), new RequestContext(), listed == "cn-1" ? before : null);
        if (isMade)
        {
            Assert.Equal("B", (await create).ConnectionName);
        }
        else if (createdOn == "now" && listed != "cn-1")
        {
            // The platform chose the name.
            Assert.Equal("Old", (await create).ConnectionName);
            // The next create has not made the same one.
            _sandbox.Faults.Add(fault);
            KoreException again = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(RetryTests.Definition("C"), new RequestContext()));
            Assert.Contains("'cn-1', which is that of a connection that this session created before", again.Message, StringComparison.Ordinal);
        }
        else
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
            Assert.StartsWith(name == "B" ? "The response has the id 'cn-1', which is that of a connection that existed before."
                : "Could not determine whether 'B' was created: The request was to create 'B', but the platform returned 'Old' (cn-1).", error.Message, StringComparison.Ordinal);
            Assert.True(error.IsIndeterminate || name == "B");
        }
    }

    /// <summary>What was answered is ours, and only a listing could say that there is more.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AListingThatFailsAfterAnAnswerTakesNothingBack(bool isRepeated)
    {
        int posts = 0;
        string renamed = $$"""{ "connectionId": "cn-1", "connectionName": "Old", "provider": "Open AI", "createdOn": "{{DateTime.UtcNow.AddSeconds(1):s}}Z" }""";
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => line.StartsWith("GET", StringComparison.Ordinal)
            ? isRepeated && posts < 2 ? FaultAction.Pass : FaultAction.Answer(500, "")
            : ++posts > 1 ? FaultAction.Pass
            : isRepeated ? FaultAction.ResetBefore
            : FaultAction.Answer(200, "Content-Type: application/json\r\n", renamed));
        Connection created = await Client(proxy.BaseUri).CreateAsync(RetryTests.Definition("A"), new RequestContext());
        Assert.Equal((isRepeated ? "A" : "Old", isRepeated ? 2 : 1), (created.ConnectionName, posts));
    }

    [Theory]
    [InlineData("listing fails")]
    [InlineData("listing is incomplete")]
    [InlineData("no time")]
    public async Task WhatCannotBeKnownIsSaidSo(string why)
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503, AfterWork = true });
        _sandbox.Faults.Add(why switch
        {
            "listing fails" => new Fault { Method = "GET", Status = 500, Times = 0 },
            "listing is incomplete" => new Fault { Method = "GET", Status = 200, Times = 0, Body = """{ "connections": [], "total": 5 }""" },
            _ => new Fault { Method = "GET", Status = 200, Times = 0, Body = """{ "connections": [ { "connectionId": "cn-7", "connectionName": "A", "provider": "Open AI", "model": "gpt-4o" } ], "total": 1 }""" },
        });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Contains("Could not determine whether 'A' was created", error.Message, StringComparison.Ordinal);
        Assert.Equal(KoreErrorKind.ServerError, error.Kind);
        Assert.Equal(1, _sandbox.Log.Requests.Count(r => r.Method == "POST"));
    }

    [Fact]
    public async Task CreatesThatFailedTogetherDoNotComeBackTogether()
    {
        var waits = new HashSet<double>();
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503, Times = 0 });
        for (int i = 0; i < 8; i++)
        {
            var clock = new AutoAdvancingTimeProvider();
            using var client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_sandbox.Keys.Issue())) { MaximumRetryCount = 1, RetryInterval = TimeSpan.FromSeconds(100), TimeProvider = clock, Timeout = TimeSpan.FromMinutes(1) });
            await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
            waits.Add(clock.Advanced.TotalSeconds);
        }

        Assert.True(waits.Count > 1, "All waited alike.");
        Assert.All(waits, w => Assert.InRange(w, 22, 38)); // 30 s at the most, a quarter less or more
    }

    [Fact]
    public async Task WithoutRepetitionsItIsStillDecided()
    {
        using ConnectionsClient client = Client(retries: 0);
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503, AfterWork = true });
        Assert.NotNull((await client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId);
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("B"), new RequestContext()));
        Assert.Contains("A listing after the failure does not show it", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneListingServesAllThatWait()
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503, Times = 20, DelayMilliseconds = 300 });
        _sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, DelayMilliseconds = 300 });
        Task<Connection>[] all = [.. Enumerable.Range(1, 20).Select(i => _client.CreateAsync(RetryTests.Definition($"N{i}"), new RequestContext()))];
        await Task.WhenAll(all);
        Assert.Equal(20, all.Select(t => t.Result.ConnectionId).Distinct().Count());
        // The first listing begins with the first failure; those who fail while it runs share the next. Each create looks five times.
        Assert.InRange(_sandbox.Log.Requests.Count(r => r.Method == "GET"), 5, 30);
    }
}
