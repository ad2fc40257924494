using System.Diagnostics;

namespace KoreConnections.Tests.Support;

/// <summary>How a PowerShell process is started: build.ps1 says which in KORE_SHELL_COMMAND, else pwsh on the PATH.</summary>
internal static class ShellCommand
{
    private static readonly string[] Command = Environment.GetEnvironmentVariable("KORE_SHELL_COMMAND") is { Length: > 0 } json
        ? JsonSerializer.Deserialize<string[]>(json)!
        : ["pwsh"];

    public static ProcessStartInfo With(params string[] arguments) =>
        new(Command[0], [.. Command[1..], "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments]) { RedirectStandardOutput = true };
}
