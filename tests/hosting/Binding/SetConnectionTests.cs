using System;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>Set-Connection: what binds, what is sent, and with which method. Scripts find the ids in $named, $custom and $mapped.</summary>
public sealed class SetConnectionTests : BindingTest
{
    private const string KeyBody = $$"""{ "fields": { "API_KEY": "{{Key}}" } }""";
    private const string Tone = """{ "name": "tone", "displayName": "Tone", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""";

    private readonly string _named;
    private readonly string _custom;
    private readonly string _mapped;

    public SetConnectionTests()
    {
        _custom = Create("New-Connection @custom -Name c");
        _mapped = Create("New-Connection @mapped -Name m");
        _named = Create("New-Connection -OpenAI -Name a -Model m -ApiKey sk-seed-0123456789");
        Shell.Set("named", _named).Set("custom", _custom).Set("mapped", _mapped);
        Place.Forget();
    }

    /// <summary>What is piped or typed, for a change of the key.</summary>
    public static TheoryData<string> KeyForms => new()
    {
        "Set-Connection $named $key",
        "Set-Connection -ConnectionId $named -ApiKey $key",
        "Set-Connection -Id $named -ApiKey $key",
        "$named | Set-Connection -ApiKey $key",
        "' ' + $named + ' ' | Set-Connection -ApiKey $key",
        "[pscustomobject]@{ ConnectionId = $named; ApiKey = $key } | Set-Connection",
        $"[pscustomobject]@{{ ConnectionId = $named; ApiKey = '{Key}' }} | Set-Connection",
        "[pscustomobject]@{ Id = $named } | Set-Connection -ApiKey $key",
        "[pscustomobject]@{ ConnectionId = $named; Provider = 'openai'; Model = 'not sent'; Name = 'not sent'; EndpointUrl = 'x'; Header = '{'; Status = 'x' } | Set-Connection -ApiKey $key",
        "[pscustomobject]@{ ConnectionId = $named; ApiKey = $key; Provider = '' } | Set-Connection",
        "[pscustomobject]@{ ConnectionId = $named; ApiKey = 'not this' } | Set-Connection -ApiKey $key",
        "[pscustomobject]@{ connectionId = $named; connectionName = 'not sent'; provider = 'Open AI'; fields = @{ API_KEY = 'sk-***' } } | Set-Connection -ApiKey $key",
        "$live | Set-Connection -ApiKey $key",
        "$detailed | Set-Connection -ApiKey $key",
        "$clixml | Set-Connection -ApiKey $key",
        "Set-Connection $named $key -Provider OpenAI",
    };

    /// <summary>What is typed for a custom API, and the body that is sent.</summary>
    public static TheoryData<string, string> Changing => new()
    {
        { "-Name x", """{ "connectionName": "x" }""" },
        { "-ConnectionName x", """{ "connectionName": "x" }""" },
        { "-Model x", """{ "model": "x" }""" },
        { "-EndpointUrl https://x.example.com", """{ "endpointUrl": "https://x.example.com" }""" },
        { "-Header @{ a = $key }", $$"""{ "headers": [{ "key": "a", "value": "{{Key}}" }] }""" },
        { "-Header @{}", """{ "headers": [] }""" },
        { "-Payload @{ b = 2 }", """{ "payload": { "b": 2 } }""" },
        { "-OutputPath y", """{ "outputPath": "y" }""" },
        { "-InputTokensPath y", """{ "inputTokensPath": "y" }""" },
        { "-OutputTokensPath y", """{ "outputTokensPath": "y" }""" },
        { "-PromptVariable examples", $$"""{ "promptVars": {{Prompts("examples")}} }""" },
        { "-CustomVariable tone", $$"""{ "customVars": [{{Tone}}] }""" },
        { "-Status draft", """{ "status": "DRAFT" }""" },
        { "-Status FINALIZED", """{ "status": "FINALIZED" }""" },
        { "-Name x -Model y -Status DRAFT -Payload '{}'", """{ "connectionName": "x", "model": "y", "status": "DRAFT", "payload": {} }""" },
    };

    public static TheoryData<string, string> ChangingMapped => new()
    {
        { "-MapProvider GEMINIMODEL", """{ "mapProvider": "geminiModel" }""" },
        { "-Feature streaming, toolCalling", $$"""{ "llmFeatures": {{Features("streaming", "toolCalling")}} }""" },
        { "-IOMapping 'textToText;imageToText'", """{ "IOMappings": ["textToText", "imageToText"] }""" },
        { "-AuthorizationProfile none", """{ "idp": "none" }""" },
        { "-Name x -Header '{ \"a\": \"1\" }' -Feature '{ \"dataGeneration\": true }'", $$"""{ "connectionName": "x", "headers": [{ "key": "a", "value": "1" }], "llmFeatures": {{Features("dataGeneration")}} }""" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "Set-Connection $custom -Name ''", "-Name is empty" },
        { "Set-Connection $custom -Model $null", "-Model is empty" },
        { "Set-Connection $custom -EndpointUrl ' '", "-EndpointUrl is empty" },
        { "Set-Connection $custom -Name x -Header $null", "-Header is empty" },
        { "Set-Connection $custom -Name x -Header @()", "-Header is empty" },
        { "Set-Connection $custom -Name x -Payload ''", "-Payload is empty" },
        { "Set-Connection $custom -Name x -Feature ''", "-Feature is empty" },
        { "Set-Connection $custom -Name x -IOMapping @()", "-IOMapping is empty" },
        { "Set-Connection $custom -Name x -PromptVariable ' '", "-PromptVariable is empty" },
        { "Set-Connection $custom -Name x -CustomVariable $null", "-CustomVariable is empty" },
        { "Set-Connection $custom -Status ACTIVE", "-Status 'ACTIVE' is not known. Accepted are DRAFT, FINALIZED" },
        { "Set-Connection $custom -Payload @{} -Feature streaming", "give one of the two, not both" },
        { "Set-Connection $custom -Payload '[]'", "is not a JSON object" },
        { "Set-Connection $custom -Header @{ a = 'sk-***' }", "holds a mask" },
        { "Set-Connection $custom -MapProvider openai", "-MapProvider 'openai' is not known" },
        { "Set-Connection $custom -Replace -Name x", "-EndpointUrl is empty" },
        { "Set-Connection $custom -Replace -EndpointUrl https://x.example.com -Payload @{} -OutputPath y", "-Name is empty" },
        { "Set-Connection $custom -Replace -Name x -EndpointUrl https://x.example.com", "A custom API needs either -Payload" },
        { "Set-Connection $custom -Replace -Name x -EndpointUrl https://x.example.com -Payload @{}", "-OutputPath is empty" },
        { "Set-Connection $mapped -Replace -Name x -EndpointUrl https://x.example.com -MapProvider openAIModel", "-Feature is missing" },
        { "Set-Connection $named -ApiKey $key -Replace", "-Replace is for a custom API" },
        { "Set-Connection $custom -ApiKey $key -Name x", "-ApiKey is for the named providers" },
        { "Set-Connection $custom -ApiKey $key -Header @{ a = 'b' }", "-ApiKey is for the named providers" },
        { "Set-Connection '' $key", "-ConnectionId is empty" },
        { "Set-Connection ' ' -Name x", "-ConnectionId is empty" },
        { "Set-Connection 'GPT [prod]' $key", "to find one by its name use Get-Connection -Name" },
        { "Set-Connection .. $key", "is not a connection's id" },
        { "[pscustomobject]@{ ConnectionId = $null; ApiKey = $key } | Set-Connection", "-ConnectionId is empty" },
        { "[pscustomobject]@{ ConnectionId = ''; ApiKey = $key } | Set-Connection", "-ConnectionId is empty" },
        { "[pscustomobject]@{ ConnectionId = $named; ApiKey = '' } | Set-Connection", "-ApiKey is empty" },
        { "[pscustomobject]@{ ConnectionId = $named; ApiKey = $null } | Set-Connection", "-ApiKey is empty" },
    };

    /// <summary>A provider and a change that is not for it.</summary>
    public static TheoryData<string, string> WrongProvider => new(
        from provider in new[] { "API", "api", " Api ", "Open AI", "openai", "Anthropic", "AzureOpenAI", "Something new" }
        let isCustom = provider.Trim().Equals("api", StringComparison.OrdinalIgnoreCase)
        from change in isCustom ? ["-ApiKey $key"] : new[] { "-Name x", "-Header @{ a = 'b' }", "-Replace -Name x -EndpointUrl https://x.example.com -Payload @{} -OutputPath y" }
        select (provider, change));

    [Theory, MemberData(nameof(KeyForms))]
    public void AKeyIsChangedWithPatch(string script)
    {
        ReadNamed();
        ShellResult result = Changes(script, _named, "PATCH", KeyBody);
        Assert.Empty(result.Output);
    }

    [Theory, MemberData(nameof(Changing))]
    public void OnlyWhatIsTypedIsSent(string typed, string body) => Changes($"Set-Connection $custom {typed}", _custom, "PATCH", body);

    [Theory, MemberData(nameof(ChangingMapped))]
    public void SoItIsForAMappedOne(string typed, string body) => Changes($"Set-Connection $mapped {typed}", _mapped, "PATCH", body);

    [Theory, MemberData(nameof(Changing))]
    public void APipedConnectionSendsNothingOfItsOwn(string typed, string body)
    {
        PSObject detailed = Shell.RunClean("Get-Connection -ConnectionId $custom").Single();
        Shell.Set("detailed", detailed).Set("clixml", PSSerializer.Deserialize(PSSerializer.Serialize(detailed, 8)));
        foreach (string source in new[] { "$detailed", "$clixml", "[pscustomobject]@{ ConnectionId = $custom; Provider = 'API'; Name = 'no'; Model = 'no'; EndpointUrl = 'no'; Payload = '{}'; Header = '{}'; Status = 'DRAFT'; ApiKey = 'no'; Feature = 'no'; Replace = $true }" })
        {
            Place.Forget();
            Changes($"{source} | Set-Connection {typed}", _custom, "PATCH", body);
        }
    }

    [Fact]
    public void ReplaceSendsTheWhole() => Changes(
        "Set-Connection $custom -Replace -Name x -Model y -EndpointUrl https://x.example.com -Header @{ a = $key } -Payload @{ b = 2 } -OutputPath y", _custom, "PUT",
        $$"""
        {
          "connectionName": "x", "model": "y", "endpointUrl": "https://x.example.com", "headers": [{ "key": "a", "value": "{{Key}}" }], "status": "FINALIZED",
          "payload": { "b": 2 }, "outputPath": "y", "promptVars": {{Prompts("prompt")}}, "customVars": []
        }
        """);

    [Fact]
    public void ReplaceSendsTheWholeOfAMappedOne() => Changes(
        "$mapped | Set-Connection -Replace:$true -Name x -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Status DRAFT", _mapped, "PUT",
        $$"""
        {
          "connectionName": "x", "endpointUrl": "https://x.example.com", "headers": [], "status": "DRAFT",
          "mapProvider": "openAIModel", "llmFeatures": {{Features("streaming")}}, "IOMappings": ["textToText"], "idp": "none"
        }
        """);

    [Theory, MemberData(nameof(WrongProvider))]
    public void AChangeThatIsNotForTheProviderIsRefused(string provider, string change)
    {
        Shell.Set("provider", provider);
        string words = change.StartsWith("-ApiKey", StringComparison.Ordinal) ? "The connection is a custom API" : "only the key can be changed";
        RefusesSaying($"[pscustomobject]@{{ ConnectionId = 'cn-1'; Provider = $provider }} | Set-Connection {change}", words);
        RefusesSaying($"Set-Connection cn-1 -Provider $provider {change}", words);
    }

    [Theory, MemberData(nameof(Refused))]
    public void WhatCannotBeRightIsRefused(string script, string words) => RefusesSaying(script, words);

    [Theory]
    [InlineData("5 | Set-Connection -ApiKey $key", "InputObjectNotBound")]
    [InlineData("[datetime]::Now | Set-Connection -ApiKey $key", "InputObjectNotBound")]
    [InlineData("[System.IO.FileInfo]::new('cn-1') | Set-Connection -ApiKey $key", "InputObjectNotBound")]
    [InlineData("@{ ConnectionId = $named; ApiKey = $key } | Set-Connection", "InputObjectNotBound")]
    [InlineData("[pscustomobject]@{ ApiKey = $key } | Set-Connection", "InputObjectMissingMandatory")]
    [InlineData("[pscustomobject]@{ ConnectionId = $named } | Set-Connection", "InputObjectMissingMandatory")]
    [InlineData("[pscustomobject]@{ ConnectionId = 5; ApiKey = $key } | Set-Connection", "ParameterArgumentTransformationError")]
    [InlineData("Set-Connection 5 $key", "ParameterArgumentTransformationError")]
    [InlineData("Set-Connection @{ a = 1 } $key", "ParameterArgumentTransformationError")]
    [InlineData("@() | Set-Connection -ApiKey $key")]
    [InlineData("@() | Set-Connection -Name x")]
    public void AStrayObjectIsNoId(string script, params string[] errorIds) => Refuses(script, errorIds);

    [Fact]
    public void RowsAreEmittedInTheirOrder()
    {
        ShellResult result = Shell.Run("""
            [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-one' },
            [pscustomobject]@{ ConnectionId = 'cn-missing'; ApiKey = 'sk-two' },
            [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-***' },
            [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-three' } | Set-Connection -PassThru
            """);
        Assert.Equal([NotFound, InvalidInput], result.ErrorIds);
        Assert.Equal(["cn-missing", _named], result.AllErrors.Select(e => (string)e.TargetObject));
        AssertBodies([.. new[] { "sk-one", "sk-two", "sk-three" }.Select(k => KeyBody.Replace(Key, k, StringComparison.Ordinal))]);
        Assert.True(Place.Sandbox.HasKey(_named, "sk-three"));
        Assert.Equal([_named, _named], result.Output.Select(o => o.Properties["ConnectionId"].Value));
    }

    [Fact]
    public void AMixedListingChangesWhatTheKeyIsFor()
    {
        ShellResult result = Shell.Run("Get-Connection | Set-Connection -ApiKey $key");
        Assert.Equal([InvalidInput, InvalidInput], result.ErrorIds);
        SandboxRequest change = Assert.Single(Place.Writes);
        Assert.EndsWith(_named, change.Target, StringComparison.Ordinal);
    }

    private string Create(string script) => (string)Shell.RunClean(script).Single().Properties["ConnectionId"].Value;

    private void ReadNamed()
    {
        PSObject detailed = Shell.RunClean("Get-Connection -ConnectionId $named").Single();
        Shell.Set("live", Shell.RunClean("Get-Connection a").Single()).Set("detailed", detailed).Set("clixml", PSSerializer.Deserialize(PSSerializer.Serialize(detailed, 2)));
        Place.Forget();
    }
}
