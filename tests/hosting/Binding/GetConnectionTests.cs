using System.Linq;
using System.Management.Automation;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>Get-Connection: which names are found, what is asked of the platform, what is read as an id.</summary>
public sealed class GetConnectionTests : BindingTest
{
    private static readonly string[] Names = ["GPT", "GPT [prod]", "GPT p", "gpt", "Claude*", "Claude 1", "what?", "back`tick", "[open"];

    /// <summary>Arguments and the names that come, in the listing's order for each pattern.</summary>
    public static TheoryData<string, string[]> Found => new()
    {
        { "", Names },
        { "-Name GPT", ["GPT"] },
        { "GPT", ["GPT"] },
        { "gpt", ["gpt"] },
        { "Gpt", ["GPT", "gpt"] },
        { "'GPT [prod]'", ["GPT [prod]"] },
        { "'GPT [op]'", ["GPT p"] },
        { "'GPT `[prod`]'", ["GPT [prod]"] },
        { "'gpt `[PROD`]'", ["GPT [prod]"] },
        { "'[OPEN'", ["[open"] },
        { "'GPT [PROD]'", ["GPT p"] }, // as a pattern it finds something, and that goes before another case
        { "'Claude*'", ["Claude*"] },
        { "'claude*'", ["Claude*", "Claude 1"] },
        { "'Claude`*'", ["Claude*"] },
        { "'what?'", ["what?"] },
        { "'*?'", Names },
        { "'*'", Names },
        { "'back`tick'", ["back`tick"] },
        { "'[open'", ["[open"] },
        { "'none*'", [] },
        { "'GPT [xyz]'", [] },
        { "'GPT', 'Claude 1'", ["GPT", "Claude 1"] },
        { "'Claude 1', 'GPT'", ["Claude 1", "GPT"] },
        { "'GPT', 'G*', 'gpt'", ["GPT", "GPT [prod]", "GPT p", "gpt"] },
        { "@()", [] },
        { "'G*' -Limit 2", ["GPT", "GPT [prod]"] },
        { "'G*' -Limit 20", ["GPT", "GPT [prod]", "GPT p", "gpt"] },
        { "'what?', 'G*' -Limit 2", ["what?", "GPT"] },
        { "-Limit 3", ["GPT", "GPT [prod]", "GPT p"] },
        { "'[open' -Limit 1", ["[open"] },
    };

    /// <summary>Names and ids of errors, in a platform that has connections and in one that has none.</summary>
    public static TheoryData<string, string> Missing => new(
        from name in new[] { "missing", "GPT [prod", "[", "[]", "a[", "a[b-[c]", "GPT `[none`]", "cn-11111111-2222-3333-4444-555555555555", "é" }
        from names in new[] { "", "GPT" }
        select (name, names));

    public static TheoryData<string, string> Targets => new()
    {
        { "", "" },
        { "-Limit 5", "?limit=5" },
        { "-Limit $null", "" },
        { "-Name GPT", "" },
        { "-Name GPT -Limit 1", "" },
        { "-Name G* -Limit 1 -Provider openai -Status active", "?provider=Open%20AI&status=ACTIVE" },
        { "-Provider OpenAI", "?provider=Open%20AI" },
        { "-Provider 'OPEN AI'", "?provider=Open%20AI" },
        { "-Provider AzureOpenAI", "?provider=Azure%20Open%20AI" },
        { "-Provider 'Azure Open AI'", "?provider=Azure%20Open%20AI" },
        { "-Provider anthropic", "?provider=Anthropic" },
        { "-Provider api", "?provider=API" },
        { "-Status Inactive", "?status=INACTIVE" },
        { "-Provider API -Status ACTIVE -Limit 7", "?provider=API&status=ACTIVE&limit=7" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "-Limit 0", "-Limit 0 is too small" },
        { "-Limit -1", "-Limit -1 is too small" },
        { "-Name GPT -Limit 0", "-Limit 0 is too small" },
        { "-Provider ''", "-Provider is empty" },
        { "-Status ''", "-Status is empty" },
        { "-Name ''", "-Name is empty" },
        { "-Name ' '", "-Name is empty" },
        { "-Name GPT, ''", "-Name is empty" },
        { "-ConnectionId ''", "-ConnectionId is empty" },
        { "-ConnectionId ' '", "-ConnectionId is empty" },
        { "-ConnectionId ..", "is not a connection's id" },
        { "-ConnectionId 'GPT [prod]'", "to find one by its name use Get-Connection -Name" },
        { "-Id \"cn`n1\"", "is not a connection's id" },
    };

    [Theory, MemberData(nameof(Found))]
    public void AnExactNameGoesBeforeAWildcard(string arguments, string[] names)
    {
        Place.Seed(Names);
        Assert.Equal(names, NamesOf(Shell.RunClean($"Get-Connection {arguments}")));
    }

    [Theory, MemberData(nameof(Missing))]
    public void ANameWithoutAMatchIsAnError(string name, string existing)
    {
        Place.Seed(existing.Length == 0 ? [] : [existing]);
        Shell.Set("name", name);
        ShellResult result = Shell.Run("Get-Connection $name");
        Assert.Equal([NotFound], result.ErrorIds);
        Assert.Equal((name, ErrorCategory.ObjectNotFound), (result.AllErrors[0].TargetObject, result.AllErrors[0].CategoryInfo.Category));
        Assert.Empty(result.Output);
    }

    [Fact]
    public void OneMissingNameDoesNotHideTheOthers()
    {
        Place.Seed(Names);
        ShellResult result = Shell.Run("Get-Connection 'missing', 'GPT', 'also missing', 'none*', 'Claude 1'");
        Assert.Equal([NotFound, NotFound], result.ErrorIds);
        Assert.Equal(["missing", "also missing"], result.AllErrors.Select(e => e.TargetObject));
        Assert.Equal(["GPT", "Claude 1"], NamesOf(result.Output));
    }

    [Theory, MemberData(nameof(Targets))]
    public void ThePlatformIsAskedOnce(string arguments, string query)
    {
        Place.Seed("GPT");
        Shell.RunClean($"Get-Connection {arguments}");
        Assert.Equal("/api/public/connections" + query, Assert.Single(Place.Requests).Target);
    }

    [Theory, MemberData(nameof(Refused))]
    public void WhatCannotBeRightIsRefused(string arguments, string words) => RefusesSaying($"Get-Connection {arguments}", words);

    [Theory]
    [InlineData("Get-Connection -Limit many", "CannotConvertArgumentNoMessage")]
    [InlineData("Get-Connection -Name GPT -ConnectionId cn-1", "AmbiguousParameterSet")]
    [InlineData("Get-Connection -ConnectionId cn-1 -Detailed", "AmbiguousParameterSet")]
    [InlineData("Get-Connection -ConnectionId $null", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Get-Connection -ConnectionId @()", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")]
    [InlineData("Get-Connection -ConnectionId 5", "ParameterArgumentTransformationError")]
    [InlineData("5 | Get-Connection", "InputObjectNotBound")]
    [InlineData("[datetime]::Now | Get-Connection", "InputObjectNotBound")]
    [InlineData("[System.IO.FileInfo]::new('cn-1') | Get-Connection", "InputObjectNotBound")]
    [InlineData("[guid]::Empty | Get-Connection", "InputObjectNotBound")]
    [InlineData("@{ ConnectionId = 'cn-1' } | Get-Connection", "InputObjectNotBound")]
    [InlineData("[pscustomobject]@{ Name = 'GPT' } | Get-Connection", "InputObjectNotBound")]
    [InlineData("'GPT' | Get-Connection -Name GPT", "InputObjectNotBound")]
    [InlineData("$null | Get-Connection", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Get-Connection $undefined", "ParameterArgumentValidationError")]
    [InlineData("Get-Connection -Name @($null)", "ParameterArgumentValidationError")]
    [InlineData("Get-Connection -Provider $undefined", "ParameterArgumentValidationError")]
    [InlineData("Get-Connection -Status $undefined", "ParameterArgumentValidationError")]
    [InlineData("Get-Connection -Provider $undefined | Set-Connection -ApiKey $key", "ParameterArgumentValidationError")]
    [InlineData("[System.Diagnostics.Process]::GetCurrentProcess() | Get-Connection", "ParameterArgumentTransformationError")]
    [InlineData("[pscustomobject]@{ Id = 5 } | Get-Connection", "ParameterArgumentTransformationError")]
    public void AStrayObjectIsPowerShellsOwnError(string script, string errorId) => Refuses(script, errorId);

    [Fact]
    public void AnEmptyPipelineListsNothing() => Refuses("@() | Get-Connection");

    [Theory]
    [InlineData("Get-Connection -ConnectionId $ids")]
    [InlineData("Get-Connection -Id $ids")]
    [InlineData("$ids | Get-Connection")]
    [InlineData(", $ids | Get-Connection")]
    [InlineData("$ids.ForEach({ ' ' + $_ }) | Get-Connection")]
    [InlineData("$ids.ForEach({ [pscustomobject]@{ ConnectionId = $_; Name = 'x' } }) | Get-Connection")]
    [InlineData("$ids.ForEach({ [pscustomobject]@{ id = $_ } }) | Get-Connection")]
    [InlineData("[pscustomobject]@{ ConnectionId = $ids } | Get-Connection")]
    [InlineData("$live | Get-Connection")]
    [InlineData("$clixml | Get-Connection")]
    public void IdsAreReadInTheirOrderAndOneThatIsMissingIsAnError(string script)
    {
        string[] ids = [.. Place.Seed("a", "b")];
        Shell.Set("live", new[] { Copy("a", ids[0]), Copy("gone", "cn-gone"), Copy("b", ids[1]) });
        Shell.Set("clixml", PSSerializer.Deserialize(PSSerializer.Serialize(Shell.Get("live"), 3)));
        Shell.Set("ids", new[] { ids[0], "cn-gone", ids[1] });
        ShellResult result = Shell.Run(script);
        Assert.Equal([NotFound], result.ErrorIds);
        Assert.Equal("cn-gone", result.AllErrors[0].TargetObject?.ToString()?.Trim());
        Assert.Equal(["a", "b"], NamesOf(result.Output));
        Assert.Equal(new[] { ids[0], "cn-gone", ids[1] }.Order(), Requested());
        Assert.All(result.Output, c => Assert.NotNull(c.Properties["Fields"].Value));
    }

    [Fact]
    public void DetailedReadsEachById()
    {
        string[] ids = [.. Place.Seed("a", "b", "c")];
        ShellResult result = Shell.Run("Get-Connection c, a -Detailed");
        AssertClean(result);
        Assert.Equal(["c", "a"], NamesOf(result.Output));
        Assert.All(result.Output, c => Assert.NotNull(c.Properties["Fields"].Value));
        Assert.Equal(new[] { "connections", ids[2], ids[0] }.Order(), Requested());
    }

    [Fact]
    public void DetailedGoesOnWhenOneIsGone()
    {
        string[] ids = [.. Place.Seed("a", "b")];
        Place.Sandbox.Faults.Add(new Fault { Path = ids[0], Status = 404 });
        ShellResult result = Shell.Run("Get-Connection -Detailed");
        Assert.Equal([NotFound], result.ErrorIds);
        Assert.Equal(["b"], NamesOf(result.Output));
    }

    // Sorted: reads are under way side by side.
    private string[] Requested() => [.. Place.Requests.Select(r => r.Target.Split('/')[^1]).Order()];

    private static Connection Copy(string name, string id) => new Connection { ConnectionName = name, ConnectionId = id };

    private static string[] NamesOf(System.Collections.Generic.IEnumerable<PSObject> connections) => [.. connections.Select(c => (string)c.Properties["ConnectionName"].Value)];
}
