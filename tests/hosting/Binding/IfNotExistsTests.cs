using System;
using System.Linq;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>New-Connection -IfNotExists: what is listed, what is created, what is told.</summary>
public sealed class IfNotExistsTests : BindingTest
{
    private const string Row = "& { process { [pscustomobject]@{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-4o'; ApiKey = $key } } }";

    private static readonly string Envelope = """{ "success": false, "error": { "code": "RESOURCE_CONFLICT", "message": "It exists" }, "meta": { "requestId": "req_1" } }""";

    [Theory]
    [InlineData("New-Connection -OpenAI -Name n -Model gpt-4o -ApiKey $key -IfNotExists")]
    [InlineData("'n' | " + Row + " | New-Connection -IfNotExists")]
    [InlineData("'n' | " + Row + " | New-Connection -OpenAI -IfNotExists")]
    [InlineData("'other' | " + Row + " | New-Connection -IfNotExists -Name n")]
    public void WhatExistsIsEmittedAndNothingIsSent(string script)
    {
        string id = Place.Seed("n").Single();
        ShellResult result = Shell.Run(script);
        AssertClean(result);
        Assert.Empty(result.Streams.Warning);
        Assert.Equal(id, result.Output.Single().Properties["ConnectionId"].Value);
        Assert.Equal(("GET", "/api/public/connections"), Assert.Single(Place.Requests.Select(r => (r.Method, r.Target))));
    }

    [Theory]
    [InlineData("New-Connection -OpenAI -Name n -Model m -ApiKey $key -IfNotExists", "Open AI and model gpt-4o, not Open AI and m")]
    [InlineData("New-Connection -Anthropic -Name n -Model gpt-4o -ApiKey $key -IfNotExists", "not Anthropic and gpt-4o")]
    [InlineData("New-Connection @custom -IfNotExists", "not API and")]
    [InlineData("New-Connection @custom -Model gpt-4o -IfNotExists", "not API and gpt-4o")]
    public void AnotherProviderOrModelIsAWarning(string script, string words)
    {
        Place.Seed("n");
        ShellResult result = Shell.Run(script);
        AssertClean(result);
        Assert.Single(result.Output);
        Assert.Contains(words, Assert.Single(result.Streams.Warning).Message, StringComparison.Ordinal);
        Assert.Empty(Place.Writes);
    }

    [Fact]
    public void ACustomApiWithoutAModelIsTheSame()
    {
        Shell.RunClean("New-Connection @custom -Model some");
        Place.Forget();
        ShellResult result = Shell.Run("New-Connection @custom -IfNotExists");
        AssertClean(result);
        Assert.Empty(result.Streams.Warning);
        Assert.Single(result.Output);
        Assert.Empty(Place.Writes);
    }

    [Fact]
    public void ManyRowsCostOneListing()
    {
        Place.Seed("b", "d");
        ShellResult result = Creates($"'a', 'b', 'c', 'd' | {Row} | New-Connection -IfNotExists", OpenAI("a", "gpt-4o"), OpenAI("c", "gpt-4o"));
        Assert.Equal("a b c d", string.Join(' ', result.Output.Select(c => c.Properties["ConnectionName"].Value)));
        Assert.Single(Place.Requests, r => r.Method == "GET");
    }

    [Fact]
    public void ARepeatedNameIsCreatedOnce()
    {
        ShellResult result = Creates($"'n', 'other', 'n' | {Row} | New-Connection -IfNotExists", OpenAI("n", "gpt-4o"), OpenAI("other", "gpt-4o"));
        Assert.Equal(result.Output[0].Properties["ConnectionId"].Value, result.Output[2].Properties["ConnectionId"].Value);
        Assert.Equal(3, Place.Requests.Count);
    }

    [Fact]
    public void NamesAreToldApartByCase()
    {
        Place.Seed("n");
        Creates($"'N' | {Row} | New-Connection -IfNotExists", OpenAI("N", "gpt-4o"));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("N")]
    public void AConflictCountsAsExisting(string existing)
    {
        // The listing is older than the connection that another made.
        string id = Place.Seed(existing).Single();
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = """{ "connections": [], "total": 0 }""" });
        Place.Sandbox.Faults.Add(new Fault { Method = "POST", Status = 409, Body = Envelope });
        ShellResult result = Shell.Run($"'n' | {Row} | New-Connection -IfNotExists");
        AssertClean(result);
        Assert.Equal(id, result.Output.Single().Properties["ConnectionId"].Value);
        Assert.Equal(["GET", "POST", "GET"], Place.Requests.Select(r => r.Method));
    }

    [Fact]
    public void AConflictAfterTheWorkCountsAsExisting()
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "POST", Status = 409, Body = Envelope, AfterWork = true });
        ShellResult result = Creates($"'n' | {Row} | New-Connection -IfNotExists", OpenAI("n", "gpt-4o"));
        Assert.Equal("n", result.Output.Single().Properties["ConnectionName"].Value);
    }

    [Fact]
    public void AConflictWithAnotherProviderIsAWarning()
    {
        Place.Seed("n");
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = """{ "connections": [], "total": 0 }""" });
        ShellResult result = Shell.Run("New-Connection -Anthropic -Name n -Model claude -ApiKey $key -IfNotExists");
        AssertClean(result);
        Assert.Single(result.Output);
        Assert.Contains("not Anthropic and claude", Assert.Single(result.Streams.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConflictThatNothingExplainsStaysOne()
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "POST", Status = 409, Body = Envelope });
        ShellResult result = Shell.Run($"'n' | {Row} | New-Connection -IfNotExists");
        Assert.Equal(["KoreConflict"], result.ErrorIds);
        Assert.Equal("n", result.AllErrors[0].TargetObject);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("New-Connection -OpenAI -Name n -Model gpt-4o -ApiKey $key")]
    [InlineData("'n' | " + Row + " | New-Connection")]
    public void WithoutItAConflictIsAnError(string script)
    {
        Place.Seed("n");
        ShellResult result = Shell.Run(script);
        Assert.Equal(["KoreConflict"], result.ErrorIds);
        Assert.Equal("POST", Assert.Single(Place.Requests).Method);
    }

    [Fact]
    public void WhatCannotBeListedIsNotCreated()
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 403, Times = 0 });
        ShellResult result = Shell.Run($"'n' | {Row} | New-Connection -IfNotExists");
        Assert.Equal(["KoreForbidden"], result.ErrorIds);
        Assert.Empty(Place.Writes);
    }

    [Fact]
    public void WhatIfListsAndWritesNothing()
    {
        Place.Seed("b");
        ShellResult result = Shell.Run($"'a', 'b' | {Row} | New-Connection -IfNotExists -WhatIf");
        AssertClean(result);
        Assert.Equal("b", result.Output.Single().Properties["ConnectionName"].Value);
        Assert.Equal("GET", Assert.Single(Place.Requests).Method);
        Assert.Contains("Create connection (Open AI, gpt-4o)", result.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ApiKey ''")]
    [InlineData("-ApiKey 'sk-***'")]
    [InlineData("-Name ''")]
    public void WhatCannotBeRightListsNothing(string typed) => Refuses($"'n' | {Row} | New-Connection -IfNotExists {typed}", InvalidInput);
}
