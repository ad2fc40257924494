namespace KoreConnections.Tests.Support;

/// <summary>What keeps parallel tests apart.</summary>
public sealed class ShellTests
{
    [Fact]
    public void EachCmdletThatAsksThePlatformHasTheSessionOfItsShell()
    {
        using var place = new SandboxFixture();
        // Any other cmdlet with such a parameter is about the session itself.
        CmdletInfo[] asking = [.. place.Shell.RunClean("Get-Command -Module KoreConnections -ParameterName Session")
            .Select(c => (CmdletInfo)c.BaseObject)
            .Where(c => Derives(c.ImplementingType, "SessionCmdlet"))];
        Assert.True(asking.Length > 10);
        string[] patterns = [.. place.Shell.RunClean("$PSDefaultParameterValues.Keys").Select(k => (string)k.BaseObject)];
        Assert.All(asking, c => Assert.Contains(patterns, p => new WildcardPattern(p, WildcardOptions.IgnoreCase).IsMatch($"{c.Name}:Session")));
    }

    private static bool Derives(Type? type, string name) => type is not null && (type.Name == name || Derives(type.BaseType, name));
}
