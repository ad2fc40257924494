namespace KoreConnections.Tests.Models;

/// <summary>What a test of a key tells of the model: the provider's own answer, else the module's table.</summary>
public sealed class LiveLifecycleTests() : Keys.KeyTesterTestBase(new FixedTime())
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // The provider's date comes before the table's, earlier or later.
    [InlineData("gpt-4", "2026-10-23", "gpt-5.6-sol", "retired the model 'gpt-4' on 2026-10-23:")]
    [InlineData("gpt-4o", "2027-03-31", "gpt-6-luna", null)]
    // Told to have no end: so it has none.
    [InlineData("gpt-5.5", null, null, null)]
    // What is no date says nothing.
    [InlineData("odd-text", null, null, null)]
    [InlineData("odd-number", null, null, null)]
    [InlineData("odd-day", null, null, null)]
    public async Task OpenAITellsADateWithTheModel(string model, string? retires, string? replacement, string? words)
    {
        KeyTestResult result = await TestAsync(new OpenAIDefinition { Model = model, ApiKey = Key(FakeModels.Situation) });
        Expect(result, KeyVerdict.Valid, retires, replacement, words);
        Assert.Single(_provider.Requests);
    }

    [Theory]
    [InlineData("gpt-4o", "good", KeyVerdict.Valid, "2027-01-14", "gpt-6-luna", "retires the model 'gpt-4o' on 2027-01-14 (its page of 2026-11-10)")]
    [InlineData("o1", "nomodel", KeyVerdict.NoModelAccess, "2026-10-23", "gpt-5.6-sol", "OpenAI retired the model 'o1'")]
    [InlineData("gpt-5-mini", "revoked", KeyVerdict.InvalidKey, "2026-12-11", "gpt-6.1-terra", "Create a new key")]
    [InlineData("gpt-5.2", "good", KeyVerdict.Valid, null, null, null)]
    [InlineData("a-model-of-ours", "good", KeyVerdict.Valid, null, null, null)]
    public async Task AServerThatTellsNoneLeavesItToTheTable(string model, string situation, KeyVerdict verdict, string? retires, string? replacement, string? words) =>
        Expect(await TestAsync(new OpenAIDefinition { Model = model, ApiKey = Key(situation) }), verdict, retires, replacement, words);

    [Theory]
    [InlineData("claude-3-5-haiku-20241022", KeyVerdict.NoModelAccess, "2026-02-19", "claude-haiku-4-5-20251001", "Anthropic retired the model 'claude-3-5-haiku-20241022' on 2026-02-19")]
    [InlineData("claude-opus-4-0", KeyVerdict.NoModelAccess, "2026-06-15", "claude-opus-4-8", "Anthropic retired")]
    [InlineData("claude-none", KeyVerdict.NoModelAccess, null, null, "Check the spelling")]
    [InlineData("claude-sonnet-4-5-20250929", KeyVerdict.Valid, "2026-11-30", "claude-sonnet-5-5", "retires the model")]
    [InlineData("claude-haiku-4-5-20251001", KeyVerdict.Valid, null, null, null)]
    public async Task AnthropicsUnknownModelIsARetiredOneWhereTheTableSaysSo(string model, KeyVerdict verdict, string? retires, string? replacement, string? words)
    {
        KeyTestResult result = await TestAsync(new AnthropicDefinition { Model = model, ApiKey = Key(FakeModels.Situation) });
        Expect(result, verdict, retires, replacement, words);
        Assert.Equal(verdict == KeyVerdict.NoModelAccess && retires is not null, verdict == KeyVerdict.NoModelAccess && result.RecommendedAction?.Contains("spelling", StringComparison.Ordinal) == false);
    }

    [Theory]
    [InlineData("old", "2026-10-01", "GPT-5.1", "retired the model 'gpt-4o-2024-05-13' on 2026-10-01:")]
    [InlineData("new", "2030-01-01", "GPT-5.1", null)]
    [InlineData("turbo", "2026-02-14", "GPT-4o-Mini", "retired the model 'gpt-3.5-turbo-0125'")]
    [InlineData("open", null, null, null)]
    // Not in the listing, but its version is known: the table's date for it is certain.
    [InlineData("unlisted", "2027-04-14", null, null)]
    public async Task AzureTellsTheEndOfTheModelBehindTheDeployment(string deployment, string? retires, string? replacement, string? words)
    {
        KeyTestResult result = await TestAsync(Azure(deployment));
        Expect(result, KeyVerdict.Valid, retires, replacement, words);
        Assert.DoesNotContain("may", result.RecommendedAction ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1767225600", "2026-01-01")]
    [InlineData("null", null)]
    // What is no date says nothing.
    [InlineData("1739404800000", "2025-02-13")]
    [InlineData("\"1739404800\"", "2025-02-13")]
    [InlineData("\"soon\"", "2025-02-13")]
    [InlineData("-1", "2025-02-13")]
    [InlineData("0", "2025-02-13")]
    [InlineData("[1767225600]", "2025-02-13")]
    public void WhereAzuresDateCannotBeReadTheTableSaysIt(string inference, string? retires)
    {
        using var model = JsonDocument.Parse($$"""{ "id": "gpt-35-turbo-0613", "deprecation": { "inference": {{inference}} } }""");
        ModelLifecycle? said = ProviderModels.AzureLifecycle(model.RootElement, "gpt-35-turbo-0613", Now.Date);
        Assert.Equal(retires, said?.RetiresOn is DateTime date ? ModelLifecycle.Day(date) : null);
    }

    [Fact]
    public async Task WithoutAnAnswerOfAzureTheTableSaysMay()
    {
        KeyTestResult result = await TestAsync(Azure("own", "O1"));
        Expect(result, KeyVerdict.Valid, "2026-10-21", "GPT-5.6-Sol", "Azure OpenAI may have retired the model 'O1' on 2026-10-21");
        Assert.Contains("version of the deployment decides", result.RecommendedAction, StringComparison.Ordinal);
    }

    /// <summary>A finding on any day is the same with an answer that names no version as without one, and so are the words of the test.</summary>
    [Theory]
    [InlineData("good"), InlineData("revoked"), InlineData("slow")]
    public async Task AnAnswerWithoutAVersionChangesNoDay(string situation)
    {
        foreach (string model in ModelTable.Current.Rows.Where(r => r.Provider == ApiValues.AzureOpenAI).Select(r => r.Model).Distinct())
        {
            AzureOpenAIDefinition definition = Azure("own", model);
            definition.ApiKey = Key(situation);
            var connection = new Connection { ConnectionId = "cn-1", Provider = ApiValues.AzureOpenAI, Model = model };
            foreach (DateTime day in new[] { "2025-07-01", "2026-04-01", "2026-06-01", "2026-08-20", "2026-11-26", "2026-12-16", "2027-04-10", "2029-01-01" }.Select(d => DateTime.Parse(d, CultureInfo.InvariantCulture)))
            {
                KeyTestResult test = await _tester.TestAsync(KeyProbe.For(definition, _provider.BaseUri), new RequestContext(), day, 60);
                var context = new IssueContext(day, 60, 90);
                IssueRule[] rules = [ModelRules.Retired, ModelRules.Retiring];
                ConnectionIssue? without = rules.SelectMany(r => r.CheckAll([new ExaminedConnection(connection)], context)).SingleOrDefault();
                ConnectionIssue? with = rules.SelectMany(r => r.CheckAll([new ExaminedConnection(connection) { KeyTest = test }], context)).SingleOrDefault();
                Assert.Equal((model, day, without?.Rule, without?.DueOn, without?.Message, without?.Advice), (model, day, with?.Rule, with?.DueOn, with?.Message, with?.Advice));
                // What answers is of a version that lives on.
                ModelReference reference = ModelReference.Of(connection)!;
                ModelLifecycle expected = (situation == "good" ? reference.Find(day) : reference.Look(day))!;
                string words = expected.EndsWithin(day, 60) ? $"{expected.Describe(day)} {expected.Advice(ApiValues.AzureOpenAI, 60)}" : "";
                Assert.Equal(expected.RetiresOn, test.ModelRetiresOn);
                Assert.EndsWith(words, test.RecommendedAction ?? "", StringComparison.Ordinal);
                Assert.True(words.Length > 0 || test.RecommendedAction?.Contains("retire", StringComparison.Ordinal) != true, test.RecommendedAction);
            }
        }
    }

    [Fact]
    public async Task AnAzureModelThatAnswersHasTheNextEndOfItsVersions() => Expect(
        await TestAsync(Azure("own")), KeyVerdict.Valid, "2027-04-14", "GPT-5.1", null);

    /// <summary>What an examination of another day says, it says of that day; whether a refusal is the model's fault, today decides.</summary>
    [Theory]
    [InlineData("2026-05-01", 90, "Anthropic retires the model 'claude-opus-4-0' on 2026-06-15 (its page of 2026-07-30): requests to it fail from then on.")]
    [InlineData("2026-06-15", 0, "Anthropic retired the model 'claude-opus-4-0' on 2026-06-15 (its page of 2026-07-30): requests to it fail.")]
    [InlineData("2026-05-01", 44, "Check the spelling of")]
    [InlineData("2025-07-30", 30, "Check the spelling of")]
    public async Task AdviceIsOfTheDayOfTheExamination(string day, int within, string words)
    {
        var definition = new AnthropicDefinition { Model = "claude-opus-4-0", ApiKey = Key(FakeModels.Situation) };
        KeyTestResult result = await _tester.TestAsync(KeyProbe.For(definition, _provider.BaseUri), new RequestContext(), DateTime.Parse(day, CultureInfo.InvariantCulture), within);
        Assert.StartsWith(words, result.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    // What has just been accepted is not gone, whichever day a page names.
    [InlineData("OpenAI", "gpt-4", "good", "Warning", "OpenAI retired the model 'gpt-4' on 2026-10-23 (its page of 2026-10-15), but still accepts requests to it. A connection's model")]
    [InlineData("Anthropic", "claude-2.1", "good", "Warning", "Anthropic retired the model 'claude-2.1' on 2025-07-21 (its page of 2026-07-30), but still accepts requests to it.")]
    [InlineData("API", "o1", "good", "Warning", "OpenAI retired the model 'o1' on 2026-10-23 (its page of 2026-10-15), but still accepts requests to it. Change the model")]
    [InlineData("Azure", "old", FakeModels.Situation, "Warning", "Azure OpenAI retired the model 'gpt-4o' on 2026-10-01 (its page of 2026-09-02), but still accepts requests to it. Change the deployment's", 403)]
    // Other answers say nothing against it, and a date of the provider's own stays.
    [InlineData("Azure", "old", FakeModels.Situation, "Error", "Azure OpenAI retired the model 'gpt-4o-2024-05-13' on 2026-10-01: requests to it fail.")]
    [InlineData("OpenAI", "gpt-4", FakeModels.Situation, "Error", "OpenAI retired the model 'gpt-4' on 2026-10-23: requests to it fail.")]
    [InlineData("OpenAI", "gpt-4", "nomodel", "Error", "OpenAI retired the model 'gpt-4' on 2026-10-23 (its page of 2026-10-15): requests to it fail.")]
    [InlineData("OpenAI", "gpt-4", "slow", "Error", "(its page of 2026-10-15): requests to it fail.")]
    [InlineData("OpenAI", "gpt-4", "revoked", "Error", "(its page of 2026-10-15): requests to it fail.")]
    [InlineData("Anthropic", "claude-2.1", "down", "Error", null)]
    public async Task APageIsAtMostAWarningAgainstAnAnswer(string provider, string model, string situation, string severity, string? words, int listing = 200)
    {
        _provider.Instead = asked => listing != 200 && asked.Method == "GET" ? (listing, "{}") : null;
        KeyTestResult result = await TestAsync(provider switch
        {
            "OpenAI" => new OpenAIDefinition { Model = model, ApiKey = Key(situation) },
            "Anthropic" => new AnthropicDefinition { Model = model, ApiKey = Key(situation) },
            "Azure" => Azure(model),
            _ => new CustomApiDefinition(new CustomApiSettings
            {
                EndpointUrl = "https://api.openai.com/v1/chat/completions",
                MapProvider = "openAIModel",
                Headers = [new Header("Authorization", Key(situation).WithScheme("Bearer"))],
            }) { Model = model },
        });
        var connection = new Connection { ConnectionId = "cn-1", Provider = result.Provider, Model = provider == "Azure" ? "GPT-4o" : model };
        connection.AdditionalProperties["endpointUrl"] = "https://api.openai.com/v1/chat/completions";
        ConnectionIssue issue = Assert.Single(ModelRules.Retired.CheckAll([new ExaminedConnection(connection) { KeyTest = result }], new IssueContext(Now.Date, 90, 90)));
        Assert.Equal(severity, issue.Severity);
        Assert.True(words is null || result.RecommendedAction!.Contains(words, StringComparison.Ordinal), result.RecommendedAction);
        Assert.Equal(severity == "Warning", ModelLifecycle.IsUncertain(issue.Message));
    }

    [Fact]
    public void BeforeTheDayAnAcceptedRequestSaysNothing()
    {
        var life = new ModelLifecycle("OpenAI", "gpt-4") { RetiresOn = new(2026, 10, 23), AsOf = new(2026, 10, 15), IsStillAccepted = true };
        Assert.EndsWith(": requests to it fail from then on.", life.Describe(new(2026, 10, 22)), StringComparison.Ordinal);
        Assert.EndsWith(", but still accepts requests to it.", life.Describe(new(2026, 10, 23)), StringComparison.Ordinal);
        Assert.Equal((true, false), (life.IsCertainOn(new(2026, 10, 22)), life.IsCertainOn(new(2026, 10, 23))));
    }

    [Fact]
    public async Task AzureIsAskedForItsModelsOncePerKey()
    {
        foreach (string deployment in new[] { "old", "new", "open", "turbo", "unlisted" })
        {
            await TestAsync(Azure(deployment));
        }

        Assert.Equal(["/openai/models?api-version=2024-10-21"], _provider.Requests.Where(r => r.Method == "GET").Select(r => r.Target));
        Assert.Equal(6, _provider.Requests.Count);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task AListingThatFailsLeavesTheVerdictAlone(int status)
    {
        _provider.Instead = asked => asked.Method == "GET" ? (status, "<html>no</html>") : null;
        Expect(await TestAsync(Azure("old")), KeyVerdict.Valid, "2026-10-01", "GPT-5.1", "retired the model");
        Assert.Single(_provider.Requests, r => r.Method == "GET");
    }

    private static Secret Key(string situation) => Secret.FromPlainText(FakeProviders.Key(situation));

    private static AzureOpenAIDefinition Azure(string deployment, string model = "GPT-4o") =>
        new() { Model = model, ApiKey = Key(FakeModels.Situation), ResourceName = "eu-west", DeploymentId = deployment, ApiVersion = "2024-10-21" };

    private static void Expect(KeyTestResult result, KeyVerdict verdict, string? retires, string? replacement, string? words)
    {
        Assert.Equal(verdict, result.VerdictValue);
        Assert.Equal(retires, result.ModelRetiresOn is DateTime date ? ModelLifecycle.Day(date) : null);
        Assert.Equal(replacement, result.Replacement);
        Assert.True(words is null ? result.RecommendedAction is null : result.RecommendedAction!.Contains(words, StringComparison.Ordinal), result.RecommendedAction);
    }

    private Task<KeyTestResult> TestAsync(ConnectionDefinition definition) => _tester.TestAsync(KeyProbe.For(definition, _provider.BaseUri), new RequestContext());

    internal sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
