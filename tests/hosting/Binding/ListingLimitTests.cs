using System;
using System.Linq;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>A platform that lists two at most when no limit is asked for.</summary>
public sealed class ListingLimitTests : BindingTest
{
    private const string Incomplete = """{ "connections": [{ "connectionId": "cn-1", "connectionName": "a", "provider": "Open AI", "model": "m" }], "total": 5 }""";

    public ListingLimitTests()
        : base(new SandboxOptions { ListingLimit = 2 }) => Place.Seed("a", "b", "c", "d");

    [Theory]
    [InlineData("", "a b c d", "", "?limit=4")]
    [InlineData("d", "d", "", "?limit=4")]
    [InlineData("d -Limit 1", "d", "", "?limit=4")]
    [InlineData("* -Limit 3", "a b c", "", "?limit=4")]
    [InlineData("-Limit 3", "a b c", "?limit=3")]
    [InlineData("-Limit 1", "a", "?limit=1")]
    [InlineData("-Provider OpenAI", "a b c d", "?provider=Open%20AI", "?provider=Open%20AI&limit=4")]
    [InlineData("-Provider Anthropic", "", "?provider=Anthropic")]
    [InlineData("-Status ACTIVE c", "c", "?status=ACTIVE", "?status=ACTIVE&limit=4")]
    public void ASecondListingAsksForAll(string arguments, string names, params string[] queries)
    {
        ShellResult result = Shell.Run($"Get-Connection {arguments}");
        AssertClean(result);
        Assert.Empty(result.Streams.Warning);
        Assert.Equal(names, string.Join(' ', result.Output.Select(c => c.Properties["ConnectionName"].Value)));
        Assert.Equal(queries.Select(q => "/api/public/connections" + q), Place.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("a", 1, 1)]
    [InlineData("z*", 0, 1)]
    [InlineData("-Limit 1", 1, 0)]
    public void AListingThatStaysShortWarns(string arguments, int found, int warnings)
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = Incomplete, Times = 0 });
        ShellResult result = Shell.Run($"Get-Connection {arguments}");
        AssertClean(result);
        Assert.Equal((found, warnings), (result.Output.Count, result.Streams.Warning.Count));
        Assert.Equal(1 + warnings, Place.Requests.Count);
    }

    [Fact]
    public void ANameThatIsNotInAShortListingIsUnknown()
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = Incomplete, Times = 0 });
        ShellResult result = Shell.Run("Get-Connection z");
        Assert.Equal(["KoreUnexpectedResponse"], result.ErrorIds);
        Assert.Contains("is unknown", result.AllErrors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsCreatedFromAShortListing()
    {
        Place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = Incomplete, Times = 0 });
        ShellResult result = Shell.Run("'a', 'z', 'y' | & { process { @{ Provider = 'OpenAI'; Name = $_; Model = 'm'; ApiKey = $key } } } | New-Connection -IfNotExists");
        Assert.Equal(["KoreUnexpectedResponse", "KoreUnexpectedResponse"], result.ErrorIds);
        Assert.Equal(["z", "y"], result.AllErrors.Select(e => e.TargetObject));
        Assert.Equal("a", result.Output.Single().Properties["ConnectionName"].Value);
        Assert.Equal(2, Place.Requests.Count);
        Assert.Empty(Place.Writes);
    }

    [Fact]
    public void IfNotExistsLooksIntoTheWholeListing()
    {
        ShellResult result = Creates("'d', 'e' | & { process { @{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-4o'; ApiKey = $key } } } | New-Connection -IfNotExists", OpenAI("e", "gpt-4o"));
        Assert.Equal(["d", "e"], result.Output.Select(c => c.Properties["ConnectionName"].Value));
        Assert.Equal(3, Place.Requests.Count);
    }
}
