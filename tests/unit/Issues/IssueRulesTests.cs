using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Issues;

/// <summary>
/// What each rule finds among sixty connections at a fixed moment, and what it leaves alone. A connection's number is its
/// name; beside it stands what is found, and nothing else may be.
/// </summary>
public sealed class IssueRulesTests
{
    private static readonly DateTime AsOf = new(2026, 11, 26, 9, 0, 0);
    internal static readonly IssueContext Context = new(AsOf, 90, 90) { VerifiesKeys = true };

    /// <summary>A connection, what was learned beside it, and the rules that find something.</summary>
    internal sealed record Case(string Expected, string Json, KeyVerdict? Verdict = KeyVerdict.Valid, ModelLifecycle? Live = null);

    private static readonly Case[] Cases =
    [
        // Models: the provider, the name, and which version there may be.
        new("ModelRetired:Error:2026-10-23", OpenAI("gpt-4")),
        new("ModelRetired:Error:2026-02-19", Anthropic("claude-3-5-haiku-20241022")),
        new("ModelRetired:Error:2026-10-23", OpenAI("ft:gpt-3.5-turbo-0125:acme::1")),
        new("ModelRetired:Warning:2026-10-21", Azure("O1")),
        new("ModelRetired:Error:2025-07-21 NotUsableInAgenticApps:Information:", Custom("https://api.anthropic.com/v1/messages", """{"model":"claude-2.1","messages":"{{prompt}}"}"""), KeyVerdict.Valid),
        new("ModelRetired:Error:2026-10-01", Azure("GPT-4o"), KeyVerdict.Valid, new ModelLifecycle(ApiValues.AzureOpenAI, "gpt-4o-2024-05-13") { RetiresOn = new(2026, 10, 1) }),
        new("ModelRetiring:Warning:2026-12-11", OpenAI("gpt-5-mini")),
        new("ModelRetiring:Warning:2027-01-14", OpenAI("gpt-4.1-2025-04-14")),
        new("ModelRetiring:Warning:2026-11-30", Anthropic("claude-sonnet-4-5-20250929")),
        new("ModelRetiring:Warning:2027-02-09", Azure("GPT-5")),
        new("ModelRetiring:Warning:2026-12-24", OpenAI("gpt-5.5"), KeyVerdict.Valid, new ModelLifecycle(ApiValues.OpenAI, "gpt-5.5") { RetiresOn = new(2026, 12, 24) }),
        // Not within the days; none announced; a promise; the provider says that there is none; a gateway's own model.
        new("", OpenAI("gpt-5.1")),
        new("", OpenAI("gpt-5.5")),
        new("", Anthropic("claude-haiku-4-5-20251001")),
        new("", OpenAI("gpt-5-mini"), KeyVerdict.Valid, new ModelLifecycle(ApiValues.OpenAI, "gpt-5-mini")),
        new("", Custom("https://gateway.example.com/v1", """{"model":"gpt-4","messages":"{{prompt}}"}""", "openAIModel")),
        new("", """{"provider":"Google","model":"gpt-4","status":"ACTIVE"}"""),
        // Keys: how old, and what their provider says.
        new("KeyOld:Warning:2026-11-25", OpenAI("gpt-5.5", modified: "2026-08-27T00:00:00")),
        new("KeyOld:Warning:2024-04-14", Anthropic("claude-opus-4-8", modified: null, created: "2024-01-15T00:00:00")),
        new("", OpenAI("gpt-5.5", modified: "2026-08-28T12:00:00")),
        new("", OpenAI("gpt-5.5", modified: null, created: null)),
        new("", OpenAI("gpt-5.5", modified: "2027-05-01T00:00:00")),
        new("KeyRejected:Error:", OpenAI("gpt-5.5"), KeyVerdict.InvalidKey),
        new("KeyRejected:Error:", OpenAI("gpt-5.4"), KeyVerdict.NoModelAccess),
        new("KeyRejected:Error:", Azure("GPT-5.4"), KeyVerdict.DeploymentNotFound),
        // That no key opens a retired model is the model's finding alone.
        new("ModelRetired:Error:2026-02-19", Anthropic("claude-3-7-sonnet-20250219"), KeyVerdict.NoModelAccess, ModelTable.Current.Find(ApiValues.Anthropic, "claude-3-7-sonnet-20250219", AsOf)),
        new("KeyUnverified:Information:", OpenAI("gpt-5.5"), KeyVerdict.Unreachable),
        new("KeyUnverified:Information:", OpenAI("gpt-5.5"), KeyVerdict.Inconclusive),
        new("KeyUnverified:Information:", OpenAI("gpt-5.5"), null),
        new("", OpenAI("gpt-5.5"), KeyVerdict.RateLimited),
        // Status.
        new("Inactive:Warning:", OpenAI("gpt-5.5", status: "INACTIVE")),
        new("Inactive:Warning:", Anthropic("claude-opus-4-8", status: "inactive")),
        new("Draft:Information:", Custom("https://llm.example.com/v1", null, "openAIModel", status: "DRAFT")),
        new("Draft:Information:", Custom("https://llm.example.com/v1", null, "anthropicModel", status: "draft")),
        new("Disabled:Information:", Custom("https://llm.example.com/v1", null, "openAIModel", more: ",\"isEnable\":false")),
        new("Disabled:Information:", Custom("https://llm.example.com/v1", null, "anthropicModel", more: ",\"isEnable\":false")),
        new("", Custom("https://llm.example.com/v1", null, "openAIModel", more: ",\"isEnable\":true")),
        new("", OpenAI("gpt-5.5", status: "SOMETHING")),
        // Addresses.
        new("PlainHttpEndpoint:Error:", Custom("http://llm.example.com/v1", null, "openAIModel")),
        new("PlainHttpEndpoint:Error:", Custom("HTTP://10.0.0.7:8080/v1", null, "anthropicModel")),
        new("KeyInEndpoint:Error:", Custom("https://llm.example.com/v1?api_key=abcdef0123456789abcdef", null, "openAIModel")),
        new("KeyInEndpoint:Error:", Custom("https://user:secret@llm.example.com/v1", null, "openAIModel")),
        new("KeyInEndpoint:Error:", Custom("https://llm.example.com/v1?key=***************", null, "anthropicModel")),
        new("", Custom("https://llm.example.com/v1?api-version=2024-10-21", null, "openAIModel")),
        // Payloads, features, shapes.
        new("MissingPrompt:Warning: NotUsableInAgenticApps:Information:", Custom("https://llm.example.com/v1", """{"messages":"hello"}""")),
        new("MissingPrompt:Warning: NotUsableInAgenticApps:Information:", Custom("https://llm.example.com/v1", """{"messages":"{{system_prompt}}"}""", more: ",\"promptVars\":[{\"name\":\"prompt\",\"status\":true}]")),
        new("NotUsableInAgenticApps:Information:", Custom("https://llm.example.com/v1", """{"messages":"x"}""", more: ",\"promptVars\":[{\"name\":\"prompt\",\"status\":false}]")),
        new("NotUsableInAgenticApps:Information:", Custom("https://llm.example.com/v1", """{"deep":[{"content":"{{ prompt }}"}]}""")),
        new("NotUsableInAgenticApps:Information:", Custom("https://llm.example.com/v1", null, "geminiModel")),
        new("NoToolCalling:Information:", Custom("https://llm.example.com/v1", null, "openAIModel", features: """{"toolCalling":false,"streaming":true}""")),
        new("NoToolCalling:Information:", Custom("https://llm.example.com/v1", null, "anthropicModel", features: """{"supportTools":true}""")),
        // Names.
        new("LookAlikeName:Warning:", OpenAI("gpt-5.5", name: "Support desk")),
        new("LookAlikeName:Warning:", OpenAI("gpt-5.5", name: "support  Desk")),
        new("HiddenCharacters:Warning:", OpenAI("gpt-5.5", name: "Fin\u200Bance")),
        new("HiddenCharacters:Warning:", OpenAI("gpt-5.4-mini ")),
        new("", OpenAI("gpt-5.5", name: "Überprüfung 👩‍👧")),
        // One key behind several; masks that show no end tell nothing.
        new("SharedKey:Information:", OpenAI("gpt-5.5", key: "sk***************MQAA")),
        new("SharedKey:Information:", OpenAI("gpt-5.4", key: "sk*****MQAA")),
        new("", Anthropic("claude-opus-4-8", key: "sk***************MQAA")),
        new("", OpenAI("gpt-5.5", key: "sk-***************")),
    ];

    [Fact]
    public void SixtyConnectionsGiveExactlyTheseFindings()
    {
        Assert.Equal(60, Cases.Length);
        ExaminedConnection[] connections = [.. Cases.Select(Examined)];
        IReadOnlyList<ConnectionIssue> issues = IssueRules.Find(IssueRules.All, connections, Context);
        string[] found = [.. connections.Select(c => string.Join(' ', issues
            .Where(i => i.ConnectionId == c.Snapshot.ConnectionId).OrderBy(i => i.Rule, StringComparer.Ordinal)
            .Select(i => $"{i.Rule}:{i.Severity}:{(i.DueOn is null ? "" : ModelLifecycle.Day(i.DueOn))}")))];
        Assert.Equal(Cases.Select((c, i) => $"{i}: {c.Expected}"), found.Select((f, i) => $"{i}: {f}"));

        // Each rule at least twice; Drift needs a manifest and has tests of its own.
        Assert.All(IssueRules.All.Where(r => r.Id != "Drift"), r => Assert.True(issues.Count(i => i.Rule == r.Id) >= 2, r.Id));
        Assert.All(issues, i =>
        {
            Assert.False(string.IsNullOrWhiteSpace(i.Message) || string.IsNullOrWhiteSpace(i.Advice), i.Rule);
            Assert.DoesNotContain(Environment.NewLine, i.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret@", i.Message + i.Advice, StringComparison.Ordinal);
            Assert.DoesNotContain("abcdef0123456789", i.Message + i.Advice, StringComparison.Ordinal);
        });

        // The gravest first, then the most urgent; the same again in any order of the input.
        Assert.Equal(issues.OrderByDescending(i => i.SeverityValue).ThenBy(i => i.DueOn ?? DateTime.MaxValue), issues);
        Assert.Equal(issues.Select(i => (i.Rule, i.ConnectionId)), IssueRules.Find(IssueRules.All, [.. connections.Reverse()], Context).Select(i => (i.Rule, i.ConnectionId)));
    }

    [Theory]
    [InlineData("http://{{host}}/v1", "{{host}}"), InlineData("http:/x", "x"), InlineData("http:api.example.com", "api.example.com"), InlineData(" HTTP://[::1]:99999/v1", "[::1]")]
    [InlineData("http://user@x .example.com/v1", "x"), InlineData("http:", "the API")]
    public void PlainHttpIsFoundInWhatNoClientCouldParse(string address, string callee)
    {
        ConnectionIssue issue = Assert.Single(Find("PlainHttpEndpoint", Custom(address, null, "openAIModel")));
        Assert.StartsWith($"The platform calls {callee} over plain http:", issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-08-28T10:00:00", null), InlineData("2026-08-28T08:00:00", "2026-11-26"), InlineData("1970-01-01T00:00:00", null), InlineData("0001-01-01T00:00:00", null)]
    public void AKeyIsOldFromTheHourOnAndADateThatMeansNothingIsNone(string modified, string? dueOn) =>
        Assert.Equal(dueOn, Find("KeyOld", OpenAI("gpt-5.5", modified: modified, created: "2026-11-20T00:00:00")).Select(i => ModelLifecycle.Day(i.DueOn)).SingleOrDefault());

    [Theory]
    [InlineData("Desk\u3164"), InlineData("De\u034Fsk"), InlineData("Desk\uFE0F"), InlineData("De\u200Dsk"), InlineData("\u2800Desk"), InlineData("De\uFFA0sk"), InlineData("De\u180Bsk"), InlineData("Desk\U000E0041"), InlineData("\U000E0041Desk")]
    public void ANameWithAnythingInvisibleLooksLikeTheOneWithout(string name)
    {
        ExaminedConnection[] both = [Examined(new Case("", OpenAI("gpt-5.5", name: name)), 1), Examined(new Case("", OpenAI("gpt-5.5", name: "Desk")), 2)];
        string[] found = [.. IssueRules.Find(IssueRules.All, both, Context).Select(i => $"{i.Rule} {i.ConnectionId}")];
        Assert.Contains($"HiddenCharacters {both[0].Snapshot.ConnectionId}", found);
        Assert.Equal(2, found.Count(f => f.StartsWith("LookAlikeName", StringComparison.Ordinal)));
    }

    [Fact]
    public void AdviceForInputIsNoneForANameOfThePlatform()
    {
        string message = Assert.Single(Find("HiddenCharacters", OpenAI("gpt-5.5", name: "B\uFFFDro"))).Message;
        Assert.EndsWith("contains a replacement character (U+FFFD) at position 2 of 4.", message, StringComparison.Ordinal);
    }

    private static IEnumerable<ConnectionIssue> Find(string rule, string json) =>
        IssueRules.All.Single(r => r.Id == rule).CheckAll([Examined(new Case("", json), 1)], Context);

    [Fact]
    public void RulesAreSelfExplaining()
    {
        Assert.Equal(17, IssueRules.All.Count);
        Assert.Equal(17, IssueRules.All.Select(r => r.Id).Distinct().Count());
        Assert.All(IssueRules.All, r => Assert.EndsWith(".", r.Help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "2026-11-26", "ModelRetired")]
    [InlineData(15, "2026-11-26", "ModelRetiring")]
    [InlineData(14, "2026-11-26", "")]
    [InlineData(0, "2026-12-11", "ModelRetired")]
    [InlineData(0, "2026-12-10", "")]
    [InlineData(1, "2026-12-10", "ModelRetiring")]
    public void TheDaysAheadAndTheDayItselfAreExact(int within, string asOf, string expected)
    {
        var context = new IssueContext(DateTime.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture), within, 5000);
        string model = asOf == "2026-11-26" && within == 0 ? "gpt-4" : "gpt-5-mini";
        Assert.Equal(expected, string.Join(' ', IssueRules.Find(IssueRules.All, [Examined(new Case("", OpenAI(model)), 1)], context).Select(i => i.Rule)));
    }

    [Theory]
    [InlineData("LookAlikeName", 2, "The name looks like the name of {0}.")]
    [InlineData("LookAlikeName", 8, "The name looks like the name of {0}.")]
    [InlineData("SharedKey", 6, "It seems to have the same key as {0}: their masks match.")]
    [InlineData("SharedKey", 7, "It seems to have the same key as {0} and 1 more: their masks match.")]
    [InlineData("SharedKey", 300, "It seems to have the same key as {0} and 294 more: their masks match.")]
    public void EachOfThoseThatAreAlikeNamesTheFirstFiveOthers(string rule, int count, string message)
    {
        bool isByName = rule == "LookAlikeName";
        ExaminedConnection[] alike = [.. Enumerable.Range(1, count).Select(i => Examined(new Case("", OpenAI("gpt-5.5", name: isByName ? "Support" : $"Desk {i}", key: "sk*****MQAA")), i))];
        string[] shown = [.. alike.Select(c => isByName ? $"'Support' ({c.Snapshot.ConnectionId})" : $"'{c.Snapshot.ConnectionName}'")];
        ConnectionIssue[] found = [.. IssueRules.All.Single(r => r.Id == rule).CheckAll(alike, Context)];
        Assert.Equal(alike.Select(c => c.Snapshot.ConnectionId), found.Select(i => i.ConnectionId));
        Assert.Equal(shown.Select(own => string.Format(null, message, string.Join(", ", shown.Where(s => s != own).Take(5)))), found.Select(i => i.Message));
    }

    // It was 13 KB: what depends on a provider, a model or a group was made anew for each connection. Memory, because time is no measure.
    [Fact]
    public void AConnectionWithThreeFindingsCostsAFewKilobytes()
    {
        const int Count = 2000;
        string[] models = ["gpt-4", "gpt-5-mini", "gpt-4.1-2025-04-14", "gpt-5.1"];
        ExaminedConnection[] connections =
            [.. Enumerable.Range(1, Count).Select(i => Examined(new Case("", OpenAI(models[i % 4], modified: "2026-01-20T00:00:00", name: $"Connection {i}", key: "sk*****MQAA")), i))];
        IssueRules.Find(IssueRules.All, connections, Context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int needed = connections.Count(c => IssueRules.All.Any(r => r.NeedsDetails(c.Listed)));
        int found = IssueRules.Find(IssueRules.All, connections, Context).Count;
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.Equal((Count, Count * 11 / 4), (needed, found));
        Assert.True(each < 6 * 1024, $"{each} bytes for each connection");
    }

    [Theory]
    [InlineData("\"{{prompt}}\"")]
    [InlineData("""{"a":[[{"b":"say {{ prompt }}!"}]]}""")]
    [InlineData("""{"{{prompt}}":1}""")]
    [InlineData("""["x",2,null,true,"{{prompt}}"]""")]
    [InlineData("""{"a":"{{","b":"prompt","c":"}}"}""", true)]
    [InlineData("""{"a":["{{prompts}}",{"b":"{prompt}"}],"c":1.5}""", true)]
    public void ThePromptIsFoundWhereverItIsInAPayload(string payload, bool isMissing = false)
    {
        ExaminedConnection connection = Examined(new Case("", Custom("https://llm.example.com/v1", payload)), 1);
        Assert.Equal(isMissing ? ["MissingPrompt"] : [], CustomApiRules.MissingPrompt.CheckAll([connection], Context).Select(i => i.Rule));
    }

    [Theory]
    [InlineData("{}"), InlineData("\"\""), InlineData("[]"), InlineData("null"), InlineData("\"{}\""), InlineData("\"{ }\"")]
    [InlineData("""{"a":"b"}""", true), InlineData("\"x\"", true), InlineData("[1]", true)]
    public void AnEmptyPayloadBesideAMappingIsNone(string payload, bool isMissing = false) => Assert.Equal(
        [isMissing ? 1 : 0, payload == "null" ? 0 : 1],
        // Without a mapping, it is what the API gets.
        new[] { "openAIModel", null }.Select(format => Find("MissingPrompt", Custom("https://llm.example.com/v1", payload, format)).Count()));

    [Fact]
    public void AListingAloneNeedsNoReadsForNamedProviders()
    {
        Connection named = Read(OpenAI("gpt-5.5"), 1);
        Connection custom = Read(Custom("https://llm.example.com", null, "openAIModel"), 2);
        Assert.Equal(["SharedKey"], IssueRules.All.Where(r => r.NeedsDetails(named)).Select(r => r.Id));
        Assert.Equal(
            ["ModelRetired", "ModelRetiring", "Disabled", "PlainHttpEndpoint", "KeyInEndpoint", "MissingPrompt", "NoToolCalling", "NotUsableInAgenticApps", "SharedKey"],
            IssueRules.All.Where(r => r.NeedsDetails(custom)).Select(r => r.Id));
    }

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-********************MQAA. Find yours.", "Incorrect API key provided: *** Find yours.")]
    [InlineData("Received API Key = sk-...MQAA, Key Hash = x", "Received API Key = ***, Key Hash = x")]
    [InlineData("key sk-l...MQAA or 'sk-live-…mqaa' or 4f1c...MQAA", "key *** or '***' or ***")]
    [InlineData("Rate limit 10...20 RPM for sk-••••MQAA", "Rate limit 10...20 RPM for ***")]
    [InlineData("Wait...then try gpt-5.5 again... or ask", "Wait...then try gpt-5.5 again... or ask")]
    public void AFindingShowsNoPartOfAKeyThatTheProviderRejects(string said, string shown)
    {
        var connection = new ExaminedConnection(Read(OpenAI("gpt-5.5"), 1))
        {
            KeyTest = new KeyTestResult { VerdictValue = KeyVerdict.InvalidKey, Provider = "Open AI", ProviderHost = "provider", ProviderMessage = said },
        };
        Assert.Equal($"provider rejects the key (InvalidKey): {shown}", Assert.Single(KeyRules.Rejected.CheckAll([connection], Context)).Message);
    }

    internal static ExaminedConnection Examined(Case prepared, int number)
    {
        Connection connection = Read(prepared.Json, number);
        return new ExaminedConnection(connection)
        {
            Details = connection,
            KeyTest = prepared.Verdict is KeyVerdict verdict ? new KeyTestResult { VerdictValue = verdict, Provider = connection.Provider!, ProviderHost = "provider", Lifecycle = prepared.Live } : null,
        };
    }

    private static Connection Read(string json, int number)
    {
        JsonObject item = JsonNode.Parse(json)!.AsObject();
        item["connectionId"] = $"cn-{number:00}";
        item["connectionName"] ??= $"Number {number:00}";
        return new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(JsonSerializer.SerializeToUtf8Bytes(item))!;
    }

    internal static string OpenAI(string model, string status = "ACTIVE", string? modified = "2026-11-20T00:00:00", string? created = null, string? name = null, string key = "sk-***************") =>
        Named("Open AI", model, status, modified, created, name, key);

    private static string Anthropic(string model, string status = "ACTIVE", string? modified = "2026-11-20T00:00:00", string? created = null, string? name = null, string key = "sk-***************") =>
        Named("Anthropic", model, status, modified, created, name, key);

    private static string Azure(string model) => Named("Azure Open AI", model, "ACTIVE", "2026-11-20T00:00:00", null, null, "***************");

    private static string Named(string provider, string model, string status, string? modified, string? created, string? name, string key)
    {
        var item = new JsonObject { ["provider"] = provider, ["model"] = model, ["status"] = status, ["fields"] = new JsonObject { ["API_KEY"] = key } };
        item["modifiedOn"] = modified is null ? null : Local(modified);
        item["createdOn"] = created is null ? null : Local(created);
        if (name is not null)
        {
            item["connectionName"] = name;
        }

        return item.ToJsonString();
    }

    private static string Custom(string endpoint, string? payload, string? format = null, string status = "FINALIZED", string? features = null, string more = "")
    {
        string shape = format is null ? "" : $",\"mapProvider\":\"{format}\",\"llmFeatures\":{features ?? """{"toolCalling":true}"""}";
        return $"{{\"provider\":\"API\",\"status\":\"{status}\",\"modifiedOn\":\"{Local("2026-11-20T00:00:00")}\",\"endpointUrl\":\"{endpoint}\"{(payload is null ? "" : $",\"payload\":{payload}")}{shape}{more}}}";
    }

    // As the platform tells it: in UTC, whatever this machine's zone is.
    private static string Local(string time) => DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
