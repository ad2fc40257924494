using System.Linq;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>What is checked before anything is sent, typed and in rows.</summary>
public sealed class CheckTests : BindingTest
{
    private const string Azure = "-AzureOpenAI -Name n -Model m -ApiKey $key -DeploymentId d -ApiVersion 2024-06-01";
    private const string Mapping = "-CustomApi -Name n -EndpointUrl https://llm.example.com/v1";

    /// <summary>Each set's parameters that have to hold something.</summary>
    public static TheoryData<string, string> Required => new(
        from set in new (string Shape, string[] Parameters)[]
        {
            ("OpenAI", ["Name", "Model", "ApiKey"]),
            ("Anthropic", ["Name", "Model", "ApiKey"]),
            ("AzureOpenAI", ["Name", "Model", "ApiKey", "ResourceName", "DeploymentId", "ApiVersion"]),
            ("Payload", ["Name", "EndpointUrl", "OutputPath"]),
            ("Mapped", ["Name", "EndpointUrl", "MapProvider"]),
        }
        from parameter in set.Parameters
        select (set.Shape, parameter));

    public static TheoryData<string, string> Refused => new()
    {
        { $"{Azure} -ResourceName https://res.openai.azure.com", "Here that is probably 'res'" },
        { $"{Azure} -ResourceName https://res.openai.azure.com/openai/deployments/d", "Here that is probably 'res'" },
        { $"{Azure} -ResourceName res.openai.azure.com", "Here that is probably 'res'" },
        { $"{Azure} -ResourceName //res", "is an address or host" },
        { $"{Azure} -ResourceName 'my res'", "is an address or host" },
        { "@custom -Name '  '", "-Name is empty" },
        { "@mapped -MapProvider openai", "-MapProvider 'openai' is not known. Accepted are anthropicModel, geminiModel, openAIModel" },
        { "@mapped -Feature stream", "-Feature 'stream' is not known. Accepted are toolCalling, supportTools, parallelToolCalling, structuredResponse, dataGeneration, streaming" },
        { "@mapped -Feature 'streaming; stream'", "-Feature 'stream' is not known" },
        { "@mapped -Feature @()", "-Feature is empty" },
        { "@mapped -Feature '{ \"streaming\": false }'", "-Feature is empty" },
        { $"{Mapping} -MapProvider openAIModel", "-Feature is missing" },
        { $"{Mapping} -Feature streaming", "-MapProvider is empty" },
        { $"{Mapping} -IOMapping textToText", "-MapProvider is empty" },
        { $"{Mapping} -AuthorizationProfile p", "-MapProvider is empty" },
        { Mapping, "A custom API needs either -Payload and -OutputPath" },
        { $"{Mapping} -OutputPath x", "A custom API needs either -Payload and -OutputPath" },
        { $"{Mapping} -Payload @{{}}", "-OutputPath is empty" },
        { "@custom -MapProvider openAIModel", "give one of the two, not both" },
        { "@custom -Feature streaming", "give one of the two, not both" },
        { "@custom -IOMapping textToText", "give one of the two, not both" },
        { "@custom -AuthorizationProfile none", "give one of the two, not both" },
        { "@mapped -Payload @{}", "give one of the two, not both" },
        { "@mapped -OutputPath x", "give one of the two, not both" },
        { "@mapped -InputTokensPath x", "give one of the two, not both" },
        { "@mapped -OutputTokensPath x", "give one of the two, not both" },
        { "@mapped -PromptVariable prompt", "give one of the two, not both" },
        { "@mapped -CustomVariable tone", "give one of the two, not both" },
    };

    [Theory, MemberData(nameof(Required))]
    public void AnEmptyCellIsRefused(string shape, string parameter)
    {
        foreach (string empty in new[] { "", " ", "\n" })
        {
            Shell.Set("in", Shape.Get(shape).In(Form.Csv)).Set("empty", empty);
            RefusesSaying($"$in.{parameter} = $empty; $in | New-Connection", $"-{parameter} is empty");
            RefusesSaying($"$in | New-Connection -{Shape.Get(shape).Switch}", $"-{parameter} is empty");
        }
    }

    [Theory, MemberData(nameof(Required))]
    public void ANullIsRefused(string shape, string parameter)
    {
        Shell.Set("in", Shape.Get(shape).In(Form.Typed));
        RefusesSaying($"$in.{parameter} = $null; $in | New-Connection", $"-{parameter} is empty");
        RefusesSaying($"$in | New-Connection -{Shape.Get(shape).Switch}", $"-{parameter} is empty");
    }

    [Theory, MemberData(nameof(Required))]
    public void AMissingPropertyIsRefused(string shape, string parameter)
    {
        Shape form = Shape.Get(shape);
        Shell.Set("in", form.In(Form.Typed));
        RefusesSaying($"$in.psobject.Properties.Remove('{parameter}'); $in | New-Connection", $"-{parameter} is empty");

        // In a set of its own it is PowerShell's own error, where the parameter is mandatory.
        Refuses($"$in | New-Connection -{form.Switch}", parameter is "OutputPath" or "MapProvider" ? InvalidInput : "InputObjectMissingMandatory");
    }

    [Theory, MemberData(nameof(Required))]
    public void AnEmptyArgumentIsRefused(string shape, string parameter)
    {
        Shape form = Shape.Get(shape);
        foreach (string empty in new[] { "", "  " })
        {
            var arguments = new System.Collections.Hashtable(form.Values) { [form.Switch] = true, [parameter] = empty };
            Shell.Set("arguments", arguments);
            RefusesSaying("New-Connection @arguments", $"-{parameter} is empty");
        }
    }

    [Theory, MemberData(nameof(Refused))]
    public void WhatCannotBeRightIsRefused(string arguments, string words) => RefusesSaying("New-Connection " + arguments, words);

    [Theory]
    [InlineData("llm.example.com/v1")]
    [InlineData("/v1/chat")]
    [InlineData("ftp://llm.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://")]
    [InlineData("https:///v1")]
    [InlineData("https:llm")]
    [InlineData("javascript:alert(1)")]
    [InlineData("not an address")]
    public void AnAddressHasToBeAbsoluteHttp(string url)
    {
        Shell.Set("url", url);
        RefusesSaying("$custom.EndpointUrl = $url; New-Connection @custom", "is not an absolute http or https address");
        RefusesSaying("$custom.Remove('EndpointUrl'); [pscustomobject]@{ EndpointUrl = $url } | New-Connection @custom", "is not an absolute http or https address");
        RefusesSaying("Set-Connection cn-1 -EndpointUrl $url", "is not an absolute http or https address");
    }

    [Theory]
    [InlineData("https://llm.example.com", "https://llm.example.com")]
    [InlineData(" HTTP://localhost:8080/v1?x=1#f ", "HTTP://localhost:8080/v1?x=1#f")]
    [InlineData("https://[::1]/v1", "https://[::1]/v1")]
    [InlineData("https://llm.example.com/a b/ü", "https://llm.example.com/a b/ü")]
    public void AnAddressIsSentAsItWasWritten(string url, string sent)
    {
        Shell.Set("url", url);
        Creates("$custom.EndpointUrl = $url; New-Connection @custom", Custom($$"""{ "endpointUrl": "{{sent}}" }"""));
    }

    [Theory]
    [InlineData("OutputPath", "outputPath")]
    [InlineData("InputTokensPath", "inputTokensPath")]
    [InlineData("OutputTokensPath", "outputTokensPath")]
    public void APathHasNoLeadingDollar(string parameter, string wire)
    {
        foreach (string path in new[] { "$.content[0].text", "$content[0].text", " $.content[0].text" })
        {
            Shell.Set("path", path);
            RefusesSaying($"$custom.{parameter} = $path; New-Connection @custom", "write content[0].text");
            RefusesSaying($"$row = $custom.Clone(); $row.Remove('CustomApi'); $row.Provider = 'API'; $row | New-Connection", "write content[0].text");
            RefusesSaying($"Set-Connection cn-1 -{parameter} $path", "write content[0].text");
        }

        Creates($"$custom.{parameter} = ' content[0].text '; New-Connection @custom", Custom($$"""{ "{{wire}}": "content[0].text" }"""));
    }

    [Theory]
    [InlineData("anthropicmodel", "anthropicModel")]
    [InlineData("GEMINIMODEL", "geminiModel")]
    [InlineData(" openAIModel ", "openAIModel")]
    public void AFormatIsSentInTheApisSpelling(string given, string sent)
    {
        Shell.Set("format", given);
        Creates("$mapped.MapProvider = $format; New-Connection @mapped", Mapped($$"""{ "mapProvider": "{{sent}}" }"""));
    }

    [Theory]
    [InlineData("@custom -Model m", """{ "model": "m" }""")]
    [InlineData("@custom -Model ''", "{}")]
    [InlineData("@custom -InputTokensPath '' -OutputTokensPath ' '", "{}")]
    [InlineData("@custom -MapProvider '' -Feature '' -IOMapping '' -AuthorizationProfile ''", "{}")]
    [InlineData("@custom -PromptVariable '' -CustomVariable ''", "{}")]
    public void AnEmptyValueCountsAsAbsent(string arguments, string changes) => Creates("New-Connection " + arguments, Custom(changes));

    [Fact]
    public void TextsThatSurroundAnAzureNameAreNotSent()
    {
        Shell.RunClean("New-Connection -AzureOpenAI -Name n -Model m -ApiKey $key -ResourceName ' res ' -DeploymentId ' dep ' -ApiVersion ' 2024-06-01 '");
        AssertBodies(Merge(Shape.Get("AzureOpenAI").Body, $$"""{ "fields": { "API_KEY": "{{Key}}", "api_version": "v", "your_resource_name": "res", "deployment_id": "dep" } }"""));
    }

    [Theory]
    [InlineData("New-Connection -OpenAI -Name ('x' + [char]0xD800) -Model m -ApiKey $key")]
    [InlineData("New-Connection -OpenAI -Name n -Model ('m' + [char]0xDC00) -ApiKey $key")]
    [InlineData("New-Connection @custom -CustomVariable ('v' + [char]0xD800)")]
    [InlineData("Set-Connection cn-1 -Name ('x' + [char]0xD800)")]
    public void HalfACharacterIsRefused(string script) => RefusesSaying(script, "half of a surrogate pair");

    [Theory]
    [InlineData("quote\" 'single' \\ {} [] ; $x `t %2F ../.. -dash")]
    [InlineData("😀 ü 漢字 \u202E right to left")]
    [InlineData("two\nlines\tand a tab")]
    [InlineData("-Name")]
    public void AnyOtherNameIsSentAsItIs(string name)
    {
        Shell.Set("name", name);
        Creates("New-Connection -OpenAI -Name $name -Model m -ApiKey $key", OpenAI(name));
    }

    [Theory]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey $key -WhatIf")]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey env:KORE_TEST_ABSENT -WhatIf -ErrorAction Ignore")]
    [InlineData("New-Connection @custom -WhatIf")]
    [InlineData("New-Connection @mapped -WhatIf")]
    [InlineData("@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection -WhatIf")]
    [InlineData("Set-Connection cn-1 $key -WhatIf")]
    [InlineData("Set-Connection cn-1 -Name n -WhatIf")]
    [InlineData("Set-Connection cn-1 -Replace @replace -WhatIf")]
    [InlineData("$WhatIfPreference = $true; New-Connection @custom; Set-Connection cn-1 $key")]
    public void WhatIfSendsNothing(string script) => Refuses("$replace = $custom.Clone(); $replace.Remove('CustomApi'); " + script);

    [Fact]
    public void WhatIfRefusesToo() => RefusesSaying("New-Connection -OpenAI -Name n -Model m -ApiKey '***' -WhatIf", "holds a mask");
}
