using System.Collections.Specialized;
using Microsoft.AspNetCore.Http;

namespace KoreConnections.Tests.Client;

/// <summary>Answers are read forgivingly, and nothing in them is lost, save keys that came without a mask.</summary>
public sealed class TolerantReadingTests : ClientTestBase
{
    [Fact]
    public async Task ReadsWhatTheDocumentShows()
    {
        Connection read = await ReadAsync("""
            { "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI", "model": "gpt-4o", "status": "ACTIVE",
              "fields": { "API_KEY": "sk-***************" }, "createdOn": "2024-01-15T10:30:00.000Z", "modifiedOn": "2024-01-16T10:30:00.000Z" }
            """);
        Assert.Equal(("cn-1", "A", "Open AI", "gpt-4o", "ACTIVE"), (read.ConnectionId, read.ConnectionName, read.Provider, read.Model, read.Status));
        Assert.Equal("sk-***************", read.Fields!["api_key"]);
        Assert.Equal(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc).ToLocalTime(), read.CreatedOn);
        Assert.Equal(DateTimeKind.Local, read.ModifiedOn!.Value.Kind);
        Assert.Empty(read.AdditionalProperties);
    }

    [Theory]
    [InlineData("""{ "connectionId": "cn-1" }""")]
    [InlineData("""{ "connectionId": "cn-1", "connectionName": null, "provider": null, "model": null, "status": null, "fields": null, "createdOn": null, "modifiedOn": null }""")]
    public async Task MissingAndNullAreAbsent(string json)
    {
        Connection read = await ReadAsync(json);
        Assert.Equal("cn-1", read.ConnectionId);
        Assert.Null(read.ConnectionName);
        Assert.Null(read.Fields);
        Assert.Null(read.CreatedOn);
        Assert.Empty(read.AdditionalProperties);
    }

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("17", 17L)]
    [InlineData("true", true)]
    [InlineData("1.5", 1.5)]
    public async Task FieldsOfAnotherKindAreKept(string fields, object expected)
    {
        Connection read = await ReadAsync($$"""{ "fields": {{fields}}, "connectionId": "cn-1" }""");
        Assert.Null(read.Fields);
        Assert.Equal(expected, read.AdditionalProperties["fields"] is decimal exact ? (double)exact : read.AdditionalProperties["fields"]);
    }

    [Fact]
    public async Task HalfOfASurrogatePairAsATimeIsKept()
    {
        Connection read = await ReadAsync("""{ "connectionId": "cn-1", "createdOn": "2024-01-15T10:30\ud800", "modifiedOn": "2024\u002d01-16T10:30:00Z" }""");
        Assert.Null(read.CreatedOn);
        Assert.Equal("\uFFFD", read.AdditionalProperties["createdOn"]);
        Assert.Equal(new DateTime(2024, 1, 16, 10, 30, 0, DateTimeKind.Utc).ToLocalTime(), read.ModifiedOn);
    }

    // It took the cube of their number: minutes for these.
    [Fact]
    public async Task ThousandsOfKeysAsNamesAreMasked()
    {
        string names = string.Concat(Enumerable.Range(0, 4000).Select(i => $"\"sk-aB3dE5gH7jK9m{i:D4}pQ3s\":{i},"));
        Connection read = await ReadAsync($$"""{ {{names}} "connectionId": "cn-1" }""");
        Assert.Equal(4000, read.AdditionalProperties.Count);
        Assert.Equal(3999L, read.AdditionalProperties["sk***************pQ3s (4000)"]);
    }

    [Fact]
    public async Task UnknownPropertiesAreKeptInOrder()
    {
        Connection read = await ReadAsync("""
            { "zeta": [1, [2, {"a": null}]], "connectionId": "cn-1", "provider": "Gemini", "status": "SLEEPING", "alpha": { "B": 1, "a": "x" }, "tags": [] }
            """);
        Assert.Equal(["zeta", "alpha", "tags"], read.AdditionalProperties.Keys.Cast<string>());
        Assert.Equal(("Gemini", "SLEEPING"), (read.Provider, read.Status));
        Assert.Equal("x", ((OrderedDictionary)read.AdditionalProperties["ALPHA"]!)["A"]);
        object?[] zeta = Assert.IsType<object?[]>(read.AdditionalProperties["zeta"]);
        Assert.Equal(2L, Assert.IsType<object?[]>(zeta[1])[0]);
    }

    [Fact]
    public async Task KnownPropertiesOfAnotherKindAreKeptToo()
    {
        Connection read = await ReadAsync("""{ "connectionId": 17, "connectionName": "n", "model": ["a", "b"], "createdOn": "yesterday", "modifiedOn": 5 }""", "17");
        Assert.Equal("17", read.ConnectionId);
        Assert.Null(read.Model);
        Assert.Equal(["a", "b"], Assert.IsType<object?[]>(read.AdditionalProperties["model"]));
        Assert.Equal("yesterday", read.AdditionalProperties["createdOn"]);
        Assert.Equal(5L, read.AdditionalProperties["modifiedOn"]);
    }

    [Fact]
    public async Task NamesThatDifferByCaseOnlyAreBothKept()
    {
        Connection read = await ReadAsync("""{ "connectionId": "cn-1", "fields": { "Region": "eu", "region": "us" }, "x": 1, "X": 2 }""");
        Assert.Equal(("eu", "us"), (read.Fields!["Region"], read.Fields["region"]));
        Assert.Equal((1L, 2L), (read.AdditionalProperties["x"], read.AdditionalProperties["X"]));
    }

    [Fact]
    public async Task KeysWithoutAMaskAreMaskedOnReading()
    {
        Connection read = await ReadAsync("""
            { "connectionId": "cn-1", "fields": { "API_KEY": "sk-abcdefghijklmnopqrstuvwx", "api_version": "2024-08-01-preview", "nested": { "clientSecret": "abcdefgh" } },
              "headers": [ { "key": "x-api-key", "value": "short-key" }, { "key": "anthropic-version", "value": "2023-06-01" }, { "key": "X-Custom", "value": "Bearer abcdef" } ],
              "payload": { "max_tokens": 5, "token": 12345 }, "outputTokensPath": "usage.output" }
            """);
        Assert.Equal("sk***************uvwx", read.Fields!["API_KEY"]);
        Assert.Equal("2024-08-01-preview", read.Fields["api_version"]);
        Assert.Equal(Secret.Mask, ((OrderedDictionary)read.Fields["nested"]!)["clientSecret"]);
        object?[] headers = Assert.IsType<object?[]>(read.AdditionalProperties["headers"]);
        Assert.Equal([Secret.Mask, "2023-06-01", Secret.Mask], headers.Select(h => ((OrderedDictionary)h!)["value"]));
        var payload = (OrderedDictionary)read.AdditionalProperties["payload"]!;
        Assert.Equal((5L, (object)Secret.Mask), (payload["max_tokens"], payload["token"]));
        Assert.Equal("usage.output", read.AdditionalProperties["outputTokensPath"]);
    }

    [Theory]
    [InlineData("""{ "total": 0 }""", 0)]
    [InlineData("""{ "connections": null, "total": 0 }""", 0)]
    [InlineData("""{ "connections": [] }""", 0)]
    [InlineData("""{ "total": 2, "page": {}, "connections": [ {}, { "connectionId": "cn-2", "odd": 1 } ] }""", 2)]
    [InlineData("""{ "connections": [ { "connectionId": "cn-2" } ], "total": "1" }""", 1)]
    [InlineData("""{ "to\ud800": 1, "connections": [ { "\udc00": 1, "model\ud800": 2, "connectionId": "cn-2" } ], "total": 1 }""", 1)]
    public async Task ListsAreReadForgivinglyToo(string json, int count)
    {
        Answer(json);
        ConnectionList list = await _client.ListAsync(null, new RequestContext());
        Assert.Equal(count, list.Items.Count);
        Assert.True(list.IsComplete);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("""{ "success": true }""")]
    [InlineData("""{ "connectionId": "cn-1" """)]
    [InlineData("""{ "connectionId": "cn-1" } trailing""")]
    public async Task AnotherShapeIsAnUnexpectedResponse(string json)
    {
        Answer(json);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.GetAsync("cn-1", new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Equal(200, (int)error.StatusCode!);
        Assert.NotNull(error.RecommendedAction);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "connections": {} }""")]
    [InlineData("""{ "connections": [ 1 ] }""")]
    [InlineData("""{ "connections": [ { "connectionId": "cn-1" """)]
    public async Task AListOfAnotherShapeToo(string json)
    {
        Answer(json);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.ListAsync(null, new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
    }

    [Theory]
    [InlineData("""{ "connectionId": "cn-7", "connectionName": "A", "provider": "Anthropic" }""")]
    [InlineData("""{ "connectionId": "cn-7", "connectionName": "a of the platform", "provider": "OPEN_AI" }""")]
    [InlineData("""{ "connectionId": "cn-7" }""")]
    public async Task AnAnswerToACreateMaySayThingsOtherwise(string json)
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, Body = json });
        Connection created = await _client.CreateAsync(new OpenAIDefinition { Name = "A", Model = "gpt-5.5", ApiKey = Secret.FromPlainText("sk-made-up-0123456789") }, new RequestContext());
        Assert.Equal("cn-7", created.ConnectionId);
    }

    /// <summary>Gateways put a mark before JSON, or answer in another encoding.</summary>
    [Theory]
    [InlineData("utf-8", true, null)]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16", false, "utf-16")]
    [InlineData("iso-8859-1", false, "iso-8859-1")]
    [InlineData("utf-8", false, "iso-8859-1")]
    [InlineData("utf-8", false, "utf-7")]
    [InlineData("utf-8", false, "nobody-knows")]
    public async Task JsonIsReadWhateverItsEncodingIs(string name, bool hasMark, string? charset)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] json = encoding.GetBytes("""{ "connectionId": "cn-1", "connectionName": "Käse" }""");
        using var server = new TestServer(async context =>
        {
            context.Response.ContentType = "application/json" + (charset is null ? "" : $"; charset={charset}");
            await context.Response.Body.WriteAsync(hasMark ? [.. encoding.GetPreamble(), .. json] : json);
        });
        using var client = new ConnectionsClient(new SessionOptions(server.BaseUri, Secret.FromPlainText("kg-made-up-0123456789")));
        Assert.Equal("Käse", (await client.GetAsync("cn-1", new RequestContext())).ConnectionName);
    }

    [Fact]
    public async Task OfATextInAnotherEncodingTheRestIsRead()
    {
        using var server = new TestServer(async context => await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("""{ "connectionId": "cn-1", "connectionName": "Käse" }""")));
        using var client = new ConnectionsClient(new SessionOptions(server.BaseUri, Secret.FromPlainText("kg-made-up-0123456789")));
        Assert.Equal("K\uFFFDse", (await client.GetAsync("cn-1", new RequestContext())).ConnectionName);
    }

    [Fact]
    public async Task AnEncodingThatWasNotRequestedIsNamed()
    {
        using var server = new TestServer(async context =>
        {
            context.Response.Headers.ContentEncoding = "br";
            await context.Response.WriteAsync("compressed");
        });
        using var client = new ConnectionsClient(new SessionOptions(server.BaseUri, Secret.FromPlainText("kg-made-up-0123456789")));
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()));
        Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
        Assert.Contains("'br', which was not requested", error.Message, StringComparison.Ordinal);
    }

    /// <summary>One hostile connection hides no other.</summary>
    [Fact]
    public async Task AnAddressWithASecretThatIsTooLongForAKeyIsMasked()
    {
        string secret = string.Concat(Enumerable.Repeat("A1b2C3d4", 9000));
        Answer($$"""{ "connections": [ { "connectionId": "cn-1" }, { "connectionId": "cn-2", "endpointUrl": "https://h/?api_key={{secret}}" } ], "total": 2 }""");
        ConnectionList list = await _client.ListAsync(null, new RequestContext());
        Assert.DoesNotContain("A1b2C3d4", list.Items[1].EndpointUrl, StringComparison.Ordinal);
    }
}
