using System;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests;

/// <summary>What Tab offers. Completers never throw, prompt or print.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("Get-Connection -Provider ", new[] { "'Open AI'", "'Azure Open AI'", "Anthropic", "API" })]
    [InlineData("Get-Connection -Provider open", new[] { "'Open AI'" })]
    [InlineData("Get-Connection -Provider 'azureo", new[] { "'Azure Open AI'" })]
    [InlineData("Get-Connection -Status ", new[] { "ACTIVE", "INACTIVE" })]
    [InlineData("New-Connection -CustomApi -MapProvider g", new[] { "geminiModel" })]
    [InlineData("New-Connection -CustomApi -Feature s", new[] { "supportTools", "structuredResponse", "streaming" })]
    [InlineData("New-Connection -CustomApi -IOMapping textToI", new[] { "textToImage" })]
    [InlineData("New-Connection -CustomApi -PromptVariable s", new[] { "system_prompt" })]
    [InlineData("Set-Connection cn-1 -Status d", new[] { "DRAFT" })]
    [InlineData("New-Connection -OpenAI -Model gpt-4o", new[] { "gpt-4o", "gpt-4o-mini" })]
    [InlineData("New-Connection -AzureOpenAI -Model gpt-4o", new[] { "GPT-4o", "GPT-4o-mini" })]
    [InlineData("New-Connection -Anthropic -Model claude-3-5", new[] { "claude-3-5-haiku-20241022", "claude-3-5-sonnet-20241022" })]
    [InlineData("New-Connection -OpenAI -ApiKey ", new[] { "env:", "file:", "secret:" })]
    [InlineData("Connect-KorePlatform HOST s", new[] { "secret:" })]
    [InlineData("Get-Connection -Provider nothing-of-the-kind", new string[0])]
    public void ClosedListsAreOffered(string line, string[] expected)
    {
        using var shell = new Shell();
        Assert.Equal(expected, Complete(shell, line).Select(m => m.CompletionText));
    }

    [Fact]
    public void NamesAreQuotedAndEscapedAndFindThemselves()
    {
        using var place = new Workplace();
        string[] names = ["GPT [prod]", "it's", "plain", "two words", "‘curly’", "a`b", "$dollar", "-dash"];
        place.Seed(names);
        foreach (string name in names)
        {
            CompletionMatch match = Complete(place.Shell, "Get-Connection -Session $session -Name ").Single(m => m.ListItemText == name);
            Assert.Equal($"{name}: Open AI, gpt-4o, ACTIVE", match.ToolTip);
            PSObject found = Assert.Single(place.Shell.RunClean($"Get-Connection -Name {match.CompletionText}"));
            Assert.Equal(name, found.Properties["ConnectionName"].Value);
        }
    }

    [Theory]
    [InlineData("Connect-KorePlatform HOST -ApiKey ")]
    [InlineData("Set-Connection cn-1 -ApiKey ")]
    [InlineData("Test-ConnectionKey -OpenAI -ApiKey ")]
    [InlineData("Update-ConnectionKey cn-1 -PreviousApiKey ")]
    public void VariablesAreOfferedAsReferencesAndNeverRead(string command)
    {
        const string Value = "sk-in-a-variable-4f1c7a90MQAA";
        Environment.SetEnvironmentVariable("KORE_COMPLETED_KEY", Value);
        using var shell = new Shell();
        CompletionMatch match = Assert.Single(Complete(shell, command + "Env:kore_comp"));
        Assert.Equal("env:KORE_COMPLETED_KEY", match.CompletionText);
        Assert.DoesNotContain(Value, match.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void IdsAreFoundByNameToo()
    {
        using var place = new Workplace();
        string id = place.Seed("Alpha", "Beta")[1];
        CompletionMatch match = Assert.Single(Complete(place.Shell, "Set-Connection -Session $session -ConnectionId bet"));
        Assert.Equal(id, match.CompletionText);
        Assert.Equal($"{id} Beta", match.ListItemText);
        Assert.Equal(id, Assert.Single(Complete(place.Shell, $"Get-Connection -Session $session -ConnectionId {id[..8]}")).CompletionText);
    }

    [Fact]
    public void AServerThatHangsCostsAMomentOnce()
    {
        using SandboxServer sandbox = SandboxServer.Start();
        using var proxy = new FaultyProxy(sandbox.BaseUri, (_, _) => FaultAction.Silence);
        using Shell shell = Shell.ConnectedTo(sandbox, proxy.BaseUri, "-TimeoutSec 300");
        var watch = Stopwatch.StartNew();
        Assert.Empty(Complete(shell, "Get-Connection -Session $session -Name "));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
        Assert.Empty(Complete(shell, "Get-Connection -Session $session -Name a"));
        Assert.Single(proxy.Requests);
    }

    [Theory]
    [InlineData("$null")]
    [InlineData("$session")]
    public void WithoutASessionThatAnswersThereIsNothing(string session)
    {
        using var place = new Workplace();
        place.Shell.RunClean("Disconnect-KorePlatform -Session $session");
        ShellResult result = place.Shell.Run($"[System.Management.Automation.CommandCompletion]::CompleteInput('Get-Connection -Session {session} -Name ', {$"Get-Connection -Session {session} -Name ".Length}, $null).CompletionMatches");
        Assert.Empty(result.AllErrors);
        Assert.Empty(place.Requests);
    }

    private static CompletionMatch[] Complete(Shell shell, string line)
    {
        shell.Set("line", line);
        return [.. shell.RunClean("[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches | ForEach-Object { , @($_.CompletionText, $_.ListItemText, $_.ToolTip) }")
            .Select(m => ((object[])m.BaseObject).Select(p => (string)(p is PSObject wrapped ? wrapped.BaseObject : p)).ToArray())
            .Select(m => new CompletionMatch(m[0], m[1], m[2]))];
    }

    private sealed record CompletionMatch(string CompletionText, string ListItemText, string ToolTip);
}
