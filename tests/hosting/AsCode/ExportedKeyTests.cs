using System.Collections.Specialized;

namespace KoreConnections.Tests.AsCode;

/// <summary>What an export writes in place of a key, wherever a platform has one.</summary>
public sealed class ExportedKeyTests : IDisposable
{
    private readonly ManifestFixture _place = new();

    [Fact]
    public void OnlyHeadersThatHoldAKeyAreReferences()
    {
        var connection = new Connection { ConnectionName = "n", Provider = ApiValues.CustomApi };
        connection.AdditionalProperties["headers"] = new object[] { Header("Accept", "text/plain"), Header("x-api-key", "ab***************wxyz"), Header("X-Other", "sk-0123456789abcdef") };
        string yaml = ManifestWriter.Write(new ManifestExport().Make([connection]), isJson: false, []);
        Assert.Contains("      Accept: text/plain\n      x-api-key: env:KORE_KEY_N_X_API_KEY\n      X-Other: env:KORE_KEY_N_X_OTHER\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyInAnAddressIsNotWritten()
    {
        const string Address = "https://llm.example.com/v1?alt=json&key=AIzaSyA-0123456789";
        _place.Shell.RunClean($"New-Connection -CustomApi -Name Own -EndpointUrl '{Address}' -Payload @{{ a = 1 }} -OutputPath x");
        _place.Shell.RunClean("Export-Connection $folder/e.yaml");
        string text = File.ReadAllText(Path.Combine(_place.Folder, "e.yaml"));
        Assert.Contains("https://llm.example.com/v1?alt=json&key=${env:KORE_KEY_OWN_KEY}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AIza", text, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("KORE_KEY_OWN_KEY", "AIzaSyA-0123456789");
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
        ConnectionDifference difference = Assert.Single(Assert.Single(_place.Compare(text.Replace("alt=json", "alt=sse", StringComparison.Ordinal))).Difference);
        Assert.DoesNotContain("AIza", difference.Old + difference.New, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyInJsonThatIsTextIsNotWritten()
    {
        const string Inner = """{"model":"m","api_key":"sk-0123456789abcdef"}""";
        _place.Shell.RunClean($"New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload @{{ body = '{Inner}'; note = '{{\"api_key\":\"{{{{key}}}}\"}}' }} -OutputPath x");
        _place.Shell.RunClean("Export-Connection $folder/e.yaml");
        string text = File.ReadAllText(Path.Combine(_place.Folder, "e.yaml"));
        Assert.Contains("body: \"${env:KORE_KEY_OWN_PAYLOAD_BODY}\"", text, StringComparison.Ordinal);
        Assert.Contains("{{key}}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", text, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("KORE_KEY_OWN_PAYLOAD_BODY", Inner);
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
    }

    public void Dispose() => _place.Dispose();

    private static OrderedDictionary Header(string key, string value) => new(StringComparer.OrdinalIgnoreCase) { ["key"] = key, ["value"] = value };
}
