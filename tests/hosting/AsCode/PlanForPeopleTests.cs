namespace KoreConnections.Tests.AsCode;

/// <summary>What a plan cannot do is left to a person: what the API cannot change, and what is ambiguous.</summary>
public sealed class PlanForPeopleTests : PlanTestBase
{
    private const string Azure = "connections: [{ provider: AzureOpenAI, name: A, model: m, apiKey: env:KORE_TEST_KEY, resourceName: res, deploymentId: d, apiVersion: v1 }]\n";
    private const string NewOne = "in the manifest, which creates a new one";

    private static readonly string WithModel = Other(Own, "outputPath:", "model: m\n    outputPath:");

    /// <summary>What is there, what the manifest says then, what differs, why that cannot be changed, and what to do.</summary>
    public static TheoryData<string, string, string, string, string> Unchangeable => new()
    {
        { Named, Other(Named, "gpt-4o", "gpt-5"), "model: gpt-4o -> gpt-5", "the API can change only the key, not model", NewOne },
        { Named, Other(Named, "OpenAI", "Anthropic"), "provider: Open AI -> Anthropic", "A connection's provider cannot change", NewOne },
        {
            Azure, Other(Other(Azure, "res,", "other,"), "v1", "v2"), "apiVersion: v1 -> v2; resourceName: res -> other", "not apiVersion, resourceName",
            "platform's web UI"
        },
        {
            Own, Own + "\n    disabled: true\n", "disabled: false -> true", "The API cannot enable or disable a connection",
            "write disabled: false in the manifest"
        },
        {
            Own, Other(Mapped, "Mapped", "Own"), "mapProvider: (none) -> openAIModel", "A custom API cannot switch between its own payload and a mapping",
            "which creates a new one"
        },
        { WithModel, Other(WithModel, "model: m\n", "model: ~\n"), "model: m -> (none)", "The API can replace a model, but not remove it", "omit the property" },
    };

    [Theory, MemberData(nameof(Unchangeable))]
    public void WhatCannotBeChangedSaysWhatAPersonHasToDo(string there, string changed, string difference, string reason, string advice)
    {
        _place.Sync(there);
        AssertInSync(there);
        AssertLeftToAPerson(changed, PlanAction.CannotChange, difference, reason, advice);
    }

    [Theory]
    [InlineData("a", "A", "'a' ({id}), which differs only in case")]
    [InlineData("Cafe\u0301", "Caf\u00e9", "({id}), which differs only in white space or the composition of accents")]
    [InlineData("A\u00a0B", "A B", "({id}), which differs only in white space or the composition of accents")]
    [InlineData("A  B", "A B", "({id}), which differs only in white space or the composition of accents")]
    [InlineData(" cafe\u0301", "Caf\u00e9", "({id}), which differs only in white space or the composition of accents")]
    public void ANameThatLooksTheSameIsAmbiguous(string there, string named, string reason)
    {
        _place.Shell.Set("there", there);
        string id = Create("New-Connection -OpenAI -Name $there -Model gpt-4o -ApiKey $key");
        string manifest = Other(Named, "name: A", $"name: '{named}'");
        AssertLeftToAPerson(manifest, PlanAction.Ambiguous, "", reason.Replace("{id}", id, StringComparison.Ordinal), "choose another name");
    }

    [Fact]
    public void TwoNamesThatLookTheSameAreAProblemOfTheManifest()
    {
        string both = (Named + "\n").Replace("}]", "}, { provider: OpenAI, name: a, model: gpt-4o, apiKey: env:KORE_TEST_KEY }]", StringComparison.Ordinal);
        Assert.Contains("'a' looks like 'A' at", Assert.Single(_place.Problems(both, "c.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void AnIdThatIsListedTwiceIsAmbiguous()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = """{ "connections": [{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI" }, { "connectionId": "cn-1", "connectionName": "B", "provider": "Open AI" }], "total": 2 }""" });
        string both = (Named + "\n").Replace("}]", "}, { provider: OpenAI, name: B, model: gpt-4o, apiKey: env:KORE_TEST_KEY }]", StringComparison.Ordinal);
        Assert.All(_place.Sync(both), i => Assert.Equal((PlanAction.Ambiguous, SyncOutcome.Skipped, true), (i.ActionValue, i.OutcomeValue, i.Reason!.Contains("lists the id cn-1 more than once", StringComparison.Ordinal))));
        Assert.Empty(_place.Place.Writes);
    }

    [Theory]
    [InlineData("""{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI" }, { "connectionId": "cn-2", "connectionName": "A", "provider": "Open AI" }""", "2 connections with this name: 'A' (cn-1), 'A' (cn-2)", "Rename all but one")]
    [InlineData("""{ "connectionName": "A", "provider": "Open AI" }""", "without an id", "platform's web UI")]
    public void AListingThatLeavesOpenWhichIsMeantIsAmbiguous(string listed, string reason, string action)
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = $$"""{ "connections": [{{listed}}] }""" });
        AssertLeftToAPerson(Named, PlanAction.Ambiguous, "", reason, action);
    }

    private static string Other(string manifest, string from, string to) => manifest.Replace(from, to, StringComparison.Ordinal);
}
