using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using KoreConnections.Tests.Support;

namespace KoreConnections.Benchmarks;

/// <summary>Runs scripts in PowerShell processes of their own.</summary>
internal sealed class Shell : IDisposable
{
    private readonly ServerProcess _server;
    private readonly string _folder = Directory.CreateTempSubdirectory("KoreConnections.Benchmarks").FullName;

    public Shell(ServerProcess server)
    {
        _server = server;
        // The empty binary module that imports are compared with.
        Run("Empty.ps1", ["-Path", _folder]);
    }

    public static string Description => $"PowerShell {Run("Version.ps1", []).Single()}; .NET {Environment.Version}; {RuntimeInformation.OSDescription}";

    /// <summary>Runs a script with the usual arguments and its own, and reads the samples that it prints. What it does not declare goes into its $args.</summary>
    public void Measure(string script, int latency, int count, string[] arguments, Samples samples)
    {
        string[] usual =
        [
            "-Module", Metadata("Module"),
            "-Library", typeof(Floor).Assembly.Location,
            "-Address", _server.Address(latency, count),
            "-Folder", _folder,
        ];
        foreach (string line in Run(script, [.. usual, .. arguments]))
        {
            samples.Read(line);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string> Run(string script, string[] arguments)
    {
        using Process process = Process.Start(ShellCommand.With(["-File", Path.Combine(AppContext.BaseDirectory, "Scripts", script), .. arguments]))!;
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is string line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"{script} failed: {string.Join(Environment.NewLine, lines)}");
    }

    private static string Metadata(string key) =>
        typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
