using System;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>Each form of piped input against each parameter set of New-Connection.</summary>
public sealed class PipedInputTests : BindingTest
{
    private static readonly string[] Shapes = ["OpenAI", "Anthropic", "AzureOpenAI", "Payload", "Mapped"];

    public static TheoryData<string, Form> Matrix => new(from shape in Shapes from form in Enum.GetValues<Form>() select (shape, form));

    /// <summary>The provider of the row, in another set.</summary>
    public static TheoryData<string, string> Contradictions => new(
        from shape in Shapes from other in new[] { "OpenAI", "Anthropic", "AzureOpenAI", "CustomApi" } where Shape.Get(shape).Switch != other select (shape, other));

    public static TheoryData<string, string, Form> Overrides => new(
        from typed in new[]
        {
            ("-Name other", """{ "connectionName": "other" }"""),
            ("-ConnectionName other", """{ "connectionName": "other" }"""),
            ("-Model other", """{ "model": "other" }"""),
            ("-ApiKey sk-other", """{ "fields": { "API_KEY": "sk-other" } }"""),
            ("-Name other -Model other -ApiKey sk-other", OpenAI("other", "other", "sk-other")),
        }
        from form in Enum.GetValues<Form>()
        select (typed.Item1, typed.Item2, form));

    [Theory, MemberData(nameof(Matrix))]
    public void ARowSaysWhatItIs(string name, Form form)
    {
        Shape shape = Shape.Get(name);
        Shell.Set("in", shape.In(form));
        Creates("$in | New-Connection", shape.Body);
    }

    [Theory, MemberData(nameof(Matrix))]
    public void ARowAsAnArgumentIsTheSame(string name, Form form)
    {
        Shape shape = Shape.Get(name);
        Shell.Set("in", shape.In(form));
        Creates("New-Connection -InputObject $in", shape.Body);
    }

    [Theory, MemberData(nameof(Matrix))]
    public void ASetTakesPropertiesByTheirNames(string name, Form form)
    {
        Shape shape = Shape.Get(name);
        Shell.Set("in", shape.In(form));
        string script = $"$in | New-Connection -{shape.Switch}";
        switch (form)
        {
            case Form.Csv or Form.Typed or Form.DeserializedRow:
                Creates(script, shape.Body);
                break;
            case Form.Wire when name == "Payload":
                // Nothing of it may be lost, least of all the header with the key.
                Creates(script, shape.Body);
                break;
            case Form.Wire when name == "Mapped":
                RefusesSaying(script, "-Feature is missing");
                break;
            case Form.Wire:
                Refuses(script, "InputObjectMissingMandatory");
                break;
            default:
                // A table has no properties that PowerShell could bind.
                Refuses(script, "InputObjectNotBound");
                break;
        }
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Anthropic")]
    public void AnObjectOfTheApiBindsWithAKey(string name)
    {
        Shape shape = Shape.Get(name);
        Shell.Set("in", shape.In(Form.Wire));
        Creates($"$in | New-Connection -{shape.Switch} -ApiKey $key", shape.Body);
    }

    [Theory, MemberData(nameof(Contradictions))]
    public void ARowOfAnotherProviderIsRefused(string name, string set)
    {
        Shell.Set("in", Shape.Get(name).In(Form.Csv));
        ShellResult result = Refuses(set == "CustomApi" ? "$in | New-Connection @custom" : $"$in | New-Connection -{set} -Name n -Model m -ApiKey $key" + (set == "AzureOpenAI" ? " -ResourceName res -DeploymentId d -ApiVersion 2024-06-01" : ""), InvalidInput);
        Assert.Contains("The row's Provider is", result.AllErrors[0].ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Overrides))]
    public void WhatIsTypedGoesBeforeTheRow(string typed, string changes, Form form)
    {
        Shell.Set("in", Shape.Get("OpenAI").In(form));
        Creates($"$in | New-Connection {typed}", Merge(OpenAI(), changes));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Provider = 'OpenAI'; ConnectionName = 'n'; Model = 'm'; API_KEY = $key }")]
    [InlineData("@{ provider = 'OPEN AI'; NAME = 'n'; model = 'm'; apikey = $key }")]
    [InlineData("@{ Provider = 'openai'; Name = 'n'; Model = 'm'; Fields = @{ API_KEY = $key } }")]
    [InlineData("@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = [pscredential]::new('user', $key) }")]
    [InlineData("@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key; Unknown = 'x'; ConnectionId = 'cn-1'; Status = 'ACTIVE' }")]
    [InlineData("@{ Provider = 'OpenAI'; Name = 'n'; ConnectionName = 'not this'; Model = 'm'; ApiKey = $key }")]
    [InlineData("@{ Provider = 'OpenAI'; Name = ' '; ConnectionName = 'n'; Model = 'm'; ApiKey = ''; fields = @{ API_KEY = $key } }")]
    public void NamesOfPropertiesAreReadInAnyCaseAndInTheApisSpelling(string row) => Creates($"{row} | New-Connection", OpenAI());

    [Fact]
    public void ManyRowsAreManyConnectionsInTheirOrder()
    {
        Shell.Set("in", Shapes.Select((s, i) =>
        {
            var row = (PSObject)Shape.Get(s).In(Form.Csv);
            row.Properties["Name"].Value = "n" + i;
            return row;
        }).ToArray());
        ShellResult result = Creates("$in | New-Connection", Shapes.Select((s, i) => Merge(Shape.Get(s).Body, $$"""{ "connectionName": "n{{i}}" }""")).ToArray());
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], result.Output.Select(o => o.Properties["ConnectionName"].Value));
    }

    [Fact]
    public void ABadRowDoesNotStopTheNext()
    {
        ShellResult result = Shell.Run("@{ Provider = 'OpenAI'; Name = 'bad'; Model = 'm' }, @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection");
        Assert.Equal([InvalidInput], result.ErrorIds);
        Assert.Equal("bad", result.AllErrors[0].TargetObject);
        AssertBodies(OpenAI());
    }

    [Fact]
    public void WhatOneRowHasIsNotLeftToTheNext()
    {
        Creates("""
            [pscustomobject]@{ Name = 'a'; EndpointUrl = 'https://a.example.com'; Payload = '{ "a": 1 }'; OutputPath = 'x'; InputTokensPath = 'in'; Header = '{ "h": "v" }'; Model = 'm'; PromptVariable = 'examples' },
            [pscustomobject]@{ Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = '{ "a": 1 }'; OutputPath = 'x' } | New-Connection -CustomApi
            """,
            Custom($$"""{ "connectionName": "a", "endpointUrl": "https://a.example.com", "inputTokensPath": "in", "model": "m", "headers": [{ "key": "h", "value": "v" }], "promptVars": {{Prompts("examples")}} }"""),
            Custom());
    }

    [Theory]
    [InlineData("@() | New-Connection")]
    [InlineData("@() | New-Connection -OpenAI -Name n -Model m")]
    [InlineData("@() | New-Connection -CustomApi")]
    public void AnEmptyPipelineSendsNothing(string script) => Refuses(script);

    [Theory]
    [InlineData("$null | New-Connection")]
    [InlineData("'OpenAI' | New-Connection")]
    [InlineData("5 | New-Connection")]
    [InlineData("[System.IO.FileInfo]::new('x') | New-Connection")]
    [InlineData("New-Connection -InputObject @{}")]
    [InlineData("New-Connection -InputObject @(@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key }, @{ Provider = 'OpenAI' })")]
    [InlineData("@{ Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection")]
    [InlineData("@{ Provider = ''; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection")]
    public void WhatNamesNoProviderIsRefused(string script) => RefusesSaying(script, "-InputObject has no Provider");

    [Fact]
    public void AFileOfOtherDelimitersIsRefusedSayingSo() =>
        RefusesSaying("[pscustomobject]@{ 'Provider;Name;Model;ApiKey' = 'OpenAI;n;m;env:KORE_BINDING_KEY' } | New-Connection", "Import-Csv -Delimiter ';'");

    [Theory]
    [InlineData("OpenAI", "Open AI")]
    [InlineData("openai", "Open AI")]
    [InlineData("OPEN AI", "Open AI")]
    [InlineData(" Open AI ", "Open AI")]
    [InlineData("AzureOpenAI", "Azure Open AI")]
    [InlineData("azure open ai", "Azure Open AI")]
    [InlineData("Azure OpenAI", "Azure Open AI")]
    [InlineData("ANTHROPIC", "Anthropic")]
    [InlineData("Api", "API")]
    public void ProvidersAreSentInTheApisSpelling(string given, string sent)
    {
        Shell.Set("provider", given);
        string rest = sent == "API"
            ? "EndpointUrl = 'https://a.example.com'; Payload = '{}'; OutputPath = 'x'"
            : "ApiKey = $key; ResourceName = 'res'; DeploymentId = 'd'; ApiVersion = '2024-06-01'";
        Shell.RunClean($"@{{ Provider = $provider; Name = 'n'; Model = 'm'; {rest} }} | New-Connection");
        Assert.Equal(sent, (string?)Place.SentBody!["provider"]);
    }

    [Theory]
    [InlineData("Azure")]
    [InlineData("Open-AI")]
    [InlineData("Custom")]
    [InlineData("Gemini")]
    public void AnUnknownProviderIsRefused(string provider)
    {
        Shell.Set("provider", provider);
        RefusesSaying("@{ Provider = $provider; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection", "Accepted are Open AI, Azure Open AI, Anthropic, API");
    }
}
