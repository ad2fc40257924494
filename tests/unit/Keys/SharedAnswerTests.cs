namespace KoreConnections.Tests.Keys;

/// <summary>Equal requests are sent once. Each connection's answer is judged by its own paths, format and model.</summary>
public sealed class SharedAnswerTests : KeyTesterTestBase
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] kinds = ["good", "no output", "other output", "other tokens", "openAIModel", "anthropicModel", "geminiModel", "redacted"];
            var pairs = new TheoryData<string, string>();
            foreach (string first in kinds)
            {
                foreach (string second in kinds.Where(k => k != first))
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    /// <summary>What a connection's test says is the same alone and after or beside any other at the same gateway.</summary>
    [Theory, MemberData(nameof(Pairs))]
    public async Task AVerdictIsTheConnectionsOwn(string first, string second)
    {
        _provider.Instead = _ => (200, """{"content":[{"text":"gk-shared"}],"other":"b","usage":{"input_tokens":3,"output_tokens":4}}""");
        string[] alone = [await AloneAsync(first), await AloneAsync(second)];
        KeyTestResult[] after = [await AskAsync(_tester, first), await AskAsync(_tester, second)];
        Assert.Equal(alone, after.Select(Shown));
        using KeyTester tester = Tester();
        KeyTestResult[] beside = await Task.WhenAll(AskAsync(tester, first), AskAsync(tester, second));
        Assert.Equal(alone, beside.Select(Shown));
    }

    [Fact]
    public async Task AnEqualRequestIsSentOnce()
    {
        _provider.Instead = _ => (200, """{"content":[{"text":"a"}]}""");
        KeyTestResult[] results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AskAsync(_tester, i % 2 == 0 ? "good" : "no output")));
        Assert.Single(_provider.Requests);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? KeyVerdict.Valid : KeyVerdict.Inconclusive), results.Select(r => r.VerdictValue));
    }

    /// <summary>The header that only Anthropic's format adds makes another request.</summary>
    [Fact]
    public async Task ARequestWithAnotherHeaderIsAnother()
    {
        _provider.Instead = _ => (200, """{"content":[{"text":"a"}]}""");
        await AskAsync(_tester, "openAIModel");
        await AskAsync(_tester, "anthropicModel");
        Assert.Equal([false, true], _provider.Requests.Select(r => r.Headers.ContainsKey("anthropic-version")));
    }

    [Theory]
    [InlineData("GPT-4", "GPT-5.4"), InlineData("GPT-5.4", "GPT-4")]
    public async Task ADeploymentIsNamedWithEachConnectionsModel(string first, string second)
    {
        _provider.Instead = asked => asked.Method == "POST" ? (200, """{"choices":[{"finish_reason":"length"}]}""") : null;
        KeyProbe[] probes = [.. new[] { first, second }.Select(Azure)];
        using KeyTester alone = Tester(), other = Tester();
        KeyTestResult[] expected = [await alone.TestAsync(probes[0], new RequestContext()), await other.TestAsync(probes[1], new RequestContext())];
        KeyTestResult[] results = await Task.WhenAll(probes.Select(p => _tester.TestAsync(p, new RequestContext())));
        Assert.Equal([first, second], results.Select(r => r.Model));
        Assert.Equal(expected.Select(r => (r.ModelRetiresOn, r.RecommendedAction)), results.Select(r => (r.ModelRetiresOn, r.RecommendedAction)));
        Assert.NotEqual(results[0].ModelRetiresOn, results[1].ModelRetiresOn);
        Assert.Equal(3, _provider.Requests.Count(r => r.Method == "POST"));
    }

    /// <summary>The second request, which a first answer asks for, is sent once too.</summary>
    [Fact]
    public async Task ASecondAttemptIsShared()
    {
        _provider.Instead = asked => asked.Body.Contains("max_tokens", StringComparison.Ordinal)
            ? (400, """{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.","code":"unsupported_parameter","param":"max_tokens"}}""")
            : (200, """{"choices":[{"finish_reason":"length"}]}""");
        KeyTestResult[] results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _tester.TestAsync(Azure("GPT-5.4"), new RequestContext())));
        Assert.All(results, r => Assert.Equal(KeyVerdict.Valid, r.VerdictValue));
        Assert.Equal(2, _provider.Requests.Count(r => r.Method == "POST"));
    }

    private static KeyTester Tester() => new(new TransportOptions { RetryInterval = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(5) });

    private static string Shown(KeyTestResult r) => $"{r.ConnectionId} {r.Verdict} {r.Output} {r.InputTokens} {r.OutputTokens} {r.RecommendedAction}";

    private async Task<string> AloneAsync(string kind)
    {
        using KeyTester tester = Tester();
        return Shown(await AskAsync(tester, kind));
    }

    private Task<KeyTestResult> AskAsync(KeyTester tester, string kind) =>
        tester.TestAsync(KeyProbe.For(new CustomApiDefinition(Settings(kind)) { Model = "m" }, null, kind), new RequestContext());

    private KeyProbe Azure(string model) => KeyProbe.For(
        new AzureOpenAIDefinition { Model = model, ApiKey = Secret.FromPlainText(FakeProviders.Key("good")), ResourceName = "contoso", DeploymentId = "any", ApiVersion = "2024-10-21" },
        _provider.BaseUri);

    private CustomApiSettings Settings(string kind)
    {
        bool isMapped = kind.EndsWith("Model", StringComparison.Ordinal);
        return new CustomApiSettings
        {
            EndpointUrl = new Uri(_provider.BaseUri, "/own").AbsoluteUri,
            Headers =
            [
                new Header("x-api-key", Secret.FromPlainText(FakeProviders.Key("good"))),
                new Header("x-region", Secret.FromPlainText("gk-shared")) { IsGivenAsSecret = kind == "redacted" },
            ],
            MapProvider = isMapped ? kind : null,
            Payload = isMapped ? null : JsonDocument.Parse("""{"p":"{{prompt}}"}""").RootElement,
            OutputPath = isMapped ? null : kind switch { "no output" => "nothing.here", "other output" => "other", _ => "content[0].text" },
            InputTokensPath = isMapped ? null : kind == "other tokens" ? "usage.output_tokens" : "usage.input_tokens",
        };
    }
}
