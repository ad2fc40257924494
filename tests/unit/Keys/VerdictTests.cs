namespace KoreConnections.Tests.Keys;

/// <summary>What each provider's answers say of a key.</summary>
public sealed class VerdictTests() : KeyTesterTestBase(new Models.LiveLifecycleTests.FixedTime())
{
    private const string Page = "<html><body>Access denied by policy</body></html>";

    [Theory]
    [InlineData("good", KeyVerdict.Valid, 200)]
    [InlineData("unknown", KeyVerdict.InvalidKey, 401)]
    [InlineData("nomodel", KeyVerdict.NoModelAccess, 404)]
    [InlineData("noproject", KeyVerdict.NoModelAccess, 403)]
    [InlineData("restricted", KeyVerdict.Inconclusive, 403)]
    [InlineData("restricted401", KeyVerdict.Inconclusive, 401)]
    [InlineData("country", KeyVerdict.Inconclusive, 403)]
    [InlineData("address", KeyVerdict.Inconclusive, 401)]
    [InlineData("slow", KeyVerdict.RateLimited, 429)]
    [InlineData("quota", KeyVerdict.RateLimited, 429)]
    [InlineData("html", KeyVerdict.Inconclusive, 200)]
    [InlineData("redirect", KeyVerdict.Inconclusive, 307)]
    [InlineData("down", KeyVerdict.Inconclusive, 503)]
    public async Task OpenAI(string situation, KeyVerdict verdict, int status)
    {
        string key = FakeProviders.Key(situation);
        KeyTestResult result = await Test(new OpenAIDefinition { Model = "gpt-5.5", ApiKey = Secret.FromPlainText(key) }, verdict, status);
        Asked asked = _provider.Requests.First();
        Assert.Equal(("GET", "/v1/models/gpt-5.5", "Bearer " + key), (asked.Method, asked.Target, asked.Headers["Authorization"]));
        Assert.DoesNotContain(key, result.ProviderMessage ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"error":{"message":"invalid api key"},"id":"req_1"}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("""{"id":"m","success":false}""")]
    [InlineData("""{"choices":[],"error":{"message":"denied"}}""")]
    [InlineData("""{"choices":null,"id":"x","code":401}""")]
    [InlineData("""{"choices":[{}],"id":"x","status":"401"}""")]
    [InlineData("""{"choices":[{}],"id":"x","success":0}""")]
    public async Task ASuccessThatSaysThatItFailedDecidesNothing(string answer)
    {
        _provider.Instead = _ => (200, answer);
        await Test(new OpenAIDefinition { Model = "gpt-5.5", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) }, KeyVerdict.Inconclusive, 200);
        await Test(Azure(), KeyVerdict.Inconclusive, 200);
    }

    [Theory]
    [InlineData("""{"choices":null,"base_resp":{"status_code":1004}}""", KeyVerdict.Inconclusive)]
    [InlineData("""{"choices":[]}""", KeyVerdict.Inconclusive)]
    [InlineData("""{"choices":[{"finish_reason":"length"}],"error":null,"status":"completed","code":200,"success":true}""", KeyVerdict.Valid)]
    public async Task ACompletionIsOneOnlyWithAChoice(string answer, KeyVerdict verdict)
    {
        _provider.Instead = _ => (200, answer);
        await Test(Azure(), verdict, 200);
    }

    [Theory]
    [InlineData(401, Page), InlineData(403, Page), InlineData(429, Page), InlineData(404, "<html>model_not_found, DeploymentNotFound, not_found_error</html>")]
    [InlineData(429, """{"message":"API rate limit exceeded"}"""), InlineData(429, """{"error":"Too Many Requests"}""")]
    [InlineData(400, """{"message":"web content_filter of our proxy blocked this"}"""), InlineData(402, """{"error":{"message":"unpaid"}}""")]
    [InlineData(200, """{"id":"health","status":"UP"}"""), InlineData(200, """{"id":"x","type":"error","message":"invalid"}""")]
    [InlineData(200, """{"id":"a","fault":{"faultstring":"Invalid ApiKey"}}"""), InlineData(200, """["model"]"""), InlineData(200, """{"object":"list","data":[]}""")]
    [InlineData(401, """{"detail":"Proxy authentication needed"}""", false), InlineData(401, "{}", false), InlineData(401, "null", false), InlineData(401, """{"error":"no"}""", false)]
    public async Task AnAnswerOfAnotherApiSaysNothingOfAKey(int status, string body, bool isForeignToAzure = true)
    {
        _provider.Instead = _ => (status, body);
        await Test(new OpenAIDefinition { Model = "gpt-5.5", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) }, KeyVerdict.Inconclusive, status);
        await Test(new AnthropicDefinition { Model = "claude-sonnet-4-6", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) }, KeyVerdict.Inconclusive, status);
        if (isForeignToAzure)
        {
            await Test(Azure(), KeyVerdict.Inconclusive, status);
        }
    }

    [Theory]
    [InlineData(401, KeyVerdict.InvalidKey), InlineData(403, KeyVerdict.Inconclusive), InlineData(429, KeyVerdict.Inconclusive)]
    public async Task AnApiOfOnesOwnMayAnswerWithAPage(int status, KeyVerdict verdict)
    {
        _provider.Instead = _ => (status, Page);
        await Test(Own("good", "{}"), verdict, status, gateway: null);
    }

    private static AzureOpenAIDefinition Azure() =>
        new() { Model = "GPT-4o", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")), ResourceName = "contoso", DeploymentId = "any", ApiVersion = "2024-08-01-preview" };

    [Theory]
    [InlineData("good", KeyVerdict.Valid, 200)]
    [InlineData("unknown", KeyVerdict.InvalidKey, 401)]
    [InlineData("nomodel", KeyVerdict.NoModelAccess, 404)]
    [InlineData("noaccess", KeyVerdict.NoModelAccess, 403)]
    [InlineData("country", KeyVerdict.Inconclusive, 403)]
    [InlineData("slow", KeyVerdict.RateLimited, 429)]
    [InlineData("overloaded", KeyVerdict.Inconclusive, 529)]
    [InlineData("html", KeyVerdict.Inconclusive, 200)]
    public async Task Anthropic(string situation, KeyVerdict verdict, int status)
    {
        KeyTestResult result = await Test(new AnthropicDefinition { Model = "claude-sonnet-4-6", ApiKey = Secret.FromPlainText(FakeProviders.Key(situation)) }, verdict, status);
        Assert.Equal("/v1/models/claude-sonnet-4-6", _provider.Requests.First().Target);
        if (situation == "unknown")
        {
            Assert.Equal(("invalid x-api-key", "req_011fake"), (result.ProviderMessage, result.RequestId));
        }
    }

    [Theory]
    [InlineData("good", "any", KeyVerdict.Valid, 200, 1)]
    [InlineData("good", "newer", KeyVerdict.Valid, 200, 2)]
    [InlineData("good", "thinks", KeyVerdict.Valid, 400, 2)]
    [InlineData("good", "neither", KeyVerdict.Inconclusive, 400, 2)]
    [InlineData("good", "embedding", KeyVerdict.Valid, 400, 1)]
    [InlineData("good", "none", KeyVerdict.DeploymentNotFound, 404, 1)]
    [InlineData("filtered", "any", KeyVerdict.Valid, 400, 1)]
    [InlineData("odd", "any", KeyVerdict.Inconclusive, 400, 1)]
    [InlineData("unknown", "any", KeyVerdict.InvalidKey, 401, 1)]
    [InlineData("nokeys", "any", KeyVerdict.InvalidKey, 403, 1)]
    [InlineData("firewall", "any", KeyVerdict.Inconclusive, 403, 1)]
    [InlineData("version", "any", KeyVerdict.Inconclusive, 404, 1)]
    [InlineData("slow", "any", KeyVerdict.RateLimited, 429, 1)]
    public async Task AzureOpenAI(string situation, string deployment, KeyVerdict verdict, int status, int requests)
    {
        await Test(
            new AzureOpenAIDefinition { Model = "GPT-4o", ApiKey = Secret.FromPlainText(FakeProviders.Key(situation)), ResourceName = "contoso", DeploymentId = deployment, ApiVersion = "2024-08-01-preview" },
            verdict,
            status);
        Assert.Equal(requests, _provider.Requests.Count);
        Assert.All(_provider.Requests, r => Assert.Equal(("POST", $"/openai/deployments/{deployment}/chat/completions?api-version=2024-08-01-preview"), (r.Method, r.Target)));
    }

    [Theory]
    [InlineData("good", KeyVerdict.Valid, 200)]
    [InlineData("unknown", KeyVerdict.InvalidKey, 401)]
    [InlineData("forbidden", KeyVerdict.Inconclusive, 403)]
    [InlineData("nowhere", KeyVerdict.Inconclusive, 404)]
    [InlineData("wrong", KeyVerdict.Inconclusive, 422)]
    [InlineData("slow", KeyVerdict.RateLimited, 429)]
    [InlineData("elsewhere", KeyVerdict.Inconclusive, 200)]
    [InlineData("html", KeyVerdict.Inconclusive, 200)]
    [InlineData("down", KeyVerdict.Inconclusive, 503)]
    public async Task CustomApi(string situation, KeyVerdict verdict, int status)
    {
        KeyTestResult result = await Test(Own(situation, """{ "prompt": "{{prompt}} {{ tone }}", "max": 5 }"""), verdict, status, gateway: null);
        Asked asked = Assert.Single(_provider.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Equal("""{"prompt":"Reply with OK. friendly","max":5}""", asked.Body);
        if (situation == "good")
        {
            Assert.Equal(("You asked: Reply with OK. friendly", 7L, 3L), (result.Output, result.InputTokens!.Value, result.OutputTokens!.Value));
        }
    }

    [Theory]
    [InlineData("openAIModel", "/v1/chat/completions", "good", KeyVerdict.Valid, 200)]
    [InlineData("openAIModel", "/v1/chat/completions", "newer", KeyVerdict.Valid, 200)]
    [InlineData("openAIModel", "/v1/chat/completions", "unknown", KeyVerdict.InvalidKey, 401)]
    [InlineData("openAIModel", "/v1/chat/completions", "nomodel", KeyVerdict.NoModelAccess, 404)]
    [InlineData("anthropicModel", "/v1/messages", "good", KeyVerdict.Valid, 200)]
    [InlineData("anthropicModel", "/v1/messages", "unknown", KeyVerdict.InvalidKey, 401)]
    [InlineData("anthropicModel", "/v1/messages", "nomodel", KeyVerdict.NoModelAccess, 404)]
    [InlineData("geminiModel", "/gemini:generateContent", "good", KeyVerdict.Valid, 200)]
    [InlineData("geminiModel", "/gemini:generateContent", "unknown", KeyVerdict.InvalidKey, 400)]
    public async Task MappedApi(string format, string path, string situation, KeyVerdict verdict, int status)
    {
        var settings = new CustomApiSettings { EndpointUrl = new Uri(_provider.BaseUri, path).AbsoluteUri, Headers = [new Header("x-api-key", Secret.FromPlainText(FakeProviders.Key(situation)))], MapProvider = format };
        KeyTestResult result = await Test(new CustomApiDefinition(settings) { Model = "any" }, verdict, status, gateway: null);
        if (situation == "good")
        {
            Assert.Equal(("OK", 1L), (result.Output, result.OutputTokens!.Value));
        }
    }

    [Fact]
    public async Task AnAnswerThatRepeatsTheKeyShowsAMask()
    {
        KeyTestResult result = await Test(Own("echo", "{}"), KeyVerdict.Valid, 200, gateway: null);
        Assert.Equal("Your key is " + Secret.Mask, result.Output);
    }

    [Theory]
    [InlineData("""{ "a": 1, "content": [{ "text": "\ud83d" }] }""")]
    [InlineData("""{ "cont\ud83d": 1, "content": [{ "te\ud83d": 1, "text": "\uFFFD" }] }""")]
    public async Task AnAnswerThatEndsInHalfACharacterIsAnAnswer(string body)
    {
        _provider.Instead = _ => (200, body);
        KeyTestResult result = await Test(Own("good", "{}"), KeyVerdict.Valid, 200, gateway: null);
        Assert.Equal("\uFFFD", result.Output);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("refused")]
    [InlineData("unknown host")]
    public async Task NoAnswerIsUnreachable(string why)
    {
        using var tester = new KeyTester(new TransportOptions { MaximumRetryCount = 0, Timeout = TimeSpan.FromMilliseconds(500) });
        Uri gateway = why switch
        {
            "silent" => _provider.BaseUri,
            "refused" => new Uri("http://localhost:1"),
            _ => new Uri("https://no-such-host.invalid"),
        };
        KeyTestResult result = await tester.TestAsync(KeyProbe.For(new OpenAIDefinition { Model = "m", ApiKey = Secret.FromPlainText(FakeProviders.Key("silent")) }, gateway), new RequestContext());
        Assert.Equal((KeyVerdict.Unreachable, null, false), (result.VerdictValue, result.StatusCode, result.IsUsable));
        Assert.Equal(gateway.Authority, result.ProviderHost);
    }

    [Theory]
    [InlineData("/v1", "/v1/models/m")]
    [InlineData("/v1/", "/v1/models/m")]
    [InlineData("/team/openai", "/team/openai/v1/models/m")]
    [InlineData("", "/v1/models/m")]
    public async Task AGatewayStandsInForTheProvidersBase(string path, string target)
    {
        await _tester.TestAsync(KeyProbe.For(new OpenAIDefinition { Model = "m", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) }, new Uri(_provider.BaseUri, path)), new RequestContext());
        Assert.Equal(target, Assert.Single(_provider.Requests).Target);
    }

    [Fact]
    public async Task AGatewayStandsInForTheHostOfACustomApi()
    {
        CustomApiDefinition definition = Own("good", """{ "prompt": "x" }""");
        definition.Settings.EndpointUrl = "https://llm.example.com/v1/ask?a=1";
        await _tester.TestAsync(KeyProbe.For(definition, new Uri(_provider.BaseUri, "/gate")), new RequestContext());
        Assert.Equal("/gate/v1/ask?a=1", Assert.Single(_provider.Requests).Target);
    }

    [Fact]
    public async Task TheSameKeyIsAskedForOnce()
    {
        KeyTestResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
        {
            KeyProbe probe = KeyProbe.For(new OpenAIDefinition { Model = i % 2 == 0 ? "a" : "b", ApiKey = Secret.FromPlainText(FakeProviders.Key(i % 4 < 2 ? "good" : "slow")) }, _provider.BaseUri, $"cn-{i}");
            return _tester.TestAsync(probe, new RequestContext());
        }));
        Assert.Equal(4, _provider.Requests.Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"cn-{i}"), results.Select(r => r.ConnectionId));
    }

    private async Task<KeyTestResult> Test(ConnectionDefinition definition, KeyVerdict verdict, int status, bool? gateway = true)
    {
        KeyTestResult result = await _tester.TestAsync(KeyProbe.For(definition, gateway is null ? null : _provider.BaseUri), new RequestContext());
        Assert.Equal((verdict, status), (result.VerdictValue, (int)result.StatusCode!));
        Assert.Equal(verdict is KeyVerdict.Valid or KeyVerdict.RateLimited, result.IsUsable);
        Assert.Equal(verdict == KeyVerdict.Valid, result.RecommendedAction is null);
        Assert.Equal(_provider.BaseUri.Authority, result.ProviderHost);
        return result;
    }

    [Fact]
    public async Task WhatAnApiSaysIsDataForLogsAndTerminals()
    {
        _provider.Instead = _ => (200, """{ "content": [ { "text": "a\n##[error] \u001b[31m b" } ] }""");
        KeyTestResult result = await _tester.TestAsync(KeyProbe.For(Own("good", """{ "text": "{{prompt}}" }"""), null), new RequestContext());
        Assert.Equal("a # #[error] [31m b", result.Output);
    }

    /// <summary>A custom API may take its key in the address or the body, and repeat it.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(503)]
    public async Task NoPlaceOfAKeyIsRepeated(int status)
    {
        CustomApiDefinition definition = Own("good", """{ "api_key": "Battery9Staple8Correct", "text": "{{prompt}}" }""");
        definition.Settings.EndpointUrl += "?api_key=Correct7Horse9Battery";
        _provider.Instead = asked => (status, $"no such key in {asked.Target} or {asked.Body}");
        KeyTestResult result = await _tester.TestAsync(KeyProbe.For(definition, null), new RequestContext());
        Assert.Contains("no such key in", result.ProviderMessage, StringComparison.Ordinal);
        Assert.DoesNotMatch("Horse9|Staple8", result.ProviderMessage);
    }

    private CustomApiDefinition Own(string situation, string payload) => new(new CustomApiSettings
    {
        EndpointUrl = new Uri(_provider.BaseUri, "/own").AbsoluteUri,
        Headers = [new Header("x-api-key", Secret.FromPlainText(FakeProviders.Key(situation)))],
        Payload = System.Text.Json.JsonDocument.Parse(payload).RootElement,
        OutputPath = "content[0].text",
        InputTokensPath = "usage.input_tokens",
        OutputTokensPath = "usage.output_tokens",
        CustomVariables = [new Variable("tone") { Given = new System.Collections.Generic.Dictionary<string, System.Text.Json.JsonElement> { ["defaultValue"] = System.Text.Json.JsonDocument.Parse("\"friendly\"").RootElement } }],
    });
}
