using System.Collections.Specialized;

namespace KoreConnections.Tests.AsCode;

/// <summary>What an export writes in place of a key, wherever a platform has one.</summary>
public sealed class ExportedKeyTests : ManifestTestBase
{
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
        string text = Export();
        Assert.Contains("https://llm.example.com/v1?alt=json&key=${env:KORE_KEY_OWN_KEY}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AIza", text, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("KORE_KEY_OWN_KEY", "AIzaSyA-0123456789");
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
        ConnectionDifference difference = Assert.Single(Assert.Single(_place.Compare(text.Replace("alt=json", "alt=sse", StringComparison.Ordinal))).Difference);
        Assert.DoesNotContain("AIza", difference.Old + difference.New, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/{0}/chat?alt=json", "/${{env:KORE_KEY_OWN_1_PATH1}}/chat?alt=json")]
    [InlineData("/v1/{0}", "/v1/${{env:KORE_KEY_OWN_1_PATH2}}")]
    [InlineData("/v1?x={0}", "/v1?x=${{env:KORE_KEY_OWN_1_X}}")]
    [InlineData("/v1?{0}", "/v1?${{env:KORE_KEY_OWN_1_[0-9A-F]{{8}}}}")]
    [InlineData("/v1#{0}", "/v1#${{env:KORE_KEY_OWN_1_[0-9A-F]{{8}}}}")]
    public void AKeyAnywhereInAnAddressIsAVariable(string address, string written)
    {
        const string Key = "sk-proj-AbC0123456789abcdefghijklmnop";
        string url = "https://llm.example.com" + string.Format(CultureInfo.InvariantCulture, address, Key);
        string read = string.Concat(_place.Shell.RunClean($"New-Connection -CustomApi -Name 'Own 1' -EndpointUrl '{url}' -Payload @{{ a = 1 }} -OutputPath x | Format-List * | Out-String"));
        Assert.DoesNotContain(Key, read, StringComparison.Ordinal);
        string text = Export();
        Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
        string pattern = Regex.Escape(string.Format(CultureInfo.InvariantCulture, written, Key)).Replace(@"\[0-9A-F]\{8}", "[0-9A-F]{8}", StringComparison.Ordinal);
        Assert.Matches("https://llm.example.com" + pattern, text);
        Environment.SetEnvironmentVariable(Regex.Match(text, @"\$\{env:(\w+)\}").Groups[1].Value, Key);
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
        Assert.Contains("KeyInEndpoint", string.Join(",", _place.Shell.RunClean("(Find-ConnectionIssue).Rule")), StringComparison.Ordinal);
    }

    [Fact]
    public void ATextOfAVariableIsExportedAsAnAddressIs()
    {
        _place.Shell.RunClean("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload @{ a = 1 } -OutputPath x -CustomVariable @{ name = 'tone'; hint = 'see ${env:PATH} at https://x.example.com/#1a2b3c4d5e6f7a8b9c0d' }");
        ShellResult result = _place.Shell.Run("Export-Connection $folder/e.yaml");
        Assert.Empty(result.Streams.Warning);
        string text = File.ReadAllText(Path.Combine(_place.Folder, "e.yaml"));
        Assert.DoesNotContain("1a2b3c4d", text, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(Regex.Match(text, @"(?<!\$)\$\{env:(\w+)\}").Groups[1].Value, "1a2b3c4d5e6f7a8b9c0d");
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
    }

    [Fact]
    public void AKeyInJsonThatIsTextIsNotWritten()
    {
        const string Inner = """{"model":"m","api_key":"sk-0123456789abcdef"}""";
        _place.Shell.RunClean($"New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload @{{ body = '{Inner}'; note = '{{\"api_key\":\"{{{{key}}}}\"}}' }} -OutputPath x");
        string text = Export();
        Assert.Contains("body: \"${env:KORE_KEY_OWN_PAYLOAD_BODY}\"", text, StringComparison.Ordinal);
        Assert.Contains("{{key}}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", text, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("KORE_KEY_OWN_PAYLOAD_BODY", Inner);
        Assert.Equal(PlanAction.InSync, Assert.Single(_place.Compare(text)).ActionValue);
    }

    private string Export()
    {
        _place.Shell.RunClean("Export-Connection $folder/e.yaml");
        return File.ReadAllText(Path.Combine(_place.Folder, "e.yaml"));
    }

    private static OrderedDictionary Header(string key, string value) => new(StringComparer.OrdinalIgnoreCase) { ["key"] = key, ["value"] = value };
}
