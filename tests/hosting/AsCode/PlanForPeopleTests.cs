namespace KoreConnections.Tests.AsCode;

/// <summary>What a plan cannot do is left to a person: what the API cannot change, and what is ambiguous.</summary>
public sealed class PlanForPeopleTests : PlanTestBase
{
    [Theory]
    [InlineData("model: gpt-4o", "model: gpt-5", "model: gpt-4o -> gpt-5", "the API can change only the key, not model")]
    [InlineData("provider: OpenAI", "provider: Anthropic", "provider: Open AI -> Anthropic", "A connection's provider cannot change")]
    public void WhatCannotBeChangedSaysWhatAPersonHasToDo(string from, string to, string difference, string reason)
    {
        _place.Sync(Named);
        string changed = Named.Replace(from, to, StringComparison.Ordinal);
        AssertLeftToAPerson(changed, PlanAction.CannotChange, difference, reason, "in the manifest, which creates a new one");
    }

    [Fact]
    public void AzureKeepsItsResource()
    {
        const string Azure = "connections: [{ provider: AzureOpenAI, name: A, model: m, apiKey: env:KORE_TEST_KEY, resourceName: res, deploymentId: d, apiVersion: v1 }]\n";
        _place.Sync(Azure);
        AssertInSync(Azure);
        AssertLeftToAPerson(Azure.Replace("resourceName: res", "resourceName: other", StringComparison.Ordinal).Replace("apiVersion: v1", "apiVersion: v2", StringComparison.Ordinal), PlanAction.CannotChange, "apiVersion: v1 -> v2; resourceName: res -> other", "not apiVersion, resourceName", "platform's web UI");
    }

    [Fact]
    public void SwitchingOnAndOffIsForAPerson()
    {
        _place.Sync(Own);
        AssertLeftToAPerson(Own + "\n    disabled: true\n", PlanAction.CannotChange, "disabled: false -> true", "The API cannot enable or disable a connection", "write disabled: false in the manifest");
    }

    [Fact]
    public void TheShapeOfACustomApiIsForAPerson()
    {
        _place.Sync(Own);
        AssertLeftToAPerson(Mapped.Replace("name: Mapped", "name: Own", StringComparison.Ordinal), PlanAction.CannotChange, "mapProvider: (none) -> openAIModel", "A custom API cannot switch between its own payload and a mapping", "which creates a new one");
    }

    [Fact]
    public void ANameInAnotherCaseIsAmbiguous()
    {
        string id = Create("New-Connection -OpenAI -Name a -Model gpt-4o -ApiKey $key");
        AssertLeftToAPerson(Named, PlanAction.Ambiguous, "", $"'a' ({id}), which differs only in case", "choose another name");
    }

    [Theory]
    [InlineData("Cafe\u0301", "Caf\u00e9")]
    [InlineData("A\u00a0B", "A B")]
    [InlineData("A  B", "A B")]
    [InlineData(" cafe\u0301", "Caf\u00e9")]
    public void ANameThatLooksTheSameIsAmbiguous(string there, string named)
    {
        _place.Shell.Set("there", there);
        string id = Create("New-Connection -OpenAI -Name $there -Model gpt-4o -ApiKey $key");
        AssertLeftToAPerson(Named.Replace("name: A", $"name: '{named}'", StringComparison.Ordinal), PlanAction.Ambiguous, "", $"({id}), which differs only in white space or the composition of accents", "choose another name");
    }

    [Fact]
    public void TwoNamesThatLookTheSameAreAProblemOfTheManifest()
    {
        string both = (Named + "\n").Replace("}]", "}, { provider: OpenAI, name: a, model: gpt-4o, apiKey: env:KORE_TEST_KEY }]", StringComparison.Ordinal);
        Assert.Contains("'a' looks like 'A' at", Assert.Single(_place.Problems(both, "c.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoConnectionsOfOneNameAreAmbiguous()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = """{ "connections": [{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI" }, { "connectionId": "cn-2", "connectionName": "A", "provider": "Open AI" }], "total": 2 }""" });
        AssertLeftToAPerson(Named, PlanAction.Ambiguous, "", "2 connections with this name: 'A' (cn-1), 'A' (cn-2)", "Rename all but one");
    }

    [Fact]
    public void AnIdThatIsListedTwiceIsAmbiguous()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = """{ "connections": [{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI" }, { "connectionId": "cn-1", "connectionName": "B", "provider": "Open AI" }], "total": 2 }""" });
        string both = (Named + "\n").Replace("}]", "}, { provider: OpenAI, name: B, model: gpt-4o, apiKey: env:KORE_TEST_KEY }]", StringComparison.Ordinal);
        Assert.All(_place.Sync(both), i => Assert.Equal((PlanAction.Ambiguous, SyncOutcome.Skipped, true), (i.ActionValue, i.OutcomeValue, i.Reason!.Contains("lists the id cn-1 more than once", StringComparison.Ordinal))));
        Assert.Empty(_place.Place.Writes);
    }

    [Fact]
    public void AListingWithoutAnIdIsAmbiguous()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = """{ "connections": [{ "connectionName": "A", "provider": "Open AI" }] }""" });
        AssertLeftToAPerson(Named, PlanAction.Ambiguous, "", "without an id", "platform's web UI");
    }

    [Fact]
    public void AModelCannotBeCleared()
    {
        string before = Own.Replace("outputPath:", "model: m\n    outputPath:", StringComparison.Ordinal);
        _place.Sync(before);
        AssertLeftToAPerson(before.Replace("model: m", "model: ~", StringComparison.Ordinal), PlanAction.CannotChange, "model: m -> (none)", "The API can replace a model, but not remove it", "omit the property");
    }
}
