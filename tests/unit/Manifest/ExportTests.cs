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

    private static (ManifestNode Manifest, IReadOnlyList<string> Warnings) Export(params Connection[] connections)
    {
        var export = new ManifestExport();
        export.Announce(connections);
        return (export.Make(connections), export.Warnings);
    }
}
