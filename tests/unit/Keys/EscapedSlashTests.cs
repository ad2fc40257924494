using System.Reflection;

namespace KoreConnections.Tests.Keys;

/// <summary>An address that .NET Framework changes is not asked.</summary>
public sealed class EscapedSlashTests : KeyTesterTestBase
{
    [Theory]
    [InlineData("https://a/b%2Fc", "https://a/b/c", true)]
    [InlineData("https://a/b%2fc", "https://a/b/c", true)]
    [InlineData("https://a/b%5Cc", "https://a/b/c", true)]
    [InlineData("https://a/b%2Fc?d=%2F", "https://a/b/c?d=%2F", true)]
    [InlineData("https://a/b%2Fc", "https://a/b%2Fc", false)]
    [InlineData("https://a/b%2fc", "https://a/b%2Fc", false)]
    [InlineData("https://a/b%2Ec", "https://a/b.c", false)]
    [InlineData("https://a/b%7Ec", "https://a/b~c", false)]
    [InlineData("https://a/b%252Fc", "https://a/b%252Fc", false)]
    [InlineData("https://a/b", "https://a/b", false)]
    public void ALostSlashIsFound(string given, string sent, bool isLost) => Assert.Equal(isLost, ProbeRequest.HasLostSlash(given, sent));

    [Theory]
    [InlineData("OpenAI", false)]
    [InlineData("Anthropic", false)]
    [InlineData("API", false)]
    [InlineData("OpenAI", true)]
    [InlineData("Anthropic", true)]
    [InlineData("API", true)]
    public async Task TheKeyIsNotTestedThere(string provider, bool isChanged)
    {
        var gateway = new Uri(_provider.BaseUri.AbsoluteUri.TrimEnd('/') + "/a%2Fb%5Cc%2E");
        if (isChanged)
        {
            // This .NET changes none: as if it had been given with one more.
            typeof(Uri).GetField("_originalUnicodeString", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(gateway, gateway.AbsoluteUri + "%2F");
        }

        ConnectionDefinition definition = provider switch
        {
            "OpenAI" => new OpenAIDefinition { Model = "vendor/model", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) },
            "Anthropic" => new AnthropicDefinition { Model = "vendor/model", ApiKey = Secret.FromPlainText(FakeProviders.Key("good")) },
            _ => new CustomApiDefinition(new CustomApiSettings { EndpointUrl = "https://llm.example.com/model/arn%3Aaws%2Fx", Headers = [new Header("x-key", Secret.FromPlainText(FakeProviders.Key("good")))], MapProvider = "openAIModel" }) { Name = "A" },
        };
        KeyTestResult result = await _tester.TestAsync(KeyProbe.For(definition, gateway), new RequestContext());
        Assert.Equal(isChanged, result.RecommendedAction?.Contains("%2F", StringComparison.Ordinal) == true);
        Assert.Equal(isChanged ? 0 : 1, _provider.Requests.Count);
        if (isChanged)
        {
            Assert.Equal(KeyVerdict.Inconclusive, result.VerdictValue);
            Assert.Contains("PowerShell 7", result.Failure("")?.Message + result.RecommendedAction, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("/a%2Fb%5Cc", _provider.Requests.First().Target, StringComparison.Ordinal);
        }
    }
}
