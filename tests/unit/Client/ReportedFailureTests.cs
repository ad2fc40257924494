namespace KoreConnections.Tests.Client;

/// <summary>Answers with status 200 that say themselves that something failed: of the request, or of the connection that they show.</summary>
public sealed class ReportedFailureTests() : ClientTestBase(skipsWaits: true)
{
    public static MatrixTheoryData<string, string> Failures => new(
        ["PATCH", "GET", "POST"],
        ["\"error\": \"not stored: quota\"", "\"errors\": [\"x\"]", "\"error\": { \"code\": \"KEY_REFUSED\" }", "\"statusCode\": 400"]);

    /// <summary>A connection may have had an error. The answer to a read is none for it.</summary>
    [Theory]
    [InlineData("\"error\": { \"message\": \"last call failed\" }", true)]
    [InlineData("\"errors\": [ \"last call failed\" ], \"statusCode\": 503", true)]
    [InlineData("\"status\": \"ERROR\", \"errorMessage\": \"last call failed\"", true)]
    [InlineData("\"success\": false, \"error\": { \"message\": \"not now\" }", false)]
    public async Task AnErrorOfAConnectionIsNotThatOfReadingIt(string further, bool isConnection)
    {
        Task<Connection> read = ReadAsync($$"""{ "connectionId": "cn-1", "connectionName": "A", "createdOn": "2026-01-01T00:00:00Z", {{further}} }""");
        if (isConnection)
        {
            Assert.Equal("A", (await read).ConnectionName);
        }
        else
        {
            Assert.Contains("not now", (await Assert.ThrowsAsync<KoreException>(() => read)).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<KoreException>(() => ReadAsync("""{ "connectionId": "cn-1", "error": { "message": "the database is down" } }"""));
    }

    [Theory]
    [InlineData("PATCH", """{ "success": false, "connectionId": "cn-1", "error": { "message": "quota" } }""")]
    [InlineData("POST", """{ "success": false, "connectionName": "A", "error": { "message": "quota" } }""")]
    [InlineData("POST", """{ "connectionName": "A", "provider": "Open AI" }""")]
    [InlineData("POST", """{ "connectionId": "", "connectionName": "A", "provider": "Open AI" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "connectionName": "A", "status": 400, "message": "invalid key" }""")]
    [InlineData("POST", """{ "connectionId": "cn-1", "status": "422", "message": "invalid key" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "status": "error", "message": "invalid key" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "status": "FAILED", "message": "invalid key" }""")]
    [InlineData("POST", """{ "connectionId": "cn-1", "errorCode": "INVALID_KEY", "errorMessage": "invalid key" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "error_message": "invalid key" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "isError": true, "message": "invalid key" }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "connectionName": "A", "error": { "message": "invalid key" } }""")]
    [InlineData("PATCH", """{ "connectionId": "cn-1", "result": "error" }""")]
    [InlineData("POST", """{ "connectionId": "cn-7", "connectionName": "Other", "provider": "Anthropic" }""")]
    public async Task AChangeThatSaysThatItFailedIsNotDone(string method, string json)
    {
        _sandbox.Faults.Add(new Fault { Method = method, Status = 200, Body = json });
        var key = Secret.FromPlainText("sk-made-up-0123456789");
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => method switch
        {
            "GET" => _client.GetAsync("cn-1", new RequestContext()),
            "POST" => _client.CreateAsync(new OpenAIDefinition { Name = "A", Model = "gpt-5.5", ApiKey = key }, new RequestContext()),
            _ => _client.ChangeAsync("cn-1", new KeyChange(key), new RequestContext()),
        });
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
    }

    [Theory, MemberData(nameof(Failures))]
    public Task AConnectionBesideItIsNoSuccess(string method, string further) => AChangeThatSaysThatItFailedIsNotDone(
        method, $$"""{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI", "model": "gpt-5.5", "fields": { "API_KEY": "sk-***" }, {{further}} }""");

    /// <summary>A connection in the answer to a write may be in a state of its own.</summary>
    [Theory]
    [InlineData("\"status\": \"FAILED\"", true)]
    [InlineData("\"status\": \"ERROR\", \"errorMessage\": \"Last validation: 429\"", true)]
    [InlineData("\"error\": \"last call timed out\", \"hasError\": true, \"errors\": [ \"x\" ]", true)]
    [InlineData("\"result\": \"failed\"", true)]
    [InlineData("\"success\": false", false)]
    [InlineData("\"isError\": true", false)]
    [InlineData("\"status\": 400", false)]
    [InlineData("\"statusCode\": \"503\"", false)]
    [InlineData("\"errorCode\": \"INVALID_KEY\"", false)]
    public async Task TheStateOfAConnectionIsNotThatOfTheWrite(string further, bool isDone)
    {
        string json = $$"""{ "connectionId": "cn-1", "connectionName": "A", "createdOn": "2026-01-01T00:00:00Z", {{further}} }""";
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 200, Body = json });
        Task<Connection> change = _client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-made-up-0123456789")), new RequestContext());
        if (isDone)
        {
            Assert.Equal("A", (await change).ConnectionName);
        }
        else
        {
            await Assert.ThrowsAsync<KoreException>(() => change);
        }
    }

    [Theory]
    [InlineData("\"errorCode\": \"SUCCESS\"")]
    [InlineData("\"errorMessage\": \"Success\", \"errorCode\": \"Ok\"")]
    [InlineData("\"hasError\": \"N\", \"isError\": \"No\"")]
    [InlineData("\"errorCode\": 200, \"error\": \"NONE\"")]
    [InlineData("\"errorCode\": \"0000\", \"errorMessage\": \"\"")]
    [InlineData("\"error\": { \"code\": \"SUCCESS\", \"message\": \"Successful\" }")]
    public async Task WhatSaysThatNothingIsWrongIsNoFailure(string further)
    {
        _sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 200, Body = $$"""{ "connectionId": "cn-1", {{further}} }""" });
        await _client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-made-up-0123456789")), new RequestContext());
        Answer($$"""{ "connections": [ { "connectionId": "cn-1" } ], "total": 1, {{further}} }""");
        Assert.Single((await _client.ListAsync(null, new RequestContext())).Items);
    }
}
