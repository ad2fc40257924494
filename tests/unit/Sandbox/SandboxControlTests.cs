using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Sandbox;

/// <summary>What a sandbox takes beside its API: faults and keys.</summary>
public sealed class SandboxControlTests : SandboxTestBase
{
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
}
