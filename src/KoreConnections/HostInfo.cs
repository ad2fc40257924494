using System.Management.Automation.Host;

namespace KoreConnections.Commands;

/// <summary>What is particular about this PowerShell: whether a person sits in front of it, and what it runs without.</summary>
internal static class HostInfo
{
    private static readonly string[] WithHistory = ["ConsoleHost", "Visual Studio Code Host", "Windows PowerShell ISE Host"];

    public static bool IsNonInteractive { get; } = Environment.GetCommandLineArgs().Any(a => a.StartsWith("-NonI", StringComparison.OrdinalIgnoreCase));

    /// <summary>Warns where .NET does not know that an accent and its letter are one character, and so takes two spellings of a name for two names.</summary>
    public static void WarnWithoutUnicode(Cmdlet cmdlet)
    {
        if ("e\u0301".Normalize().Length > 1)
        {
            cmdlet.WriteWarning(
                "This PowerShell runs without ICU (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT). Two spellings of a name with accents look alike and "
                    + "count as different, so a connection may be created twice. Install ICU, and remove the variable.");
        }
    }

    public static bool KeepsHistory(PSHost? host) => !IsNonInteractive && WithHistory.Contains(host?.Name);
}
