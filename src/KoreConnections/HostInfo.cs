using System.Management.Automation.Host;

namespace KoreConnections.Commands;

/// <summary>Whether a person sits in front of this PowerShell.</summary>
internal static class HostInfo
{
    private static readonly string[] WithHistory = ["ConsoleHost", "Visual Studio Code Host", "Windows PowerShell ISE Host"];

    public static bool IsNonInteractive { get; } = Environment.GetCommandLineArgs().Any(a => a.StartsWith("-NonI", StringComparison.OrdinalIgnoreCase));

    public static bool KeepsHistory(PSHost? host) => !IsNonInteractive && WithHistory.Contains(host?.Name);
}
