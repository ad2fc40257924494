using System;
using System.Linq;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>What an interactive host is asked for: the mandatory parameters, in the order of their declaration.</summary>
public sealed class PromptTests : BindingTest
{
    private static readonly string Azure = Merge(OpenAI(), $$"""
        { "provider": "Azure Open AI", "modelType": "EASY_INTEGRATION", "fields": { "API_KEY": "{{Key}}", "api_version": "2024-08-01-preview", "your_resource_name": "res", "deployment_id": "dep" } }
        """);

    public static TheoryData<string, string[], string> Sets => new()
    {
        { "New-Connection -OpenAI", ["Name", "Model", "ApiKey"], OpenAI() },
        { "New-Connection -OpenAI -Model m", ["Name", "ApiKey"], OpenAI() },
        { "New-Connection -Anthropic -Name n", ["Model", "ApiKey"], Merge(OpenAI(), """{ "provider": "Anthropic", "modelType": "EASY_INTEGRATION" }""") },
        { "New-Connection -AzureOpenAI", ["Name", "Model", "ApiKey", "ResourceName", "DeploymentId", "ApiVersion"], Azure },
        { "New-Connection -CustomApi -Payload @{ a = 1 } -OutputPath x", ["Name", "EndpointUrl"], Custom() },
    };

    [Theory, MemberData(nameof(Sets))]
    public void WhatIsMissingIsAskedForInItsOrder(string script, string[] asked, string body)
    {
        Answer(asked);
        ShellResult result = Creates(script, body);
        Assert.Equal(asked, Asked(result));
        Assert.DoesNotContain(Key, result.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void AChangeAsksForIdAndKey()
    {
        string id = Place.Seed("n").Single();
        Shell.Host.Answers.Enqueue(id);
        Shell.Host.Answers.Enqueue(Shell.Secure(Key));
        ShellResult result = Changes("Set-Connection", id, "PATCH", $$"""{ "fields": { "API_KEY": "{{Key}}" } }""");
        Assert.Equal(["ConnectionId", "ApiKey"], Asked(result));
    }

    [Theory]
    [InlineData("env:KORE_TEST_PROMPT", null)]
    [InlineData("env:KORE_TEST_MISSING", "which is not set or empty")]
    [InlineData("sk-***", "holds a mask")]
    [InlineData("", "-ApiKey is empty")]
    public void AReferenceOrAMistakeAtThePromptIsReadLikeAnyOther(string typed, string? words)
    {
        Environment.SetEnvironmentVariable("KORE_TEST_PROMPT", Key);
        Shell.Host.Answers.Enqueue(Shell.Secure(typed));
        const string Script = "New-Connection -OpenAI -Name n -Model m";
        if (words is null)
        {
            Creates(Script, OpenAI());
        }
        else
        {
            RefusesSaying(Script, words);
        }
    }

    [Fact]
    public void AnEmptyAnswerIsRefused()
    {
        Shell.Host.Answers.Enqueue("");
        RefusesSaying("New-Connection -OpenAI -Model m -ApiKey $key", "-Name is empty");
    }

    [Theory]
    [InlineData("New-Connection")]
    [InlineData("New-Connection -OpenAI -Name n")]
    [InlineData("New-Connection -CustomApi")]
    [InlineData("Set-Connection")]
    [InlineData("Set-Connection cn-1")]
    public void WithoutAnAnswerNothingIsSent(string script) => Refuses(script, "MissingMandatoryParameter");

    [Theory]
    [InlineData("Get-Connection")]
    [InlineData("New-Connection @custom")]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey $key")]
    public void WhatIsCompleteAsksNothing(string script) => Assert.Empty(Asked(Shell.Run(script)));

    private void Answer(string[] asked)
    {
        foreach (string name in asked)
        {
            Shell.Host.Answers.Enqueue(name switch
            {
                "ApiKey" => Shell.Secure(Key),
                "Name" => "n",
                "Model" => "m",
                "ResourceName" => "res",
                "DeploymentId" => "dep",
                "ApiVersion" => "2024-08-01-preview",
                _ => (object)Endpoint,
            });
        }
    }

    private static string[] Asked(ShellResult result) => result.Shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
