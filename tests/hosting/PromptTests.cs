using System.Collections;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests;

/// <summary>What an interactive host is asked for: the mandatory parameters, in the order of their declaration.</summary>
public sealed class PromptTests : IDisposable
{
    private const string Key = "sk-matrix-0123456789abcdef";
    private const string Named = $$"""  "connectionName": "n", "model": "m", "fields": { "API_KEY": "{{Key}}" """;
    private const string OpenAI = $$"""{ "provider": "Open AI", {{Named}} } }""";

    private readonly SandboxFixture _place = new();

    public PromptTests()
    {
        // On a slow machine there is progress, which asks nothing.
        Shell.RunClean("$ProgressPreference = 'SilentlyContinue'");
        Shell.Set("key", Shell.Secure(Key));
        Shell.Set("custom", new Hashtable { ["CustomApi"] = true, ["Name"] = "n", ["EndpointUrl"] = "https://llm.example.com/v1", ["Payload"] = new Hashtable { ["a"] = "{{prompt}}" }, ["OutputPath"] = "x" });
    }

    /// <summary>A command, what it asks for, and the properties that are sent for the answers.</summary>
    public static TheoryData<string, string[], string> Sets => new()
    {
        { "New-Connection -OpenAI", ["Name", "Model", "ApiKey"], OpenAI },
        { "New-Connection -OpenAI -Model m", ["Name", "ApiKey"], OpenAI },
        { "New-Connection -Anthropic -Name n", ["Model", "ApiKey"], $$"""{ "provider": "Anthropic", {{Named}} } }""" },
        {
            "New-Connection -AzureOpenAI", ["Name", "Model", "ApiKey", "ResourceName", "DeploymentId", "ApiVersion"],
            $$"""{ "provider": "Azure Open AI", {{Named}}, "api_version": "2024-08-01-preview", "your_resource_name": "res", "deployment_id": "dep" } }"""
        },
        { "New-Connection -CustomApi -Payload @{ a = '{{prompt}}' } -OutputPath x", ["Name", "EndpointUrl"], """{ "provider": "API", "connectionName": "n", "endpointUrl": "https://llm.example.com/v1" }""" },
    };

    private Shell Shell => _place.Shell;

    [Theory, MemberData(nameof(Sets))]
    public void WhatIsMissingIsAskedForInItsOrder(string script, string[] asked, string body)
    {
        Answer(asked);
        ShellResult result = Sends(script, "POST", "", body);
        Assert.Equal(asked, Asked(result));
        Assert.DoesNotContain(Key, result.Shown, StringComparison.Ordinal);
    }

    /// <summary>A key that somebody declines to give to one connection is not given to it: the next one gets it.</summary>
    [Fact]
    public void WhatIsDeclinedHasNotGotTheKey()
    {
        string id = _place.Seed("n").Single();
        string other = (string)Shell.RunClean("New-Connection -Anthropic -Name o -Model m -ApiKey $key").Single().Properties["ConnectionId"].Value;
        _place.Forget();
        // No, then Yes.
        Shell.Host.Answers.Enqueue(2);
        Shell.Host.Answers.Enqueue(0);
        Shell.Set("next", Shell.Secure("made-up-0123456789abcdef")).RunClean($"'{id}', '{other}' | Set-Connection -ApiKey $next -Confirm");
        Assert.EndsWith(other, Assert.Single(_place.Writes).Target, StringComparison.Ordinal);
    }

    /// <summary>Another connection of its provider has it by then.</summary>
    [Theory]
    [InlineData("$ids")]
    [InlineData("$ids | Get-Connection")]
    public void WhatIsDeclinedAfterwardsFreesNoKey(string rows)
    {
        string[] ids = [.. _place.Seed("n", "p")];
        string other = (string)Shell.RunClean("New-Connection -Anthropic -Name o -Model m -ApiKey $key").Single().Properties["ConnectionId"].Value;
        _place.Forget();
        // Yes, then No.
        Shell.Host.Answers.Enqueue(0);
        Shell.Host.Answers.Enqueue(2);
        Shell.Set("ids", (string[])[.. ids, other]).Set("next", Shell.Secure("made-up-0123456789abcdef"));
        ShellResult result = Shell.Run($"{rows} | Set-Connection -ApiKey $next -Confirm");
        Assert.Contains("was already used for Open AI", Assert.Single(result.AllErrors).ToString(), StringComparison.Ordinal);
        Assert.EndsWith(ids[0], Assert.Single(_place.Writes).Target, StringComparison.Ordinal);
    }

    [Fact]
    public void AChangeAsksForIdAndKey()
    {
        string id = _place.Seed("n").Single();
        Shell.Host.Answers.Enqueue(id);
        Shell.Host.Answers.Enqueue(Shell.Secure(Key));
        ShellResult result = Sends("Set-Connection", "PATCH", "/" + id, $$"""{ "fields": { "API_KEY": "{{Key}}" } }""");
        Assert.Equal(["ConnectionId", "ApiKey"], Asked(result));
    }

    [Theory]
    [InlineData("env:KORE_TEST_PROMPT", null)]
    [InlineData("env:KORE_TEST_MISSING", "which is not set or empty")]
    [InlineData("sk-***", "is a mask")]
    [InlineData("", "-ApiKey is empty")]
    public void AReferenceOrAMistakeAtThePromptIsReadLikeAnyOther(string typed, string? words)
    {
        Environment.SetEnvironmentVariable("KORE_TEST_PROMPT", Key);
        Shell.Host.Answers.Enqueue(Shell.Secure(typed));
        const string Script = "New-Connection -OpenAI -Name n -Model m";
        if (words is null)
        {
            Sends(Script, "POST", "", OpenAI);
        }
        else
        {
            Refuses(Script, "KoreInvalidInput", words);
        }
    }

    [Fact]
    public void AnEmptyAnswerIsRefused()
    {
        Shell.Host.Answers.Enqueue("");
        Refuses("New-Connection -OpenAI -Model m -ApiKey $key", "KoreInvalidInput", "-Name is empty");
    }

    [Theory]
    [InlineData("New-Connection -OpenAI -Name n")]
    [InlineData("New-Connection -CustomApi")]
    [InlineData("Set-Connection")]
    [InlineData("Set-Connection cn-1")]
    public void WithoutAnAnswerNothingIsSent(string script) => Refuses(script, "MissingMandatoryParameter");

    // A row cannot be typed at a prompt.
    [Theory]
    [InlineData("New-Connection")]
    [InlineData("New-Connection -Name n")]
    [InlineData("New-Connection -IfNotExists")]
    [InlineData("New-Connection -WhatIf")]
    public void WithoutAProviderTheFormsAreNamed(string script)
    {
        Refuses(script, "KoreInvalidInput", "Use one of -OpenAI, -Anthropic, -AzureOpenAI and -CustomApi with its parameters, or pipe rows");
        Assert.Empty(Asked(Shell.Run(script)));
    }

    [Theory]
    [InlineData("Get-Connection")]
    [InlineData("New-Connection @custom")]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey $key")]
    public void WhatIsCompleteAsksNothing(string script) => Assert.Empty(Asked(Shell.Run(script)));

    // PowerShell turns the verbose preference of a cmdlet with -Debug into a question, which nobody answers in a build.
    [Fact]
    public void DebugAloneAsksNothing()
    {
        ShellResult result = Shell.Run("New-Connection -OpenAI -Name n -Model m -ApiKey $key -Debug");
        Assert.Empty(result.AllErrors);
        Assert.Single(result.Output);
        Assert.Contains(": 201 Created", result.Shown, StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    /// <summary>The script sends one request, whose body has these properties.</summary>
    private ShellResult Sends(string script, string method, string path, string body)
    {
        ShellResult result = Shell.Run(script);
        Assert.Empty(result.AllErrors);
        SandboxRequest request = Assert.Single(_place.Requests);
        Assert.Equal((method, "/api/public/connections" + path), (request.Method, request.Target));
        Assert.All(JsonNode.Parse(body)!.AsObject(), p => Assert.True(JsonNode.DeepEquals(p.Value, _place.SentBody![p.Key]), request.Body));
        return result;
    }

    /// <summary>The script sends nothing and fails.</summary>
    private void Refuses(string script, string errorId, string words = "")
    {
        ShellResult result = Shell.Run(script);
        Assert.Equal([errorId], result.ErrorIds);
        Assert.Contains(words, result.AllErrors[0].ToString(), StringComparison.Ordinal);
        Assert.Empty(_place.Requests);
    }

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
                _ => (object)"https://llm.example.com/v1",
            });
        }
    }

    private static string[] Asked(ShellResult result) => result.Shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
