namespace KoreConnections.Tests.Client;

/// <summary>What a listing says of itself: whole, a part, a failure, or of another provider than was asked for.</summary>
public sealed class ListingTests : ClientTestBase
{
    /// <summary>A name that a part of a listing lacks is unknown, however the platform says that it is a part.</summary>
    [Theory]
    [InlineData("\"hasMore\": true")]
    [InlineData("\"nextCursor\": \"abc\"")]
    [InlineData("\"_links\": { \"next\": { \"href\": \"/connections?page=2\" } }")]
    [InlineData("\"pagination\": { \"page\": 1, \"totalPages\": 3 }")]
    [InlineData("\"totalCount\": 30")]
    [InlineData("\"total\": 7")]
    [InlineData("\"total\": \"7\"")]
    [InlineData("\"total\": 30.0")]
    [InlineData("\"total\": \"30 of 40\"")]
    [InlineData("\"total\": -1")]
    [InlineData("\"total\": {}")]
    [InlineData("\"total\": 99999999999999999999")]
    [InlineData("\"total\": 1, \"hasMore\": true")]
    [InlineData("\"totalElements\": 9, \"last\": false")]
    [InlineData("\"page\": { \"totalElements\": 9 }")]
    [InlineData("\"last\": false")]
    [InlineData("\"isLastPage\": false")]
    [InlineData("\"more\": true")]
    [InlineData("\"moreResults\": \"yes\"")]
    [InlineData("\"remaining\": 4")]
    [InlineData("\"pages\": 3")]
    [InlineData("\"currentPage\": 1, \"lastPage\": 2")]
    [InlineData("\"nextPageUrl\": \"https://platform.example.com/?page=2\"")]
    [InlineData("\"links\": [ { \"rel\": \"self\", \"href\": \"/?page=1\" }, { \"rel\": \"next\", \"href\": \"/?page=2\" } ]")]
    [InlineData("\"total\": { \"value\": 30, \"relation\": \"eq\" }")]
    public async Task AListThatSaysThatItIsAPartIsIncomplete(string further)
    {
        _sandbox.Faults.Add(new Fault { Status = 200, Body = $$"""{ "connections": [ { "connectionId": "cn-2" } ], {{further}} }""", Times = 0 });
        ConnectionList list = await _client.ListAsync(null, new RequestContext());
        Assert.False(list.IsComplete);
        Assert.Contains("returned", list.Shortfall, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hasMore\": false, \"next\": null, \"error\": null, \"errors\": [], \"success\": true, \"total\": \"1\"")]
    [InlineData("\"pagination\": { \"page\": 1, \"totalPages\": 1, \"total\": 1, \"next\": \"\" }")]
    [InlineData("\"error\": { \"code\": 0, \"message\": \"OK\" }, \"errors\": [null], \"total\": 1")]
    [InlineData("\"errors\": { \"count\": 0 }, \"error\": \"none\", \"links\": { \"next\": { \"href\": null } }")]
    [InlineData("\"total\": 1, \"pageCount\": 2, \"nextOffset\": 1, \"meta\": { \"totalCount\": 40 }, \"nextPage\": 1")]
    [InlineData("\"remaining\": [ 0, \"\" ], \"next\": [ null ]")]
    [InlineData("\"hasMore\": \"False\", \"truncated\": \"0\", \"partial\": 0.0, \"nextPage\": -1")]
    [InlineData("\"total\": { \"value\": 1, \"relation\": \"eq\" }")]
    [InlineData("\"totalElements\": 1, \"last\": true, \"pages\": 1, \"remaining\": 0, \"more\": false, \"nextPageUrl\": null, \"lastPage\": 1")]
    [InlineData("\"links\": [ { \"rel\": \"self\", \"href\": \"/\" }, { \"rel\": \"next\", \"href\": \"\" } ]")]
    [InlineData("\"total\": 1, \"links\": [ { \"rel\": \"next\", \"href\": \"/?page=2\" } ], \"last\": true")]
    [InlineData("\"status\": 200, \"code\": \"OK\", \"success\": \"true\", \"ok\": null")]
    public async Task AListThatSaysThatItIsWholeIsComplete(string further)
    {
        Answer($$"""{ "connections": [ { "connectionId": "cn-2" } ], {{further}} }""");
        Assert.True((await _client.ListAsync(null, new RequestContext())).IsComplete);
    }

    /// <summary>An id is a connection, however often it is listed. What has no id, or another name, stays.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(2, true)]
    [InlineData(7, false)]
    public async Task WhatIsListedTwiceCountsOnce(int total, bool isComplete)
    {
        string[] listed = [Of("cn-1", "A"), Of("cn-2", "B"), Of("cn-1", "A"), Of("cn-1", "C"), Of("", "D"), Of("", "D")];
        string json = $$"""{ "connections": [ {{string.Join(", ", listed)}} ], "total": {{total}} }""";
        _sandbox.Faults.Add(new Fault { Status = 200, Body = json, Times = 0 });
        ConnectionList list = (await _client.ListAsync(null, new RequestContext())).WithoutRepeats();
        Assert.Equal(["A", "B", "C", "D", "D"], list.Items.Select(c => c.ConnectionName));
        Assert.Equal(isComplete, list.IsComplete);

        static string Of(string id, string name) => $$"""{ "connectionId": "{{id}}", "connectionName": "{{name}}" }""";
    }

    /// <summary>A page that shifted while it was read repeats one connection in the place of another.</summary>
    [Theory]
    [InlineData("\"total\": 3", "cn-1 cn-1 cn-2", false)]
    [InlineData("\"total\": 2", "cn-1 cn-1 cn-2", true)]
    [InlineData("\"totalCount\": 3", "cn-1 cn-1 cn-2", false)]
    [InlineData("\"total\": 3", "cn-1 cn-2 cn-3", true)]
    [InlineData("\"total\": 3", "- - cn-1", true)]
    public async Task ARowThatRepeatsOneDoesNotCountForAnother(string further, string ids, bool isWhole)
    {
        string[] rows = [.. ids.Split(' ').Select((id, n) => $$"""{ "connectionId": "{{(id == "-" ? "" : id)}}", "connectionName": "{{(id == "-" ? n : id)}}" }""")];
        _sandbox.Faults.Add(new Fault { Status = 200, Body = $$"""{ "connections": [ {{string.Join(", ", rows)}} ], {{further}} }""", Times = 0 });
        ConnectionList list = await _client.ListAsync(null, new RequestContext());
        Assert.All(new[] { list, list.WithoutRepeats() }, l => Assert.Equal((isWhole, isWhole), (l.IsWhole, l.ShowsAllNames)));
        if (further.Contains("total\"", StringComparison.Ordinal))
        {
            Assert.True(list.WithoutRepeats().Decides(["cn-1"]));
            Assert.Equal(isWhole, list.WithoutRepeats().Decides(["cn-1", "cn-9"]));
            Assert.True(isWhole || list.Shortfall == "the platform reports 3 connections but returned only 2, some of them repeatedly", list.Shortfall);
        }
    }

    /// <summary>Nobody asked for the second listing, so where the platform refuses it, the first has to do.</summary>
    [Theory]
    [InlineData(400, """{ "error": { "code": "VALIDATION_ERROR", "message": "limit must be at most 4" } }""")]
    [InlineData(403, "")]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(409, "")]
    [InlineData(413, "<html>")]
    [InlineData(422, "{}")]
    [InlineData(425, "")]
    [InlineData(200, """{ "connections": [ { "connectionId": "cn-3", "connectionName": "C" } ], "total": 5 }""")]
    [InlineData(200, """{ "connections": [ { "connectionId": "cn-3", "connectionName": "C" } ] }""")]
    [InlineData(200, """{ "connections": [ { "connectionId": "cn-1", "connectionName": "A" }, { "connectionId": "cn-2", "connectionName": "B" } ] }""")]
    public async Task AnIncompleteListIsKeptWhereAllAreRefused(int status, string second)
    {
        AnswerShort();
        _sandbox.Faults.Add(new Fault { Status = status, Body = second });
        ConnectionList list = await _client.ListAsync(null, new RequestContext());
        Assert.Equal(["A", "B"], list.Items.Select(c => c.ConnectionName));
        Assert.Equal((5, false), (list.Total, list.IsComplete));
        Assert.Equal(["", "?limit=5"], _sandbox.Log.Requests.Select(r => new Uri(_sandbox.BaseUri, r.Target).Query));
    }

    [Theory]
    [InlineData(401, KoreErrorKind.Unauthorized)]
    [InlineData(429, KoreErrorKind.Throttled)]
    [InlineData(500, KoreErrorKind.ServerError)]
    [InlineData(408, KoreErrorKind.Timeout)]
    [InlineData(499, KoreErrorKind.Timeout)]
    [InlineData(502, KoreErrorKind.ServerError)]
    [InlineData(503, KoreErrorKind.ServerError)]
    [InlineData(504, KoreErrorKind.ServerError)]
    [InlineData(529, KoreErrorKind.ServerError)]
    public async Task WhatIsNotTheLimitsFaultStaysAnError(int status, KoreErrorKind kind)
    {
        AnswerShort();
        _sandbox.Faults.Add(new Fault { Status = status, Times = 0, Headers = new Dictionary<string, string> { ["Retry-After"] = "900" } });
        Assert.Equal(kind, (await Assert.ThrowsAsync<KoreException>(() => _client.ListAsync(null, new RequestContext()))).Kind);
    }

    [Theory]
    [InlineData("5.0")]
    [InlineData("0.5e1")]
    [InlineData("\"5.0\"")]
    public async Task ATotalIsANumberHoweverItIsWritten(string total)
    {
        AnswerShort(total);
        Assert.Equal(5, (await _client.ListAsync(null, new RequestContext())).Total);
        Assert.Contains("limit=5", _sandbox.Log.Requests[^1].Target, StringComparison.Ordinal);
    }

    /// <summary>Its limit cuts off what is asked for.</summary>
    [Theory]
    [InlineData("Anthropic", null)]
    [InlineData(null, "INACTIVE")]
    public async Task WhereThePlatformPassesOverAFilterItsLimitIsNotUsed(string? provider, string? status)
    {
        const string First = """{ "connectionId": "cn-1", "provider": "Open AI", "status": "ACTIVE" }""";
        Answer($$"""{ "connections": [ {{First}} ], "total": 3 }""");
        string[] rows = [First, .. new[] { 2, 3 }.Select(n => $$"""{ "connectionId": "cn-{{n}}", "provider": "Anthropic", "status": "INACTIVE" }""")];
        Answer($$"""{ "connections": [ {{string.Join(", ", rows)}} ], "total": 3 }""");
        ConnectionList list = await _client.ListAsync(new ListFilter { Provider = provider, Status = status, Limit = 1 }, new RequestContext());
        Assert.Equal(("cn-2", true), (Assert.Single(list.Items).ConnectionId, list.IsComplete));
    }

    [Fact]
    public async Task AStatusOfAPartMakesAListIncomplete()
    {
        _sandbox.Faults.Add(new Fault { Status = 206, Body = """{ "connections": [], "total": 0 }""" });
        Assert.False((await _client.ListAsync(null, new RequestContext())).IsComplete);
    }

    /// <summary>A failure in the body of an answer with status 200 is no empty list, and no connection.</summary>
    [Theory]
    [InlineData("""{ "success": false, "connections": [], "error": { "message": "the database is down" } }""")]
    [InlineData("""{ "connections": [], "total": 0, "error": "the database is down" }""")]
    [InlineData("""{ "connections": null, "message": "the database is down" }""")]
    [InlineData("""{ "connections": [], "errors": [ "the database is down" ] }""")]
    [InlineData("""{ "connections": [], "ok": "false", "message": "the database is down" }""")]
    [InlineData("""{ "connections": [], "status": "ERROR", "message": "the database is down" }""")]
    [InlineData("""{ "connections": [], "total": 0, "statusCode": 503, "message": "the database is down" }""")]
    public async Task AListThatSaysThatItFailedIsAFailure(string json)
    {
        Answer(json);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.ListAsync(null, new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Contains("the database is down", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What a platform lists of another provider than was asked for could get this provider's key next.</summary>
    [Fact]
    public async Task AFilterThatThePlatformPassesOverIsAppliedHere()
    {
        Answer("""{ "connections": [ { "connectionId": "cn-1", "provider": "Open AI" }, { "connectionId": "cn-2", "provider": "Anthropic" } ], "total": 2 }""");
        ConnectionList list = await _client.ListAsync(new ListFilter { Provider = "Anthropic" }, new RequestContext());
        Assert.Equal(("cn-2", true), (Assert.Single(list.Items).ConnectionId, list.IsComplete));
    }

    private void AnswerShort(string total = "5") => Answer(
        $$"""{ "connections": [ { "connectionId": "cn-1", "connectionName": "A" }, { "connectionId": "cn-2", "connectionName": "B" } ], "total": {{total}} }""");
}
