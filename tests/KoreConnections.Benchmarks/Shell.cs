using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KoreConnections.Benchmarks;

/// <summary>Runs scripts in real PowerShell processes, or in the embedded engine where PowerShell is not found.</summary>
internal sealed class Shell : IDisposable
{
    private readonly ServerProcess _server;
    private readonly string? _pwsh = Find("pwsh");
    private readonly string _folder = Directory.CreateTempSubdirectory("KoreConnections.Benchmarks").FullName;

    public Shell(ServerProcess server)
    {
        _server = server;
        if (IsPowerShell)
        {
            // The empty binary module that imports are compared with.
            Run("Empty.ps1", ["-Path", _folder]);
        }
    }

    /// <summary>Whether it is a real PowerShell: the embedded engine has no Invoke-RestMethod, and no fresh process is like a user's.</summary>
    public bool IsPowerShell => _pwsh is not null;

    public string Description => $"{(IsPowerShell ? "PowerShell " + Run("Version.ps1", []).Single() : "The embedded engine; PowerShell was not found, so only the module and HttpClient are measured")}; .NET {Environment.Version}; {RuntimeInformation.OSDescription}";

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
        foreach (string line in Run(script, [.. usual, .. arguments, .. IsPowerShell ? Array.Empty<string>() : ["-ModuleOnly"]]))
        {
            samples.Read(line);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<string> Run(string script, string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Scripts", script);
        string[] all = IsPowerShell
            ? ["-NoProfile", "-NonInteractive", "-File", path, .. arguments]
            : [Metadata("Engine"), "-NoModule", "-File", path, .. arguments];
        using Process process = Process.Start(new ProcessStartInfo(_pwsh ?? "dotnet", all) { RedirectStandardOutput = true })!;
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is string line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"{script} failed: {string.Join(Environment.NewLine, lines)}");
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    private static string Metadata(string key) =>
        typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
