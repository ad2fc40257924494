namespace KoreConnections.Tests.Help;

/// <summary>The cmdlets as PowerShell sees them.</summary>
internal static class Exported
{
    private static readonly Lazy<IReadOnlyDictionary<string, CmdletInfo>> Cmdlets = new(() =>
    {
        using var shell = new Shell();
        return shell.RunClean("Get-Command -Module KoreConnections").Select(c => (CmdletInfo)c.BaseObject).ToDictionary(c => c.Name);
    });

    /// <summary>Their names, in order.</summary>
    public static string[] Names => Cmdlets.Value.Keys.Order(StringComparer.Ordinal).ToArray();

    public static CmdletInfo Of(string name) => Cmdlets.Value[name];

    /// <summary>A cmdlet's parameters without those that every cmdlet has, in order.</summary>
    public static IReadOnlyList<ParameterMetadata> Parameters(string name) =>
        Of(name).Parameters.Values.Where(p => !Cmdlet.CommonParameters.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToArray();
}
