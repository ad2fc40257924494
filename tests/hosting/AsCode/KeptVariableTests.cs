using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>A manifest without promptVariable, whose payload switches variables on and off: the API replaces all of them, so the platform's values are sent again.</summary>
public sealed class KeptVariableTests : PlanTestBase
{
    private const string Prompt = """{ "name": "prompt", "displayName": "Question", "status": true, "dataType": "String", "elementType": "textArea", "defaultValue": "hlo", "required": false }""";
    private const string System = """{ "name": "system_prompt", "displayName": "Sys", "status": false, "dataType": "String", "elementType": "textBox", "defaultValue": "be kind", "required": true }""";
    private const string Examples = """{ "name": "examples", "displayName": "Ex", "status": false, "dataType": "String", "elementType": "textBox", "examples": true, "defaultValue": "e1", "required": false }""";
    private const string NoExamples = """{ "name": "examples", "displayName": "Examples", "status": false, "dataType": "String", "elementType": "textBox", "examples": true, "defaultValue": "", "required": false }""";
    private const string Both = """
        connections:
          - provider: API
            name: Own
            endpointUrl: https://llm.example.com
            payload: { p: "{{prompt}}", s: "{{system_prompt}}" }
            outputPath: a
        """;

    private static string On(string variable) => variable.Replace("\"status\": false", "\"status\": true", StringComparison.Ordinal);

    private static string Off(string variable) => variable.Replace("\"status\": true", "\"status\": false", StringComparison.Ordinal);

    /// <summary>What the platform shows, what the payload uses besides the question, what differs, what is sent.</summary>
    public static TheoryData<string[], string, string, string[]> Cases => new()
    {
        { [Prompt, System, Examples], "system_prompt", "promptVariable.system_prompt.status: false -> true", [Prompt, On(System), Examples] },
        { [Prompt, System, Examples], "examples", "promptVariable.examples.status: false -> true", [Prompt, System, On(Examples)] },
        { [Prompt, On(System), On(Examples)], "examples", "promptVariable.system_prompt.status: true -> false", [Prompt, System, On(Examples)] },
        { [Off(Prompt), System, Examples], "", "promptVariable.prompt.status: false -> true", [Prompt, System, Examples] },
        { [Examples, System, Prompt], "system_prompt", "promptVariable.system_prompt.status: false -> true", [Prompt, On(System), Examples] },
        { [Prompt, System.Replace("false", "\"off\"", StringComparison.Ordinal), Examples], "system_prompt", "promptVariable.system_prompt.status: off -> true", [Prompt, On(System), Examples] },
        // What the platform has besides, of a variable and as one.
        { [Prompt.Replace("\"required\"", "\"examples\": false, \"help\": { \"de\": [1, 2.5] }, \"required\"", StringComparison.Ordinal), System, Examples], "system_prompt", "promptVariable.system_prompt.status: false -> true", [Prompt.Replace("\"required\": false", "\"examples\": false, \"required\": false, \"help\": { \"de\": [1, 2.5] }", StringComparison.Ordinal), On(System), Examples] },
        { [Prompt, System, Examples, """{ "name": "tone", "displayName": "T", "status": true, "dataType": "Number", "elementType": "list", "defaultValue": 7, "required": true }"""], "system_prompt", "promptVariable.system_prompt.status: false -> true", [Prompt, On(System), Examples, """{ "name": "tone", "displayName": "T", "status": true, "dataType": "Number", "elementType": "list", "defaultValue": 7, "required": true }"""] },
        // What it does not show has the document's value, as before.
        { [Prompt, """{ "name": "system_prompt", "status": false, "defaultValue": null }"""], "system_prompt", "promptVariable.system_prompt.status: false -> true", [Prompt, """{ "name": "system_prompt", "displayName": "System prompt", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""", NoExamples] },
        // What is masked cannot be sent again, so that it is a difference.
        {
            [Prompt, System.Replace("be kind", "use sk-proj-4f1c7a90b2d84e3fa6MQAA", StringComparison.Ordinal), Examples], "system_prompt",
            "promptVariable.system_prompt.status: false -> true; promptVariable.system_prompt.defaultValue: use sk***MQAA ->", [Prompt, On(System).Replace("be kind", "", StringComparison.Ordinal), Examples]
        },
        {
            [Prompt, System, Examples, """{ "name": "api_key", "displayName": "K", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "Correct7Horse9Battery", "required": true }"""], "system_prompt",
            "promptVariable.system_prompt.status: false -> true; promptVariable.api_key.defaultValue: Co***tery ->", [Prompt, On(System), Examples, """{ "name": "api_key", "displayName": "K", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": true }"""]
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void OnlyWhatThePayloadDecidesChanges(string[] shown, string used, string difference, string[] sent)
    {
        string payload = $$$"""{ "p": "{{prompt}}"{{{(used.Length == 0 ? "" : $$$""", "s": "{{{{{used}}}}}" """)}}} }""";
        string id = Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\"}' -OutputPath a");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = Body(id, payload, shown) });
        string text = "connections: [{ provider: API, name: Own, endpointUrl: 'https://llm.example.com', outputPath: a, payload: " + payload + " }]\n";
        Assert.Equal(difference, Shown(Assert.Single(_place.Compare(text))));
        _place.Place.Forget();
        ConnectionPlanItem item = Assert.Single(_place.Sync(text));
        Assert.Equal((difference, SyncOutcome.Done), (Shown(item), item.OutcomeValue));
        Assert.Empty(item.StillDifferent);
        Assert.Equal(shown.Select(v => $"promptVariable.{JsonNode.Parse(v)!["name"]}").Order(), item.SentAgain.Order());
        Assert.Contains("so these are sent again: promptVariable.prompt, promptVariable.system_prompt", item.Reason, StringComparison.Ordinal);
        Assert.EndsWith(item.SentAgain[^1] + ".", item.Reason, StringComparison.Ordinal);
        AssertBody("PATCH", id, $$"""{ "promptVars": [{{string.Join(", ", sent)}}] }""");
    }

    /// <summary>The platform's own spelling of a name is the same name, so that nothing is sent twice.</summary>
    [Fact]
    public void ANameIsTheSameInAnyCase()
    {
        string id = Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\"}' -OutputPath a");
        string[] shown = [Prompt.Replace("\"prompt\"", "\"Prompt\"", StringComparison.Ordinal), System.Replace("\"system_prompt\"", "\"System_Prompt\"", StringComparison.Ordinal), Examples];
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = Body(id, """{ "p": "{{prompt}}", "s": "{{system_prompt}}" }""", shown) });
        _place.Place.Forget();
        _place.Sync(Both);
        AssertBody("PATCH", id, $$"""{ "promptVars": [{{string.Join(", ", Prompt, On(System), Examples)}}] }""");
    }

    /// <summary>The same with a sandbox that stores what it gets: the next plan has nothing to do, and nothing was lost.</summary>
    [Fact]
    public void NothingIsLost()
    {
        Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\"}' -OutputPath a -PromptVariable @{ name = 'prompt'; defaultValue = 'hlo'; required = $false }, @{ name = 'system_prompt'; status = $false; defaultValue = 'be kind' }");
        Assert.Equal(SyncOutcome.Done, Assert.Single(_place.Sync(Both)).OutcomeValue);
        AssertInSync(Both);
        string variables = JsonNode.Parse(_place.Shell.RunClean("(Get-Connection Own -Detailed).PromptVariable | ConvertTo-Json -Compress").Single().ToString()!)!.ToJsonString();
        Assert.Contains("\"defaultValue\":\"hlo\"", variables, StringComparison.Ordinal);
        Assert.Contains("\"defaultValue\":\"be kind\"", variables, StringComparison.Ordinal);
    }

    /// <summary>Where the states are as they are to be, no value is a difference, and nothing is sent.</summary>
    [Theory]
    [InlineData("be kind")]
    [InlineData("use sk-proj-4f1c7a90b2d84e3fa6MQAA")]
    public void ValuesAloneAreNoDifference(string value)
    {
        string id = Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\",\"s\":\"{{system_prompt}}\"}' -OutputPath a");
        _place.Place.Sandbox.Faults.Add(new Fault
        {
            Method = "GET", Path = id, Times = 0, Status = 200,
            Body = Body(id, """{ "p": "{{prompt}}", "s": "{{system_prompt}}" }""", [Prompt, On(System).Replace("be kind", value, StringComparison.Ordinal), Examples]),
        });
        AssertInSync(Both);
    }

    private const string Tone = """{ "name": "tone", "displayName": "Tone", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""";
    private const string New = """{ "name": "neu", "displayName": "Neu", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""";

    private static string With(string variable, string more) => variable.Replace("false }", $"false, {more} }}", StringComparison.Ordinal);

    /// <summary>The variables of the platform, those of the manifest, what is sent again, what differs, what is sent: what the manifest cannot know stays.</summary>
    public static TheoryData<string[], string, string, string, string[]> Stated => new()
    {
        { [With(Tone, """ "options": ["a", "b"] """)], "tone, neu", "customVariable.tone.options", "customVariable.neu", [With(Tone, """ "options": ["a", "b"] """), New] },
        { [With(Tone, """ "max": 7, "help": { "de": [1, 2.5] } """)], "tone, neu", "customVariable.tone.max, customVariable.tone.help", "customVariable.neu", [With(Tone, """ "max": 7, "help": { "de": [1, 2.5] } """), New] },
        { [With(Tone, """ "examples": true """)], "tone, neu", "customVariable.tone.examples", "customVariable.neu", [Tone.Replace("\"defaultValue\"", "\"examples\": true, \"defaultValue\"", StringComparison.Ordinal), New] },
        // What the manifest states, or what says nothing, is not kept.
        { [With(Tone, """ "options": ["a"] """)], "{ name: tone, options: [b] }", "", "customVariable.tone.options[0]", [With(Tone, """ "options": ["b"] """)] },
        { [With(Tone, """ "Options": ["a"] """)], "{ name: tone, options: [b] }, neu", "", "customVariable.neu", [With(Tone, """ "options": ["b"] """), New] },
        { [With(Tone, """ "options": null """)], "tone, neu", "", "customVariable.neu", [Tone, New] },
        { [With(Tone, """ "options": ["a"] """)], "neu", "", "customVariable.neu, customVariable.tone", [New] },
        { [Tone], "tone, neu", "", "customVariable.neu", [Tone, New] },
        // A mask cannot be sent again, so that it is a difference.
        { [With(Tone, """ "apiKey": "****abcd", "max": 7 """)], "tone, neu", "customVariable.tone.max", "customVariable.neu, customVariable.tone.apiKey", [With(Tone, """ "max": 7 """), New] },
        { [With(Tone, """ "token": "********", "max": 7 """)], "tone, neu", "customVariable.tone.max", "customVariable.neu, customVariable.tone.token", [With(Tone, """ "max": 7 """), New] },
        { [With(Tone, """ "hint": "sk-***", "max": 7 """)], "tone, neu", "customVariable.tone.max", "customVariable.neu, customVariable.tone.hint", [With(Tone, """ "max": 7 """), New] },
        { [With(Tone, """ "secret": "***(set)", "max": 7 """)], "tone, neu", "customVariable.tone.max", "customVariable.neu, customVariable.tone.secret", [With(Tone, """ "max": 7 """), New] },
        { [With(Tone, """ "hint": "use sk-proj-4f1c7a90b2d84e3fa6MQAA", "max": 7 """)], "tone, neu", "customVariable.tone.max", "customVariable.neu, customVariable.tone.hint", [With(Tone, """ "max": 7 """), New] },
    };

    [Theory, MemberData(nameof(Stated))]
    public void OfAStatedListTheRestOfAVariableStays(string[] shown, string stated, string sentAgain, string differences, string[] sent)
    {
        string id = Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\"}' -OutputPath a");
        string body = Body(id, """{ "p": "{{prompt}}" }""", [Prompt]);
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = body[..^1] + $", \"customVars\": [{string.Join(", ", shown)}] }}" });
        string text = "connections: [{ provider: API, name: Own, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { p: '{{prompt}}' }, promptVariable: [" + Prompt + "], customVariable: [" + stated + "] }]\n";
        Assert.Equal(sentAgain, string.Join(", ", Assert.Single(_place.Compare(text)).SentAgain));
        _place.Place.Forget();
        ConnectionPlanItem item = Assert.Single(_place.Sync(text));
        Assert.Equal((differences, SyncOutcome.Done), (string.Join(", ", item.Difference.Select(d => d.Property)), item.OutcomeValue));
        AssertBody("PATCH", id, $$"""{ "customVars": [{{string.Join(", ", sent)}}] }""");
    }

    /// <summary>The same of the prompt's variables.</summary>
    [Fact]
    public void OfAStatedPromptTheRestOfAVariableStays()
    {
        string id = Create("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload '{\"p\":\"{{prompt}}\"}' -OutputPath a");
        string hinted = Prompt.Replace("false }", "false, \"hint\": \"h\" }", StringComparison.Ordinal);
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = Body(id, """{ "p": "{{prompt}}" }""", [hinted, System, Examples]) });
        string stated = Prompt.Replace("hlo", "hallo", StringComparison.Ordinal);
        _place.Place.Forget();
        ConnectionPlanItem item = Assert.Single(_place.Sync(
            "connections: [{ provider: API, name: Own, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { p: '{{prompt}}' }, promptVariable: [" + stated + ", " + System + ", " + Examples + "] }]\n"));
        Assert.Equal("promptVariable.prompt.hint", string.Join(", ", item.SentAgain));
        AssertBody("PATCH", id, $$"""{ "promptVars": [{{hinted.Replace("hlo", "hallo", StringComparison.Ordinal)}}, {{System}}, {{Examples}}] }""");
    }

    private static string Body(string id, string payload, string[] variables) =>
        $$"""{ "connectionId": "{{id}}", "connectionName": "Own", "provider": "API", "endpointUrl": "https://llm.example.com", "outputPath": "a", "payload": {{payload}}, "promptVars": [{{string.Join(", ", variables)}}] }""";

    private static string Shown(ConnectionPlanItem item) => string.Join("; ", item.Difference.Select(d => d.ToString())).Replace("***************", "***", StringComparison.Ordinal);
}
