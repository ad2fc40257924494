using System.Diagnostics;

namespace KoreConnections.Tests;

/// <summary>What Tab offers of a session's connections. Completers never throw, prompt or print.</summary>
public sealed class CompletionTests
{
    [Fact]
    public void NamesAreQuotedAndEscapedAndFindThemselves()
    {
        using var place = new SandboxFixture();
        string[] names = ["GPT [prod]", "it's", "plain", "two words", "‘curly’", "a`b", "$dollar", "-dash"];
        place.Seed(names);
        foreach (string name in names)
        {
            CompletionMatch match = Complete(place.Shell, "Get-Connection -Session $session -Name ").Single(m => m.ListItemText == name);
            Assert.Equal($"{name}: Open AI, gpt-5.4-mini, ACTIVE", match.ToolTip);
            PSObject found = Assert.Single(place.Shell.RunClean($"Get-Connection -Name {match.CompletionText}"));
            Assert.Equal(name, found.Properties["ConnectionName"].Value);
        }
    }

    [Fact]
    public void IdsAreFoundByNameToo()
    {
        using var place = new SandboxFixture();
        string id = place.Seed("Alpha", "Beta")[1];
        CompletionMatch match = Assert.Single(Complete(place.Shell, "Set-Connection -Session $session -ConnectionId bet"));
        Assert.Equal(id, match.CompletionText);
        Assert.Equal($"{id} Beta", match.ListItemText);
        Assert.Equal(id, Assert.Single(Complete(place.Shell, $"Get-Connection -Session $session -ConnectionId {id[..8]}")).CompletionText);
    }

    [Fact]
    public void WhatTheSessionHasJustCreatedIsOffered()
    {
        using var place = new SandboxFixture();
        place.Seed("First");
        Assert.Equal(["First"], Names());
        Assert.Equal(["First"], Names());
        Assert.Single(place.Requests);
        place.Shell.RunClean("New-Connection -CustomApi -Name Second -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming");
        Assert.Equal(["First", "Second"], Names());
        Assert.Equal("Second: API, FINALIZED", Complete(place.Shell, "Get-Connection -Session $session -Name Sec").Single().ToolTip);

        string[] Names() => [.. Complete(place.Shell, "Get-Connection -Session $session -Name ").Select(m => m.ListItemText)];
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

    // Of no session at all, tests/Completion.Tests.ps1 says the same: here it would be the one of another test.
    [Fact]
    public void WithASessionThatHasEndedThereIsNothing()
    {
        using var place = new SandboxFixture();
        place.Shell.RunClean("Disconnect-KorePlatform -Session $session");
        const string Line = "Get-Connection -Session $session -Name ";
        ShellResult result = place.Shell.Run($"[System.Management.Automation.CommandCompletion]::CompleteInput('{Line}', {Line.Length}, $null).CompletionMatches");
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
