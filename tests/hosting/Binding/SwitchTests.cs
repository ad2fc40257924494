using System.Linq;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>A switch given as <c>:$false</c> counts as absent.</summary>
public sealed class SwitchTests : BindingTest
{
    private const string Named = "-Name n -Model m -ApiKey $key";

    [Theory]
    [InlineData("New-Connection -OpenAI:$false " + Named)]
    [InlineData("New-Connection -Anthropic:$false " + Named)]
    [InlineData("New-Connection -AzureOpenAI:$false " + Named + " -ResourceName res -DeploymentId d -ApiVersion 2024-06-01")]
    [InlineData("$custom.CustomApi = $false; New-Connection @custom")]
    [InlineData("$mapped.CustomApi = $false; New-Connection @mapped")]
    public void ASetsSwitchNamesNoProvider(string script) => RefusesSaying(script, "names no provider");

    [Theory]
    [InlineData("New-Connection -OpenAI -Anthropic:$false " + Named)]
    [InlineData("New-Connection -OpenAI " + Named + " -Draft:$false")]
    public void SwitchesOfTwoSetsAreAmbiguous(string script) => Refuses(script, "AmbiguousParameterSet");

    [Theory]
    [InlineData("-Draft:$false", "{}")]
    [InlineData("-Disabled:$false", "{}")]
    [InlineData("-IfNotExists:$false", "{}")]
    [InlineData("-WhatIf:$false", "{}")]
    [InlineData("-Draft", """{ "status": "DRAFT" }""")]
    [InlineData("-Disabled", """{ "isEnable": false }""")]
    [InlineData("-Draft -Disabled", """{ "status": "DRAFT", "isEnable": false }""")]
    [InlineData("-Draft:$true -Disabled:$false", """{ "status": "DRAFT" }""")]
    public void ACustomApiIsADraftOrDisabledOnlyWhenSaid(string switches, string changes) => Creates($"New-Connection @custom {switches}", Custom(changes));

    [Theory]
    [InlineData("-Draft:$false", "{}")]
    [InlineData("-Disabled:$false", "{}")]
    [InlineData("-Draft", """{ "status": "DRAFT" }""")]
    [InlineData("-Disabled", """{ "isEnable": false }""")]
    public void SoDoesAMappedOne(string switches, string changes) => Creates($"New-Connection @mapped {switches}", Mapped(changes));

    [Theory]
    [InlineData("Draft", "true", """{ "status": "DRAFT" }""")]
    [InlineData("Draft", "1", """{ "status": "DRAFT" }""")]
    [InlineData("Draft", " YES ", """{ "status": "DRAFT" }""")]
    [InlineData("Draft", "$true", """{ "status": "DRAFT" }""")]
    [InlineData("Draft", "false", "{}")]
    [InlineData("Draft", "0", "{}")]
    [InlineData("Draft", "", "{}")]
    [InlineData("Disabled", "True", """{ "isEnable": false }""")]
    [InlineData("Disabled", "no", "{}")]
    [InlineData("isEnable", "false", """{ "isEnable": false }""")]
    [InlineData("isEnable", "true", "{}")]
    [InlineData("isEnable", "", "{}")]
    [InlineData("Status", "draft", """{ "status": "DRAFT" }""")]
    [InlineData("Status", "FINALIZED", "{}")]
    [InlineData("Status", "ACTIVE", "{}")]
    public void ARowSaysItInACell(string column, string cell, string changes)
    {
        Shell.Set("cell", cell);
        Creates($"@{{ Provider = 'API'; Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = '{{ \"a\": 1 }}'; OutputPath = 'x'; {column} = $cell }} | New-Connection", Custom(changes));
    }

    [Theory]
    [InlineData("Draft")]
    [InlineData("Disabled")]
    [InlineData("isEnable")]
    public void ACellThatIsNeitherIsRefused(string column) =>
        RefusesSaying($"@{{ Provider = 'API'; Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = '{{}}'; OutputPath = 'x'; {column} = 'maybe' }} | New-Connection", "is neither true nor false");

    [Theory]
    [InlineData("", 0)]
    [InlineData("-PassThru:$false", 0)]
    [InlineData("-PassThru", 1)]
    [InlineData("-Replace:$false -PassThru", 1)]
    [InlineData("-Replace:$false", 0)]
    public void AKeyIsChangedAndEmittedOnlyWhenSaid(string switches, int emitted)
    {
        string id = Place.Seed("a").Single();
        ShellResult result = Changes($"Set-Connection {id} $key {switches}", id, "PATCH", $$"""{ "fields": { "API_KEY": "{{Key}}" } }""");
        Assert.Equal(emitted, result.Output.Count);
    }

    [Theory]
    [InlineData("@([pscustomobject]@{ ConnectionId = $id; ApiKey = $key }) | Set-Connection -Replace:$false")]
    [InlineData("Get-Connection | Set-Connection -ApiKey $key -Replace:$false")]
    public void AReplaceThatIsNotMeantLeavesThePipelineAlone(string script)
    {
        Shell.Set("id", Place.Seed("a").Single());
        Shell.RunClean(script);
        AssertBodies($$"""{ "fields": { "API_KEY": "{{Key}}" } }""");
    }

    [Theory]
    [InlineData("-Detailed", 2)]
    [InlineData("-Detailed:$true", 2)]
    [InlineData("-Detailed:$false", 0)]
    [InlineData("", 0)]
    public void DetailsAreReadOnlyWhenSaid(string switches, int reads)
    {
        Place.Seed("a", "b");
        Shell.RunClean($"Get-Connection {switches}");
        Assert.Equal(reads, Place.Requests.Count(r => r.Target.Contains("/cn-", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void IfNotExistsThatIsNotMeantListsNothing()
    {
        Place.Seed("n");
        ShellResult result = Shell.Run($"New-Connection -OpenAI {Named} -IfNotExists:$false");
        Assert.Equal(["KoreConflict"], result.ErrorIds);
        Assert.Single(Place.Requests);
    }
}
