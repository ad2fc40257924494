namespace KoreConnections.Tests.Issues;

/// <summary>What findings make of a provider's answer: no part of a key, one finding for each fault, and the model that ends.</summary>
public sealed class ProviderAnswerTests
{
    private const string Key = "sk-live-0123456789abcdefMQAA";

    private static readonly DateTime Day = new(2026, 11, 26);

    [Theory]
    [InlineData(Key, "Invalid key ending in MQAA", "Invalid key ending in ***")]
    [InlineData(Key, "key (last 4: MQAA)", "key (last 4: ***)")]
    [InlineData(Key, "Key MQAA", "Key ***")]
    [InlineData(Key, "key ending with \"MQAA\".", "key ending with \"***\".")]
    [InlineData(Key, "key ending with mqaa", "key ending with ***")]
    [InlineData(Key, "key ends with fMQAA, cdefMQAA or 9abcdefMQAA", "key ends with ***, *** or ***")]
    [InlineData(Key, "last4=MQAA&status=revoked", "last4=***&status=revoked")]
    [InlineData(Key, "XXXXXXXXXXXXMQAA is revoked", "XXXXXXXXXXXX*** is revoked")]
    [InlineData(Key, "key -MQAA-, [MQAA], <MQAA>, MQAA", "key -***-, [***], <***>, ***")]
    [InlineData(Key, "key begins with sk-live-0123", "key begins with ***")]
    [InlineData(Key, "prefix 'sk-live-01', suffix 'MQAA'", "prefix '***', suffix '***'")]
    [InlineData(Key, "sk-live-****MQAA", "***")]
    [InlineData("Bearer " + Key, "Bearer token ending in MQAA", "Bearer token ending in ***")]
    [InlineData("Bearer " + Key, "token begins with sk-live-0123", "token begins with ***")]
    [InlineData("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "key 0a1b…, ends in e8f9", "key ***…, ends in ***")]
    [InlineData("c2VjcmV0LWtleS1vZi1hbi1BUEk=", "ends in BUEk= (or BUEk)", "ends in *** (or ***)")]
    [InlineData("Basic dXNlcjpwYXNzd29yZDEyMw==", "login with ...MTIz: yZDEyMw", "login with ...MTIz: ***")]
    [InlineData("session=ab12cd34ef56gh78; Path=/", "session ends in gh78", "session ends in ***")]
    // What all keys have, and words, are no part of one. Nor are digits and small letters within others.
    [InlineData("sk-live-0123456789abcdef-0000", "The limit is 10000, the rest 0000.", "The limit is 10000, the rest ***.")]
    [InlineData("sk-live-0123456789ABCDEFtest", "It was tested with test.", "It was tested with ***.")]
    [InlineData(Key, "Use a key that begins with sk-live- or sk-proj-", "Use a key that begins with sk-live- or sk-proj-")]
    [InlineData(Key, "The model gpt-4.1 does not exist. AA, QAA", "The model gpt-4.1 does not exist. AA, QAA")]
    [InlineData("Bearer " + Key, "Bearer token is missing", "Bearer token is missing")]
    public void NoFindingShowsAnEndOfTheKeyThatWasSent(string sent, string said, string shown)
    {
        ExaminedConnection connection = Examined("""{"provider":"Open AI","model":"gpt-5.5"}""", KeyVerdict.InvalidKey);
        connection.KeyTest!.ProviderMessage = said;
        connection.KeyTest.Keys = [Secret.FromPlainText(sent)];
        ConnectionIssue issue = Assert.Single(Find([connection], KeyRules.Rejected));
        Assert.Equal($"provider rejects the key (InvalidKey): {shown}", issue.Message);
    }

    [Theory]
    [InlineData("*", KeyVerdict.NoModelAccess, "ModelRetired")]
    [InlineData("ModelRetired KeyRejected", KeyVerdict.NoModelAccess, "ModelRetired")]
    [InlineData("KeyRejected", KeyVerdict.NoModelAccess, "KeyRejected")]
    [InlineData("ModelRetiring KeyRejected KeyOld", KeyVerdict.NoModelAccess, "KeyRejected")]
    [InlineData("*", KeyVerdict.InvalidKey, "KeyRejected ModelRetired")]
    // A model of the manifest was asked for, and not that of the connection.
    [InlineData("*", KeyVerdict.NoModelAccess, "KeyRejected ModelRetired", true)]
    // That it may have been retired is not why.
    [InlineData("*", KeyVerdict.NoModelAccess, "KeyRejected ModelRetired", false, "https://contoso.openai.azure.com/openai/v1/chat/completions", "o1")]
    public void ARefusedModelIsAlwaysFound(string rules, KeyVerdict verdict, string found, bool isOther = false, string endpoint = "https://api.openai.com/v1", string model = "gpt-4")
    {
        ExaminedConnection connection = Examined(
            Custom("x", model, endpoint), verdict, isOther);
        IEnumerable<IssueRule> chosen = IssueRules.All.Where(r => rules == "*" ? r.Id is not ("NotUsableInAgenticApps" or "KeyOld") : rules.Split(' ').Contains(r.Id));
        Assert.Equal(found, string.Join(' ', Find([connection], [.. chosen]).Select(i => i.Rule).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("""{"provider":"API","endpointUrl":"https://api.openai.com/v1","payload":{"model":"gpt-4o"}}""", "gpt-4o")]
    [InlineData("""{"provider":"API","model":"CustomProvider","endpointUrl":"https://api.openai.com/v1","payload":{"model":"gpt-5"}}""", "gpt-5")]
    [InlineData("""{"provider":"API","model":"CustomProvider","endpointUrl":"https://api.anthropic.com/v1","payload":{"model":"claude-2.1"}}""", "claude-2.1")]
    [InlineData("""{"provider":"API","model":"gpt-4","endpointUrl":"https://api.openai.com/v1","payload":{"q":1}}""", "gpt-4")]
    [InlineData("""{"provider":"Open AI","model":"gpt-4"}""", "gpt-4")]
    [InlineData("""{"provider":"Azure Open AI","model":"GPT-5"}""", "GPT-5")]
    public void AFindingNamesTheModelThatEnds(string json, string model)
    {
        ConnectionIssue issue = Assert.Single(Find([Examined(json)], ModelRules.Retired, ModelRules.Retiring));
        Assert.Equal(model, issue.Model);
        Assert.Contains($"'{model}'", issue.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelsThatCustomApisSendAreEachSomethingToDo()
    {
        ExaminedConnection[] connections = [.. new[] { "gpt-4o", "gpt-4.1" }.Select(m =>
            Examined(Custom("CustomProvider", m, "https://api.openai.com/v1")))];
        IReadOnlyList<ReportAction> actions = ReportAction.Of(Find(connections, ModelRules.Retiring));
        Assert.Equal(2, actions.Count);
        Assert.All(actions, a => Assert.NotNull(a.Message));
    }

    /// <summary>OpenAI's own date is that of each connection with the model. Azure's is a deployment's, and the table's is known to all.</summary>
    [Theory]
    [InlineData("Open AI", "gpt-5.5", true, "ModelRetiring ModelRetiring")]
    [InlineData("Open AI", "gpt-5.5", false, "ModelRetiring")]
    [InlineData("Azure Open AI", "gpt-5.5-x", true, "ModelRetiring")]
    public void WhatAProviderSaysOfAModelIsSoForAllOfIt(string provider, string model, bool isOwnAnswer, string found)
    {
        string json = $$"""{"provider":"{{provider}}","model":"{{model}}"}""";
        ExaminedConnection tested = Examined(json, KeyVerdict.Valid);
        tested.KeyTest!.Lifecycle = new ModelLifecycle(provider, model) { RetiresOn = Day.AddDays(20), AsOf = isOwnAnswer ? null : Day };
        ExaminedConnection[] connections = [tested, Examined(json), Examined(json.Replace(model, "gpt-5.4-x", StringComparison.Ordinal))];
        var context = new IssueContext(Day, 90, 90);
        context.Learn(connections);
        Assert.Equal(found, string.Join(' ', IssueRules.Find([ModelRules.Retiring], connections, context).Select(i => i.Rule)));
    }

    /// <summary>Behind one gateway, a provider that fails is none that was verified.</summary>
    [Theory]
    [InlineData("O Valid, A Unreachable", "0 of 1 keys were verified at gateway (Anthropic).")]
    [InlineData("O Valid, A Unreachable, A Unreachable, Z Unreachable", "0 of 3 keys were verified at gateway (Anthropic, Azure Open AI).")]
    [InlineData("O Unreachable, A Unreachable", "0 of 2 keys were verified at gateway.")]
    [InlineData("O Valid, A Unreachable, A InvalidKey", null)]
    [InlineData("O Valid, A Inconclusive", null)]
    public void AProviderOfWhichNoKeyWasVerifiedIsNamed(string tests, string? gap)
    {
        IEnumerable<ExaminedConnection> connections = tests.Split(", ").Select(test =>
        {
            string provider = test[0] == 'O' ? "Open AI" : test[0] == 'A' ? "Anthropic" : "Azure Open AI";
            ExaminedConnection connection = Examined($$"""{"provider":"{{provider}}","model":"m"}""");
            connection.KeyTest = new KeyTestResult { VerdictValue = Enum.Parse<KeyVerdict>(test[2..]), Provider = provider, ProviderHost = "gateway" };
            return connection;
        });
        Assert.Equal(gap, KeyRules.Gap(connections));
    }

    /// <summary>What a finding advises can be done: this module changes no key of a provider that it does not know, nor what a deployment runs.</summary>
    [Theory]
    [InlineData("""{"provider":"Google","model":"m","modifiedOn":"2026-01-01T00:00:00Z"}""", "in the platform's web UI")]
    [InlineData("""{"provider":"Open AI","model":"m","modifiedOn":"2026-01-01T00:00:00Z"}""", "with Update-ConnectionKey")]
    [InlineData("""{"provider":"API","endpointUrl":"https://a.openai.azure.com/openai/deployments/d/chat/completions","payload":{"model":"gpt-4o"}}""", "in the Azure portal")]
    [InlineData("""{"provider":"API","endpointUrl":"https://api.openai.com/v1","payload":{"model":"gpt-4"}}""", "Change the model that the connection sends")]
    public void TheAdviceFitsTheProvider(string json, string advice) => Assert.Contains(
        advice, Assert.Single(Find([Examined(json)], KeyRules.Old, ModelRules.Retired, ModelRules.Retiring)).Advice, StringComparison.Ordinal);

    private static string Custom(string label, string model, string endpoint) =>
        $$$"""{"provider":"API","model":"{{{label}}}","endpointUrl":"{{{endpoint}}}","payload":{"model":"{{{model}}}","q":"{{prompt}}"} }""";

    private static IReadOnlyList<ConnectionIssue> Find(IReadOnlyList<ExaminedConnection> connections, params IssueRule[] rules) =>
        IssueRules.Find(rules, connections, new IssueContext(Day, 90, 90) { VerifiesKeys = true });

    private static ExaminedConnection Examined(string json, KeyVerdict? verdict = null, bool isOther = false)
    {
        Connection connection = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(Encoding.UTF8.GetBytes("{\"connectionId\":\"cn-1\"," + json[1..]))!;
        return new ExaminedConnection(connection)
        {
            Details = connection,
            IsOtherTested = isOther,
            KeyTest = verdict is null ? null : new KeyTestResult { VerdictValue = verdict.Value, Provider = "x", ProviderHost = "provider", Lifecycle = ModelReference.Of(connection)?.Look(Day) },
        };
    }
}
