namespace KoreConnections.Tests.AsCode;

/// <summary>What a platform holds that no manifest can: it is left out with a warning, and spoils nothing else.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData("Desk \uFFFE", 2)]
    [InlineData("Desk \uD800", 1)]
    public void ANameThatIsNotUnicodeSpoilsNoExport(string name, int exported)
    {
        (ManifestNode manifest, IReadOnlyList<string> warnings) = Export(
            new() { ConnectionId = "cn-1", ConnectionName = name, Provider = ApiValues.OpenAI, Model = "gpt-4o" },
            new() { ConnectionId = "cn-2", ConnectionName = "Other", Provider = ApiValues.OpenAI, Model = "gpt-4o" });
        Assert.Equal(exported, ManifestExport.Connections(manifest).Count);
        Assert.Equal(2 - exported, warnings.Count(w => w.Contains("was not exported because a manifest cannot contain it", StringComparison.Ordinal)));
    }

    /// <summary>What is incomplete is written all the same, but not where no file with it can be read.</summary>
    [Fact]
    public void AnIncompleteConnectionThatIsNestedTooDeepIsLeftOut()
    {
        string deep = new string('[', 110) + new string(']', 110);
        string json = $$"""{ "connectionId": "cn-1", "connectionName": "Deep", "provider": "API", "payload": { "a": {{deep}} } }""";
        Connection read = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(System.Text.Encoding.UTF8.GetBytes(json)))!;
        (ManifestNode manifest, IReadOnlyList<string> warnings) = Export(
            read, new() { ConnectionId = "cn-2", ConnectionName = "Other", Provider = ApiValues.OpenAI, Model = "gpt-4o" });
        Assert.Equal("Other", Assert.Single(ManifestExport.Connections(manifest)).Find("name")!.Text);
        Assert.Contains("nested more than 100 levels deep", Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>What is optional and makes no difference to a key is left out with a warning, and the rest is exported.</summary>
    [Theory]
    [InlineData("inputTokensPath", "\"$.usage.in\""), InlineData("inputTokensPath", "\"sk-made-up-0123456789abcdefMQAA\""), InlineData("outputTokensPath", "\"=x\"")]
    [InlineData("outputTokensPath", "\"a\\u0009b\""), InlineData("outputTokensPath", "\"sk***************MQAA\""), InlineData("inputTokensPath", "\"${env:X}\"")]
    [InlineData("idp", "\"a\\u0009b\"", true), InlineData("idp", "\"my profile sk-made-up-0123456789abcdefMQAA\"", true)]
    [InlineData("IOMappings", "[\"textToText\", \"textToDance\"]", true), InlineData("IOMappings", "\"dance\"", true)]
    public void AnOptionalValueThatARuleRefusesIsLeftOutAlone(string wireName, string value, bool isMapped = false)
    {
        string shape = isMapped ? """ "mapProvider": "openAIModel", "llmFeatures": { "streaming": true } """ : """ "payload": { "q": "{{prompt}}" }, "outputPath": "a" """;
        string json = $$"""{ "connectionId": "cn-1", "connectionName": "Own", "provider": "API", "endpointUrl": "https://llm.example.com", {{shape}}, "{{wireName}}": {{value}} }""";
        Connection read = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(System.Text.Encoding.UTF8.GetBytes(json)))!;
        (ManifestNode manifest, IReadOnlyList<string> warnings) = Export(
            read, new() { ConnectionId = "cn-2", ConnectionName = "Other", Provider = ApiValues.OpenAI, Model = "gpt-4o" });
        string name = ConnectionFields.OfWire(wireName)!.Name;
        Assert.Equal(2, ManifestExport.Connections(manifest).Count);
        Assert.Null(ManifestExport.Connections(manifest).Single(c => ManifestExport.NameOf(c) == "Own").Find(name));
        Assert.StartsWith($"'Own' was exported without {name}: a manifest cannot contain its value: {name} ", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", warnings[0], StringComparison.Ordinal);
    }

    private static (ManifestNode Manifest, IReadOnlyList<string> Warnings) Export(params Connection[] connections)
    {
        var export = new ManifestExport();
        export.Announce(connections);
        return (export.Make(connections), export.Warnings);
    }
}
