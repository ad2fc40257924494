using System.Linq;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>Lists and variables: names, cells split at semicolons, tables, JSON.</summary>
public sealed class VariableTests : BindingTest
{
    private const string Tone = """{ "name": "tone", "displayName": "Tone", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""";
    private const string Language = """{ "name": "target_language", "displayName": "Target language", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }""";

    public static TheoryData<string, string> PromptForms => new()
    {
        { "'prompt'", Prompts("prompt") },
        { "'prompt', 'examples'", Prompts("prompt", "examples") },
        { "'prompt; SYSTEM_PROMPT'", Prompts("prompt", "system_prompt") },
        { "'prompt;;examples;'", Prompts("prompt", "examples") },
        { "'[\"system_prompt\", \"prompt\"]'", Prompts("prompt", "system_prompt") },
        { "@{ name = 'prompt' }", Prompts("prompt") },
        { "@{ Name = 'prompt'; DefaultValue = 'hlo' }", Prompts("prompt").Replace("\"Prompt\", \"status\": true, \"dataType\": \"String\", \"elementType\": \"textBox\", \"defaultValue\": \"\"", "\"Prompt\", \"status\": true, \"dataType\": \"String\", \"elementType\": \"textBox\", \"defaultValue\": \"hlo\"") },
        { "[pscustomobject]@{ name = 'prompt'; status = $false }", Prompts() },
        { "[ordered]@{ name = 'examples'; status = $true; examples = $true }, 'prompt'", Prompts("prompt", "examples") },
        { "'{ \"name\": \"prompt\" }'", Prompts("prompt") },
        { "'[{ \"name\": \"prompt\", \"status\": false }, \"examples\"]'", Prompts("examples") },
        { "@()", Prompts() },
    };

    public static TheoryData<string, string> CustomForms => new()
    {
        { "'tone'", $"[{Tone}]" },
        { "'tone', 'target_language'", $"[{Tone}, {Language}]" },
        { "'target_language; tone'", $"[{Language}, {Tone}]" },
        { "'[\"tone\"]'", $"[{Tone}]" },
        { "@{ name = 'tone' }, 'target_language'", $"[{Tone}, {Language}]" },
        { "@{ name = 'tone'; required = $true; displayName = 'T'; defaultValue = 'dry' }", $"[{Merge(Tone, """{ "required": true, "displayName": "T", "defaultValue": "dry" }""")}]" },
        { "@{ name = 'tone'; description = 'kept'; limits = @(1, 2) }", $"[{Merge(Tone, """{ "description": "kept", "limits": [1, 2] }""")}]" },
        { "'[{ \"name\": \"tone\" }, { \"name\": \"target_language\", \"status\": true }]'", $"[{Tone}, {Language}]" },
        { "@()", "[]" },
    };

    public static TheoryData<string, string> FeatureForms => new()
    {
        { "'streaming'", Features("streaming") },
        { "'STREAMING', 'toolcalling', 'streaming'", Features("toolCalling", "streaming") },
        { "'dataGeneration; structuredResponse ;'", Features("dataGeneration", "structuredResponse") },
        { "'[\"supportTools\", \"parallelToolCalling\"]'", Features("supportTools", "parallelToolCalling") },
        { "'{ \"streaming\": true, \"toolCalling\": false }'", Features("streaming") },
    };

    public static TheoryData<string, string> MappingForms => new()
    {
        { "'textToImage'", """["textToImage"]""" },
        { "'imagetotext', 'textToText'", """["imageToText", "textToText"]""" },
        { "'audioToText;textToText;audioToText'", """["audioToText", "textToText"]""" },
        { "'[\"textToText\", \"textToImage\"]'", """["textToText", "textToImage"]""" },
        { "''", """["textToText"]""" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "@custom -PromptVariable prompt, tone", "-PromptVariable 'tone' is not known. Accepted are prompt, system_prompt, examples" },
        { "@custom -PromptVariable @{ status = $true }", "holds a variable without a name" },
        { "@custom -CustomVariable @{ displayName = 'x' }", "holds a variable without a name" },
        { "@custom -CustomVariable '[{ \"name\": \"\" }]'", "holds a variable without a name" },
        { "@custom -CustomVariable '[{ ]'", "-CustomVariable is not JSON" },
        { "@custom -CustomVariable @{ name = 'x'; defaultValue = $key }", "holds a SecureString, which JSON cannot carry" },
        { "@custom -PromptVariable @{ name = @(1) }", "-PromptVariable is no text" },
        { "@mapped -IOMapping textToSpeech", "-IOMapping 'textToSpeech' is not known. Accepted are textToText, textToImage, imageToText, audioToText" },
        { "@mapped -IOMapping 'textToText;'';'", "is not known" },
    };

    [Theory, MemberData(nameof(PromptForms))]
    public void PromptVariables(string given, string sent) => Everywhere("custom", "PromptVariable", given, Custom($$"""{ "promptVars": {{sent}} }"""));

    [Theory, MemberData(nameof(CustomForms))]
    public void CustomVariables(string given, string sent) => Everywhere("custom", "CustomVariable", given, Custom($$"""{ "customVars": {{sent}} }"""));

    [Theory, MemberData(nameof(FeatureForms))]
    public void FeaturesAreTheNamesOfThoseThatAreOn(string given, string sent) => Everywhere("mapped", "Feature", given, Mapped($$"""{ "llmFeatures": {{sent}} }"""));

    [Theory, MemberData(nameof(MappingForms))]
    public void Mappings(string given, string sent) => Everywhere("mapped", "IOMapping", given, Mapped($$"""{ "IOMappings": {{sent}} }"""));

    [Theory, MemberData(nameof(Refused))]
    public void WhatIsNoneOfThemIsRefused(string arguments, string words) => RefusesSaying("New-Connection " + arguments, words);

    [Theory]
    [InlineData("{{prompt}}", "prompt")]
    [InlineData("nothing", "prompt")]
    [InlineData("{{system_prompt}} {{examples}}", "prompt", "system_prompt", "examples")]
    public void WithoutPromptVariablesThePayloadTells(string text, params string[] on)
    {
        Shell.Set("text", text);
        Creates("$custom.Payload = @{ t = $text }; New-Connection @custom", Custom($$"""{ "payload": { "t": "{{text}}" }, "promptVars": {{Prompts(on)}} }"""));
    }

    // Typed, bound from a property, and read from a row: one rule.
    private void Everywhere(string table, string parameter, string given, string body)
    {
        string[] scripts =
        [
            $"$t = ${table}.Clone(); $t.Name = 'n0'; $t.{parameter} = {given}; New-Connection @t",
            $"$t = ${table}.Clone(); $t.Name = 'n1'; $t.Remove('{parameter}'); [pscustomobject]@{{ {parameter} = ({given}) }} | New-Connection @t",
            $"$t = ${table}.Clone(); $t.Name = 'n2'; $t.Provider = 'API'; $t.{parameter} = {given}; $t | New-Connection",
        ];
        Creates(string.Join("\n", scripts), scripts.Select((_, i) => Merge(body, $$"""{ "connectionName": "n{{i}}" }""")).ToArray());
    }
}
