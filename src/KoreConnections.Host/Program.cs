using System;
using System.IO;

namespace KoreConnections.Host;

/// <summary>The entry point: finds the built module, runs what the command line asks for, ends with its exit code.</summary>
internal static class Program
{
    private const int CannotStart = 2;

    private static int Main(string[] args)
    {
        HostOptions options = HostOptions.Parse(args);
        return options switch
        {
            { Problem: { } problem } => Refuse($"{problem}{Environment.NewLine}{Environment.NewLine}{HostOptions.Usage}"),
            { Help: true } => ShowUsage(),
            { NoModule: true, Command: not null } or { NoModule: true, File: not null } => Run(options, null),
            _ when Repository.Find() is { } repository => Run(options, repository),
            _ => Refuse("out/KoreConnections/KoreConnections.psd1 was not found in any folder above this program. Run 'dotnet build' in the root of the repository first."),
        };
    }

    private static int Run(HostOptions options, Repository? repository)
    {
        string? script = options.Command is null ? Path.GetFullPath(options.File ?? repository!.Quickstart) : null;
        if (script is not null && !File.Exists(script))
        {
            return Refuse($"There is no file '{script}'.");
        }

        using Interruption interruption = new();
        using Engine engine = new(interruption);
        return options switch
        {
            { NoModule: false } when !engine.Import(repository!.Manifest) => interruption.ExitCode ?? 1,
            { Command: { } command } => engine.RunCommand(command),
            _ => engine.RunFile(script!, options.Arguments),
        };
    }

    private static int ShowUsage()
    {
        Console.Out.WriteLine(HostOptions.Usage);
        return 0;
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return CannotStart;
    }
}
