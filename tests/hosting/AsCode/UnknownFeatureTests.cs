namespace KoreConnections.Tests.AsCode;

/// <summary>Features that no manifest can name: the API replaces all features, so that a change of others drops these, and a plan has to say so.</summary>
public sealed class UnknownFeatureTests : PlanTestBase
{
    [Theory]
    [InlineData("\"toolCalling\": true, \"vision\": true", "toolCalling, vision", "vision")]
    [InlineData("\"vision\": true", "vision", "vision")]
    [InlineData("\"zoom\": true, \"toolCalling\": true, \"jsonMode\": \"yes\"", "toolCalling, jsonMode, zoom", "jsonMode zoom")]
    [InlineData("\"toolCalling\": true, \"vision\": false", "toolCalling", "")]
    [InlineData("\"toolCalling\": true", "toolCalling", "")]
    public void AreNamedWhereAChangeDropsThem(string shown, string old, string dropped)
    {
        string id = Seed(shown);
        string[] expected = [$"feature: {old} -> streaming", .. dropped.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => $"feature.{f}: true -> ")];
        Assert.Equal(expected, Assert.Single(_place.Compare(Mapped)).Difference.Select(d => d.ToString().Replace("(none)", "", StringComparison.Ordinal)));
        string whatIf = _place.Shell.Run("Sync-Connection $manifest -WhatIf").Shown;
        Assert.Contains($"Change: feature{string.Concat(dropped.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => $", feature.{f}"))}", whatIf, StringComparison.Ordinal);
        _place.Place.Forget();
        ConnectionPlanItem item = Assert.Single(_place.Sync(Mapped));
        Assert.Equal(SyncOutcome.Done, item.OutcomeValue);
        Assert.Empty(item.StillDifferent);
        AssertBody("PATCH", id, """{ "llmFeatures": { "toolCalling": false, "supportTools": false, "parallelToolCalling": false, "structuredResponse": false, "dataGeneration": false, "streaming": true } }""");
    }

    [Fact]
    public void StayWhereNothingElseDiffers()
    {
        Seed("\"streaming\": true, \"vision\": true");
        AssertInSync(Mapped);
    }

    private string Seed(string features)
    {
        string id = Create("New-Connection -CustomApi -Name Mapped -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = $key } -MapProvider openAIModel -Feature streaming");
        string body = $$"""{ "connectionId": "{{id}}", "connectionName": "Mapped", "provider": "API", "endpointUrl": "https://llm.example.com", "headers": [{ "key": "x-api-key", "value": "***************" }], "mapProvider": "openAIModel", "llmFeatures": { {{features}} } }""";
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = body });
        return id;
    }
}
