namespace KoreConnections.Tests.Keys;

/// <summary>Other clients store what the module would refuse. Where that makes no difference to a key, it prevents no test of it.</summary>
public sealed class StoredValueTests
{
    private static readonly string[] Refused = ["\"$.usage.in\"", "\"=x\"", "\"N/A\"", "\"a\\u0009b\"", "\"sk-made-up-0123456789abcdefMQAA\"", "{ \"a\": 1 }", "[\"a\", 1]", "17", "true", "null", "\"\""];

    private static readonly Dictionary<string, string> Own = new()
    {
        ["payload"] = """{ "q": "{{prompt}} {{tone}}" }""",
        ["outputPath"] = "\"a.b\"",
        ["inputTokensPath"] = "\"usage.in\"",
        ["customVars"] = """[{ "name": "tone", "defaultValue": "kind" }]""",
    };

    private static readonly Dictionary<string, string> Mapped = new() { ["mapProvider"] = "\"anthropicModel\"", ["llmFeatures"] = """{ "streaming": true }""" };

    public static TheoryData<string, string> Indifferent => new(
        from f in ConnectionFields.All
        where !f.MattersToKey && f != ConnectionFields.Provider
        from value in Refused
        select (f.WireName, value));

    [Theory, MemberData(nameof(Indifferent))]
    public void WhatMakesNoDifferenceToAKeyStopsNoTest(string wireName, string value)
    {
        var own = (CustomApiDefinition)Probe(Own, wireName, value).Definition;
        string? path = wireName != "inputTokensPath" ? "usage.in" : value is "17" or "true" ? value : null;
        Assert.Equal((path, "a.b"), (own.Settings.InputTokensPath, own.Settings.OutputPath));
        Assert.Equal("tone", Assert.Single(own.Settings.CustomVariables!).Name);
        Assert.Equal("anthropicModel", ((CustomApiDefinition)Probe(Mapped, wireName, value).Definition).Settings.MapProvider);
    }

    [Theory]
    [InlineData("customVars", """[{ "name": "a\tb", "defaultValue": "x" }, { "name": "tone", "defaultValue": "kind" }]""")]
    [InlineData("customVars", """[{ "name": "unused_key", "defaultValue": "***************" }, { "name": "Tone", "defaultValue": "kind" }]""")]
    [InlineData("promptVars", """[{ "name": "a\tb", "defaultValue": "x" }]""")]
    public void AVariableThatThePayloadDoesNotUseIsNone(string wireName, string value) =>
        Assert.Equal("tone", Assert.Single(((CustomApiDefinition)Probe(Own, wireName, value).Definition).Settings.CustomVariables!).Name, ignoreCase: true);

    /// <summary>Some platforms show the other shape's properties all the same.</summary>
    [Theory]
    [InlineData("payload", "{}"), InlineData("outputPath", "\"\""), InlineData("outputPath", "\"a\""), InlineData("outputTokensPath", "\"usage.out\"")]
    [InlineData("customVars", "[]"), InlineData("customVars", """[{ "name": "tone", "defaultValue": "kind" }]"""), InlineData("promptVars", "[]")]
    public void ThePropertiesOfTheOtherShapeStopNoTest(string wireName, string value) =>
        Assert.True(((CustomApiDefinition)Probe(Mapped, wireName, value).Definition).Settings.IsMapped);

    [Theory]
    [InlineData("endpointUrl", "\"ftp://llm.example.com\""), InlineData("outputPath", "\"$.a\""), InlineData("payload", "\"text\"")]
    [InlineData("payload", """{ "api_key": "***************" }""")]
    [InlineData("customVars", """[{ "name": "tone", "defaultValue": "sk***************MQAA" }]""")]
    [InlineData("headers", """[{ "key": "x y", "value": "a" }]"""), InlineData("mapProvider", "\"walkModel\"")]
    public void WhatMattersToAKeyStopsTheTest(string wireName, string value) =>
        Assert.Equal(KoreErrorKind.InvalidInput, Assert.Throws<KoreException>(() => Probe(Own, wireName, value)).Kind);

    private static KeyProbe Probe(Dictionary<string, string> shape, string wireName, string value)
    {
        var all = new Dictionary<string, string>(shape)
        {
            ["endpointUrl"] = "\"https://llm.example.com/v1\"",
            ["connectionName"] = "\"Own\"",
            [wireName] = value,
            ["connectionId"] = "\"cn-1\"",
            ["provider"] = "\"API\"",
        };
        string json = $"{{ {string.Join(", ", all.Select(p => $"\"{p.Key}\": {p.Value}"))} }}";
        Connection read = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(System.Text.Encoding.UTF8.GetBytes(json)))!;
        return new ConnectionCredential(null, [new Header("x-api-key", Secret.FromPlainText("made-up-key-0123456789"))]).Probe(read, null);
    }
}
