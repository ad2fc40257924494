using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Sandbox;

/// <summary>The sandbox as curl sees it.</summary>
public sealed class SandboxTests : IDisposable
{
    private const string Key = "sk-sandbox-0123456789abcMQAA";

    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly HttpClient _http = new();

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

    [Theory]
    [InlineData("""{ "truncateAt": -1 }""")]
    [InlineData("""{ "status": 200, "headers": { "a b": "c" } }""")]
    [InlineData("""{ "status": 200, "headers": { "a": "b\r\nc: d" } }""")]
    [InlineData("""{ "status": 200, "headers": { "a": "\u00e9\ud83d\ude00" } }""")]
    [InlineData("""{ "status": 200, "contentType": "a\nb" }""")]
    public async Task AFaultThatCannotBeWrittenLeavesNobodyWaiting(string fault)
    {
        using SandboxServer sandbox = Start();
        (await _http.PostAsync(new Uri(sandbox.BaseUri, "/sandbox/faults"), Json(fault))).EnsureSuccessStatusCode();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            Assert.Empty(await _http.GetStringAsync($"{sandbox.BaseUri}/connections", limit.Token));
        }
        catch (HttpRequestException)
        {
            // Or a connection that was reset, by the system.
        }

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"{sandbox.BaseUri}/connections")).StatusCode);
    }

    [Theory]
    [InlineData("POST", "faults", """{"stauts":503}""", "There is no property 'stauts'. Use: method, path, skip, times, delayMilliseconds, status,")]
    [InlineData("POST", "faults", """{"Status":503}""", "There is no property 'Status'")]
    [InlineData("POST", "faults", """{"problem":"x"}""", "There is no property 'problem'")]
    [InlineData("POST", "faults", """{"body":"x"}""", "body needs status")]
    [InlineData("POST", "faults", """{"afterWork":true}""", "afterWork needs status, delayMilliseconds or truncateAt")]
    [InlineData("POST", "faults", """{"status":"503"}""", "status must be a whole number")]
    [InlineData("POST", "faults", """{"status":50.5}""", "status must be a whole number")]
    [InlineData("POST", "faults", """{"delayMilliseconds":99999999999}""", "delayMilliseconds must be a whole number")]
    [InlineData("POST", "faults", """{"status":99}""", "status must be 100 to 999")]
    [InlineData("POST", "faults", """{"skip":-1}""", "skip, times and delayMilliseconds must be 0 or more")]
    [InlineData("POST", "faults", """{"times":-1}""", "skip, times and delayMilliseconds must be 0 or more")]
    [InlineData("POST", "faults", """{"method":"get"}""", "method must be GET, POST, PUT, PATCH or DELETE")]
    [InlineData("POST", "faults", """{"method":1}""", "method must be text")]
    [InlineData("POST", "faults", """{"path":["a"]}""", "path must be text")]
    [InlineData("POST", "faults", """{"status":200,"body":{"a":1}}""", "body must be text")]
    [InlineData("POST", "faults", """{"status":504,"afterWork":"yes"}""", "afterWork must be true or false")]
    [InlineData("POST", "faults", """{"headers":["a"]}""", "headers must be an object whose values are texts")]
    [InlineData("POST", "faults", """{"headers":{"Retry-After":1}}""", "headers must be an object whose values are texts")]
    [InlineData("POST", "faults", """{"status":200,"status":503}""", "The body is not JSON, or has a property twice")]
    [InlineData("POST", "faults", "x", "The body is not JSON, or has a property twice")]
    [InlineData("POST", "faults", "[1]", "The body must be a JSON object")]
    [InlineData("POST", "faults?status=503", "{}", "A control address takes no query")]
    [InlineData("DELETE", "faults", """{"path":"/connections"}""", "DELETE takes no properties, and removes all")]
    [InlineData("DELETE", "requests", """{"path":"/connections"}""", "DELETE takes no properties, and removes all")]
    [InlineData("POST", "keys", """{"scope":["View Connections"]}""", "There is no property 'scope'. Use: scopes, state")]
    [InlineData("POST", "keys", """{"scopes":"View Connections"}""", "scopes must be a list of texts")]
    [InlineData("POST", "keys", """{"scopes":["View Connections",1]}""", "scopes must be a list of texts")]
    [InlineData("POST", "keys", """{"scopes":["View connections"]}""", "scopes accepts: View Connections, Manage Connections")]
    [InlineData("POST", "keys", """{"scopes":[null]}""", "scopes accepts: View Connections, Manage Connections")]
    [InlineData("POST", "keys", """{"state":"Expird"}""", "state accepts: Active, Expired, Revoked")]
    [InlineData("POST", "keys", """{"state":"1"}""", "state accepts: Active, Expired, Revoked")]
    [InlineData("PUT", "generation", """{"generation":"frist"}""", "generation accepts: First, Second")]
    [InlineData("PUT", "generation", """{"generations":"first"}""", "There is no property 'generations'. Use: generation")]
    public async Task AMisspeltOrderIsRefused(string method, string address, string order, string saying)
    {
        using SandboxServer sandbox = Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(sandbox.BaseUri, "/sandbox/" + address)) { Content = Json(order) };
        HttpResponseMessage response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(saying, (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"{sandbox.BaseUri}/connections")).StatusCode);
    }

    [Theory]
    [InlineData("POST", "faults", """{"method":null,"path":null,"skip":null,"status":null,"body":null,"headers":null,"afterWork":null,"times":1}""")]
    [InlineData("POST", "faults", """{"afterWork":false,"headers":{"a":null},"contentType":"text/html","truncateAt":0}""")]
    [InlineData("POST", "faults", """{"afterWork":true,"delayMilliseconds":1}""")]
    [InlineData("POST", "faults", """{"afterWork":true,"truncateAt":1}""")]
    [InlineData("POST", "keys", """{"scopes":[],"state":"expired"}""")]
    [InlineData("POST", "keys", """{"scopes":null,"state":null}""")]
    [InlineData("PUT", "generation", """{"generation":"first"}""")]
    [InlineData("DELETE", "faults", "{}")]
    public async Task AnOrderMayLeaveOutWhatItLikes(string method, string address, string order)
    {
        using SandboxServer sandbox = Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(sandbox.BaseUri, "/sandbox/" + address)) { Content = Json(order) };
        (await _http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    [Fact]
    public void AFaultThatCannotHappenIsRefusedInTheProcessToo()
    {
        var faults = new FaultInjector();
        Fault[] all =
        [
            new() { Body = "x" }, new() { AfterWork = true }, new() { Status = 0 }, new() { Status = 1000 }, new() { Skip = -1 }, new() { Times = -1 },
            new() { DelayMilliseconds = -1 }, new() { Method = "" }, new() { Method = "GTE" },
        ];
        Assert.All(all, fault => Assert.Throws<ArgumentException>(() => faults.Add(fault)));
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
    public async Task FaultsAreMetInOrder()
    {
        using SandboxServer sandbox = Start();
        await _http.PostAsync(new Uri(sandbox.BaseUri, "/sandbox/faults"), Json("""{"method":"GET","skip":1,"times":2,"status":503,"headers":{"Retry-After":"7"}}"""));
        HttpResponseMessage[] answers = new HttpResponseMessage[4];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await _http.GetAsync(sandbox.BaseUri + "/connections");
        }

        Assert.Equal([200, 503, 503, 200], Array.ConvertAll(answers, a => (int)a.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(7), answers[1].Headers.RetryAfter!.Delta);
        string log = await _http.GetStringAsync(new Uri(sandbox.BaseUri, "/sandbox/requests"));
        Assert.Equal(4, JsonNode.Parse(log)!.AsArray().Count);
    }

    [Theory]
    [InlineData("GET", "requests")]
    [InlineData("POST", "keys")]
    [InlineData("POST", "faults")]
    [InlineData("PUT", "generation")]
    [InlineData("DELETE", "requests")]
    public async Task ControlTakesAKeyAndNoPageOfAnotherSite(string method, string what)
    {
        using SandboxServer sandbox = Start();
        string key = sandbox.Keys.Issue();
        Assert.Equal(403, await AskAsync(("Origin", "https://elsewhere.example")));
        Assert.Equal(403, await AskAsync(("Origin", "null")));
        Assert.Equal(403, await AskAsync(("Sec-Fetch-Site", "cross-site")));
        Assert.InRange(await AskAsync(("x-own", "1")), 200, 299);
        key = sandbox.Keys.Issue([KeyRing.ViewConnections]);
        Assert.Equal(403, await AskAsync(("x-own", "1")));
        key = "kg-unknown";
        Assert.Equal(401, await AskAsync(("x-own", "1")));

        async Task<int> AskAsync((string Name, string Value) header)
        {
            Use(key);
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(sandbox.BaseUri, "/sandbox/" + what)) { Content = method is "POST" or "PUT" ? Json("{}") : null };
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            return (int)(await _http.SendAsync(request)).StatusCode;
        }
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

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private SandboxServer Start(SandboxOptions? options = null)
    {
        SandboxServer sandbox = SandboxServer.Start(options);
        Use(sandbox.Keys.Issue());
        return sandbox;
    }

    private void Use(string key)
    {
        _http.DefaultRequestHeaders.Remove("x-api-key");
        _http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    private Task<HttpResponseMessage> PostAsync(SandboxServer sandbox, string name) =>
        _http.PostAsync(sandbox.BaseUri + "/connections", Json(new JsonObject { ["provider"] = "Open AI", ["connectionName"] = name, ["model"] = "gpt-4o", ["fields"] = new JsonObject { ["API_KEY"] = Key } }.ToJsonString()));

    private async Task<JsonObject> CreateAsync(SandboxServer sandbox, string name) =>
        (await (await PostAsync(sandbox, name)).Content.ReadFromJsonAsync<JsonObject>())!;
}
