using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Sandbox;

/// <summary>The sandbox as curl sees it.</summary>
public sealed class SandboxTests : SandboxTestBase
{
    [Fact]
    public async Task MasksAsTheSamplesShow()
    {
        using SandboxServer sandbox = Start();
        JsonObject created = await CreateAsync(sandbox, "A");
        Assert.Equal("sk***************MQAA", (string?)created["fields"]!["API_KEY"]);
        Assert.False(created.ContainsKey("modifiedOn"));
        string address = $"{sandbox.BaseUri}/connections/{created["connectionId"]}";
        JsonObject read = (await _http.GetFromJsonAsync<JsonObject>(address))!;
        Assert.Equal("sk-***************", (string?)read["fields"]!["API_KEY"]);
        HttpResponseMessage changed = await _http.PatchAsync(address, Json($$$"""{"fields":{"API_KEY":"{{{Key}}}"}}"""));
        JsonObject answer = (await changed.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal("sk*****************MQAA", (string?)answer["fields"]!["API_KEY"]);
        Assert.False(answer.ContainsKey("createdOn"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:127.8.9.10", true)]
    [InlineData("192.168.1.20", false)]
    [InlineData("::ffff:192.168.1.20", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData(null, false)]
    public void OnlyThisMachineIsAnswered(string? address, bool isLocal)
    {
        MethodInfo rule = typeof(SandboxServer).GetMethod("IsLocal", BindingFlags.Static | BindingFlags.NonPublic)!;
        Assert.Equal(isLocal, rule.Invoke(null, [address is null ? null : new IPEndPoint(IPAddress.Parse(address), 50_000)]));
    }

    [Fact]
    public async Task ABodyThatNamesAPropertyTwiceIsAnswered()
    {
        using SandboxServer sandbox = Start();
        HttpResponseMessage answer = await _http.PostAsync($"{sandbox.BaseUri}/connections", Json("""{ "provider": "API", "connectionName": "A", "payload": { "a": 1, "a": 2 } }"""));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public void AFolderIsNoFileToKeepConnectionsIn() =>
        Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(() => SandboxServer.Start(new SandboxOptions { Path = _folder })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("DELETE", "/connections/cn-1", 405)]
    [InlineData("PUT", "/connections", 405)]
    [InlineData("GET", "/connections/cn-1", 404)]
    [InlineData("GET", "/connections/cn-1/fields", 404)]
    [InlineData("GET", "/models", 404)]
    public async Task TheRestIsRefusedWithTheEnvelope(string method, string path, int status)
    {
        using SandboxServer sandbox = Start();
        HttpResponseMessage response = await _http.SendAsync(new HttpRequestMessage(new HttpMethod(method), sandbox.BaseUri + path));
        Assert.Equal(status, (int)response.StatusCode);
        JsonObject body = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.False((bool)body["success"]!);
        Assert.StartsWith("req_", (string)body["meta"]!["requestId"]!, StringComparison.Ordinal);
    }

    /// <summary>What the module never sends.</summary>
    [Theory]
    [InlineData("POST", false, """{ "provider": "Other", "connectionName": "A" }""", "provider must be one of")]
    [InlineData("POST", false, """{ "provider": "Anthropic", "connectionName": "B", "model": "m", "modelType": "X", "fields": {} }""", "modelType must be EASY_INTEGRATION")]
    [InlineData("POST", false, """{ "provider": "API", "connectionName": "B", "status": "FINALIZED", "endpointUrl": "https://a.example.com", "headers": [], "mapProvider": "openAIModel", "llmFeatures": {} }""", "at least one of llmFeatures must be on")]
    [InlineData("POST", false, """{ "provider": "API", "provider": "API" }""", "The body has a duplicate property")]
    [InlineData("POST", false, "{}", "Content-Type must be application/json", "text/plain")]
    [InlineData("PUT", true, "{}", "PUT")]
    [InlineData("PATCH", true, """{ "model": "m" }""", "fields with an API_KEY, and nothing else, can be changed")]
    public async Task WhatTheApiDoesNotTakeIsRefused(string method, bool isOne, string body, string words, string type = "application/json")
    {
        using SandboxServer sandbox = Start();
        string id = (string)(await CreateAsync(sandbox, "A"))["connectionId"]!;
        using var content = new StringContent(body, Encoding.UTF8, type);
        HttpResponseMessage answer = await _http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), $"{sandbox.BaseUri}/connections{(isOne ? "/" + id : "")}") { Content = content });
        Assert.InRange((int)answer.StatusCode, 400, 405);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysHaveScopesAndEnd()
    {
        using SandboxServer sandbox = Start();
        Use(sandbox.Keys.Issue([KeyRing.ViewConnections]));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(sandbox.BaseUri + "/connections")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(sandbox, "A")).StatusCode);
        Use(sandbox.Keys.Issue(state: KeyState.Expired));
        Assert.Contains("API_KEY_EXPIRED", await (await _http.GetAsync(sandbox.BaseUri + "/connections")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Use("kg-unknown");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync(sandbox.BaseUri + "/connections")).StatusCode);
    }

    [Fact]
    public async Task TheFirstGenerationChangesNoCustomApis()
    {
        using SandboxServer sandbox = Start(new SandboxOptions { Generation = ApiGeneration.First });
        const string Custom = """{"provider":"API","connectionName":"C","endpointUrl":"https://x.example","headers":[],"payload":{},"outputPath":"a","status":"DRAFT"}""";
        JsonObject created = (await (await _http.PostAsync(sandbox.BaseUri + "/connections", Json(Custom))).Content.ReadFromJsonAsync<JsonObject>())!;
        string address = $"{sandbox.BaseUri}/connections/{created["connectionId"]}";
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.PatchAsync(address, Json("""{"status":"FINALIZED"}"""))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _http.PutAsync(address, Json(Custom))).StatusCode);
        await _http.PutAsync(new Uri(sandbox.BaseUri, "/sandbox/generation"), Json("""{"generation":"second"}"""));
        Assert.Equal(HttpStatusCode.OK, (await _http.PatchAsync(address, Json("""{"status":"FINALIZED"}"""))).StatusCode);
    }

    [Fact]
    public async Task KeepsItsConnectionsButNoKey()
    {
        string path = Path.Combine(_folder, "kept.json");
        string id;
        using (SandboxServer first = Start(new SandboxOptions { Path = path }))
        {
            id = (string)(await CreateAsync(first, "Käpt \"🚀\""))["connectionId"]!;
        }

        Assert.All(Directory.GetFiles(_folder), file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.Ordinal));
        using SandboxServer second = Start(new SandboxOptions { Path = path });
        JsonObject read = (await _http.GetFromJsonAsync<JsonObject>($"{second.BaseUri}/connections/{id}"))!;
        Assert.Equal("Käpt \"🚀\"", (string?)read["connectionName"]);
        Assert.True(second.HasKey(id, Key));
    }

    [Fact]
    public async Task ManyWritersShareAWriteAndLoseNothing()
    {
        string path = Path.Combine(_folder, "many.json");
        using SandboxServer sandbox = Start(new SandboxOptions { Path = path });
        var tasks = new List<Task<JsonObject>>();
        for (int i = 0; i < 200; i++)
        {
            tasks.Add(CreateAsync(sandbox, $"N{i}"));
        }

        await Task.WhenAll(tasks);
        // What was acknowledged stands in the file before the sandbox is asked to stop.
        Assert.Equal(200, JsonNode.Parse(File.ReadAllText(path))!["connections"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("{ not a sandbox's")]
    [InlineData("""{ "mine": 1 }""")]
    [InlineData("""{ "salt": 1, "connections": [] }""")]
    [InlineData("""{ "salt": "s", "connections": [1] }""")]
    [InlineData("""{ "salt": "s", "connections": [{ "connectionId": "cn-1" }] }""")]
    [InlineData("""{ "salt": "s", "connections": [{ "connectionId": "cn-1", "connectionName": "A" }, { "connectionId": "cn-1", "connectionName": "B" }] }""")]
    [InlineData("""{ "salt": "s", "connections": [{ "connectionId": "cn-1", "connectionName": "\ud800" }] }""")]
    [InlineData("""{ "salt": "s", "connections": [{ "connectionId": "cn-1", "connectionName": "a", "model": "\ud800" }] }""")]
    [InlineData("""{ "salt": "s", "\ud800": 1, "connections": [] }""")]
    public void AnotherFileIsLeftAsItIs(string content)
    {
        string path = Path.Combine(_folder, "other.json");
        File.WriteAllText(path, content);
        Assert.Throws<InvalidDataException>(() => Start(new SandboxOptions { Path = path }));
        Assert.Equal(content, File.ReadAllText(path));
        // And it is not held.
        InvalidDataException again = Assert.Throws<InvalidDataException>(() => Start(new SandboxOptions { Path = path }));
        Assert.Contains("is not a sandbox file. It was not changed.", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatLiesBesideTheFileIsTheUsers()
    {
        string path = Path.Combine(_folder, "own.json");
        string target = Path.Combine(_folder, "target.json");
        File.CreateSymbolicLink(path, target);
        foreach (string ending in new[] { ".lock", ".new", ".tmp" })
        {
            File.WriteAllText(path + ending, "mine");
            File.WriteAllText(target + ending, "mine");
        }

        using (SandboxServer sandbox = Start(new SandboxOptions { Path = path }))
        {
            await CreateAsync(sandbox, "A");
        }

        Assert.Equal(target, new FileInfo(path).LinkTarget);
        Assert.Equal(8, Directory.GetFiles(_folder).Length);
        Assert.Equal(6, Directory.GetFiles(_folder).Count(f => File.ReadAllText(f) == "mine"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABodyIsBounded(bool isChunked)
    {
        using SandboxServer sandbox = Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.BaseUri + "/connections") { Content = Json(new string(' ', 17 * 1024 * 1024)) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.SendAsync(request)).StatusCode);
    }
}
