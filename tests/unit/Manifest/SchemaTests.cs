using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;

namespace KoreConnections.Tests.AsCode;

/// <summary>The schema that editors read says what the module accepts.</summary>
public sealed class SchemaTests
{
    private const string OpenAI = """ "provider": "OpenAI", "name": "n", "model": "m", "apiKey": "env:KORE_TEST_KEY" """;
    private const string Azure = """ "provider": "Azure Open AI", "name": "n", "model": "m", "apiKey": "env:KORE_TEST_KEY", "resourceName": "res", "deploymentId": "d", "apiVersion": "2024-06-01" """;
    private const string Own = """ "provider": "API", "name": "n", "endpointUrl": "https://llm.example.com", "payload": { "a": 1 }, "outputPath": "x" """;
    private const string Mapped = """ "provider": "API", "name": "n", "endpointUrl": "https://llm.example.com", "mapProvider": "openAIModel", "feature": ["streaming"] """;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "connections.schema.json"));
    private static readonly JsonObject Definitions = JsonNode.Parse(Text)!["definitions"]!.AsObject();
    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);

    public static TheoryData<string, string> Providers => new() { { "openAI", ApiValues.OpenAI }, { "anthropic", ApiValues.Anthropic }, { "azureOpenAI", ApiValues.AzureOpenAI }, { "customApi", ApiValues.CustomApi } };

    public static TheoryData<string> Valid => new()
    {
        """{ "connections": [] }""",
        """{ "connections": null, "version": 1, "$schema": "x", "x-anything": { "a": [1] } }""",
        Of(OpenAI),
        Of(OpenAI.Replace("\"m\"", "4", StringComparison.Ordinal)),
        Of(OpenAI.Replace("env:KORE_TEST_KEY", "ENV: KORE_TEST_KEY", StringComparison.Ordinal)),
        Of(OpenAI.Replace("OpenAI", "Anthropic", StringComparison.Ordinal)),
        Of(Azure),
        Of(Own),
        Of(Own + """, "model": "m", "header": { "x-api-key": "env:KORE_TEST_KEY", "Accept": "text/plain" }, "inputTokensPath": "a", "outputTokensPath": "b", "draft": true, "disabled": "${env:KORE_TEST_FLAG}" """),
        Of(Own + """, "header": [{ "key": "x-api-key", "value": "env:KORE_TEST_KEY" }], "promptVariable": ["prompt", { "name": "examples", "status": false }], "customVariable": ["a", { "name": "b" }] """),
        Of(Own + """, "promptVariable": "prompt", "customVariable": "tone" """),
        Of(Own + """, "model": null, "header": null, "inputTokensPath": null, "customVariable": null, "draft": null, "disabled": " TRUE " """),
        Of(Own.Replace("\"x\"", "12", StringComparison.Ordinal)),
        Of(Own.Replace("\"x\"", "\"${env:KORE_TEST_KEY}[0].b\"", StringComparison.Ordinal)),
        Of(Azure.Replace("\"d\"", "4", StringComparison.Ordinal)),
        Of(Mapped),
        Of(Mapped + """, "ioMapping": ["textToText"], "authorizationProfile": "none" """),
        Of(Mapped.Replace("[\"streaming\"]", "\"streaming\"", StringComparison.Ordinal)),
        """{ "connections": [], "version": "1", "$schema": null, "X-anything": 1 }""",
        """{ "connections": [], "version": 1.0, "$schema": 5 }""",
        Of(Own + """, "mapProvider": null, "feature": null, "ioMapping": null, "authorizationProfile": null """),
        Of(Mapped + """, "payload": null, "outputPath": null, "inputTokensPath": null, "outputTokensPath": null, "promptVariable": null, "customVariable": null """),
        Of(Mapped.Replace("openAIModel", " OPENAImodel", StringComparison.Ordinal).Replace("streaming", "Streaming ", StringComparison.Ordinal) + """, "ioMapping": "texttotext" """),
        Of(Own + """, "promptVariable": ["Prompt", { "name": "System_Prompt" }], "header": [{ "key": 1, "value": "b" }] """),
        Of(Own.Replace("\"x\"", "true", StringComparison.Ordinal)),
        Of(Own.Replace("{ \"a\": 1 }", "\" { \\\"a\\\": 1 }\"", StringComparison.Ordinal)),
        Of(Azure.Replace("\"d\"", "0.7", StringComparison.Ordinal).Replace("\"res\"", "true", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"n\"", "\"\\n a name\\t\"", StringComparison.Ordinal)),
    };

    public static TheoryData<string> Invalid => new()
    {
        "{}",
        "[]",
        """{ "conections": [], "connections": [] }""",
        """{ "version": 2, "connections": [] }""",
        """{ "connections": {} }""",
        """{ "connections": ["text"] }""",
        """{ "connections": [{}] }""",
        """{ "connections": [{ "provider": "OpenAI" }] }""",
        Of(OpenAI.Replace("OpenAI", "Gogle", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"model\"", "\"modle\"", StringComparison.Ordinal)),
        Of(OpenAI.Replace("env:KORE_TEST_KEY", "sk-0123456789abcdef", StringComparison.Ordinal)),
        Of(OpenAI.Replace("env:KORE_TEST_KEY", "sk-***************", StringComparison.Ordinal)),
        Of(OpenAI.Replace("env:KORE_TEST_KEY", "env:", StringComparison.Ordinal)),
        Of(OpenAI.Replace("env:KORE_TEST_KEY", "Bearer env:KORE_TEST_KEY", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"n\"", "\" \"", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"m\"", "[\"m\"]", StringComparison.Ordinal)),
        Of(OpenAI + """, "resourceName": "r" """),
        Of(Azure.Replace("\"res\"", "\"https://r.openai.azure.com\"", StringComparison.Ordinal)),
        Of(Azure.Replace("\"apiVersion\": \"2024-06-01\"", "\"feature\": \"streaming\"", StringComparison.Ordinal)),
        Of(Own + """, "apiKey": "env:KORE_TEST_KEY" """),
        Of(Own + """, "mapProvider": "openAIModel" """),
        Of(Own + """, "header": "x" """),
        Of(Own + """, "header": { "bad name": "x" } """),
        Of(Own + """, "header": { "Accept": [] } """),
        Of(Own + """, "header": { "Accept": "  " } """),
        Of(Own + """, "header": [{ "key": "x" }] """),
        Of(Own + """, "promptVariable": ["promt"] """),
        Of(Own + """, "customVariable": [{ "displayName": "x" }] """),
        Of(Own + """, "header": [{ "key": "a", "value": "b", "vlaue": "c" }] """),
        Of(Own + """, "customVariable": {} """),
        Of(Own + """, "draft": "maybe" """),
        Of(Own.Replace("https://", "", StringComparison.Ordinal)),
        Of(Own.Replace("{ \"a\": 1 }", "[]", StringComparison.Ordinal)),
        Of(Own.Replace("\"x\"", "\"$.x\"", StringComparison.Ordinal)),
        Of(Own.Replace("\"x\"", "\"a b\"", StringComparison.Ordinal)),
        Of(Own.Replace("\"x\"", "null", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"m\"", "null", StringComparison.Ordinal)),
        Of(Own.Replace("\"outputPath\": \"x\"", "\"draft\": true", StringComparison.Ordinal)),
        Of(Mapped.Replace("openAIModel", "openai", StringComparison.Ordinal)),
        Of(Mapped.Replace("[\"streaming\"]", "[]", StringComparison.Ordinal)),
        Of(Mapped.Replace("streaming", "flying", StringComparison.Ordinal)),
        Of(Mapped + """, "ioMapping": "textToVideo" """),
        Of(Mapped + """, "authorizationProfile": "a\tb" """),
        Of(Mapped + """, "payload": { "a": 1 } """),
        Of(Mapped.Replace("\"openAIModel\"", "null", StringComparison.Ordinal)),
        Of(Mapped.Replace("[\"streaming\"]", "null", StringComparison.Ordinal)),
        Of(Own.Replace("{ \"a\": 1 }", "null", StringComparison.Ordinal)),
        Of(Own + """, "customVariable": ["a\nb"] """),
        Of(OpenAI.Replace("\"n\"", "\"a\\tb\"", StringComparison.Ordinal)),
        Of(OpenAI.Replace("\"m\"", "\"a\\nb\"", StringComparison.Ordinal)),
        Of(Azure.Replace("\"res\"", "0.70", StringComparison.Ordinal)),
    };

    [Fact]
    public void TheSchemaIsMadeOfTheTableOfFields()
    {
        Assert.True(Text.ReplaceLineEndings("\n") == ManifestSchema.Text, "docs/connections.schema.json is not what the table of fields says. Run ./build.ps1 Docs.");
        Assert.All(ConnectionFields.All, field => Assert.EndsWith(".", field.Description, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Providers))]
    public void APropertyOfTheModuleIsOneOfTheSchema(string definition, string provider)
    {
        JsonNode schema = Definitions[definition]!;
        Assert.Equal(ConnectionFields.Of(provider).Select(p => p.Name), schema["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(ConnectionFields.RequiredOf(provider).Select(p => p.Name), Texts(schema["required"]));
        Assert.False((bool)schema["additionalProperties"]!);
    }

    [Fact]
    public void AValueOfTheModuleIsOneOfTheSchema()
    {
        Assert.Equal(ApiValues.Providers.Values.SelectMany(p => new[] { p.Replace(" ", "", StringComparison.Ordinal), p }).Distinct().Order(), Texts(Definitions["connection"]!["properties"]!["provider"]!["enum"]).Order());
        Assert.Equal(ApiValues.MapProviders.Values, Texts(Definitions["customApi"]!["properties"]!["mapProvider"]!["anyOf"]![0]!["enum"]));
        Assert.Equal(ApiValues.Features.Values, Texts(Definitions["customApi"]!["properties"]!["feature"]!["anyOf"]![0]!["enum"]));
        Assert.Equal(ApiValues.IOMappings.Values, Texts(Definitions["customApi"]!["properties"]!["ioMapping"]!["anyOf"]![0]!["enum"]));
        Assert.Equal(Variable.PromptNames.Values, Texts(Definitions["customApi"]!["properties"]!["promptVariable"]!["anyOf"]![0]!["enum"]));
    }

    [Theory, MemberData(nameof(Valid))]
    public void WhatIsValidIsValidForBoth(string manifest)
    {
        Assert.True(IsValid(manifest));
        Assert.Empty(Problems(manifest));
    }

    [Theory, MemberData(nameof(Invalid))]
    public void WhatIsInvalidIsInvalidForBoth(string manifest)
    {
        Assert.False(IsValid(manifest));
        Assert.NotEmpty(Problems(manifest));
    }

    /// <summary>Yes and no have one spelling. A platform may have anything else, so that a manifest may, too.</summary>
    [Theory]
    [InlineData("true"), InlineData("false"), InlineData("null"), InlineData("\" TRUE \""), InlineData("\"false\""), InlineData("\"${env:KORE_TEST_FLAG}\"")]
    [InlineData("\"maybe\""), InlineData("\"\""), InlineData("2"), InlineData("-1"), InlineData("0.5"), InlineData("\"y\""), InlineData("\"nein\"")]
    [InlineData("\"no\"", false), InlineData("\"Yes\"", false), InlineData("\" off \"", false), InlineData("\"ON\"", false), InlineData("\"enabled\"", false)]
    [InlineData("\"Disabled\"", false), InlineData("\"1\"", false), InlineData("\"0\"", false), InlineData("\"1.0\"", false), InlineData("\"0.0\"", false)]
    [InlineData("1", false), InlineData("0", false), InlineData("1.0", false), InlineData("0.00", false), InlineData("1e0", false)]
    public void AFlagOfAVariableIsTheSameForBoth(string value, bool isValid = true)
    {
        foreach (string property in new[] { "status", "required" })
        {
            foreach (string list in new[] { "promptVariable", "customVariable" })
            {
                string manifest = Of(Own + $$""", "{{list}}": [{ "name": "prompt", "{{property}}": {{value}} }] """);
                Assert.Equal((isValid, isValid), (IsValid(manifest), Problems(manifest).Count == 0));
            }
        }
    }

    // The module finds it when it reads the text as JSON.
    [Theory, InlineData("x"), InlineData("[1]"), InlineData("")]
    public void ATextThatIsNotAnObjectIsNotAPayload(string payload) =>
        Assert.False(IsValid(Of(Own.Replace("{ \"a\": 1 }", $"\"{payload}\"", StringComparison.Ordinal))));

    [Fact]
    public void WhateverIsExportedIsValid() => CsCheck.Check.Sample(
        RandomPlatform.Definitions,
        definitions =>
        {
            string manifest = ManifestWriter.Write(new ManifestExport().Make([.. definitions.Select(Told)]), isJson: true, []);
            Assert.True(IsValid(manifest), manifest);
        },
        iter: 300);

    private static string Of(string connection) => $$"""{ "connections": [{ {{connection}} }] }""";

    private static bool IsValid(string manifest) => Schema.Evaluate(JsonDocument.Parse(manifest).RootElement).IsValid;

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(t => (string)t!);

    private static IReadOnlyList<ManifestProblem> Problems(string manifest)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, manifest);
        try
        {
            var problems = new DiagnosticBag();
            new ManifestValidator(problems).Add(ManifestFile.Read(path, _ => "true", problems)!);
            return problems.Ordered();
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A platform that tells what it was sent.
    private static Connection Told(ConnectionDefinition definition) =>
        new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(JsonSerializer.SerializeToUtf8Bytes(SecretJsonContent.ToJson(definition.Write))))!;
}
