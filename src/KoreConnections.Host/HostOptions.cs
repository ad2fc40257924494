using System;

namespace KoreConnections.Host;

/// <summary>What the command line asks for. Without a command or a file, that is the quickstart.</summary>
internal sealed record HostOptions
{
    public const string Usage = """
        Runs PowerShell with the KoreConnections module imported; needs nothing but the .NET SDK.

        dotnet run --project src/KoreConnections.Host [-- [-NoModule] [-Command TEXT | -File PATH [ARGUMENTS]]]

          -Command TEXT            runs TEXT. Exit code: 0 when the last statement succeeded, else 1.
          -File PATH [ARGUMENTS]   runs a script with -Name value, -Name:value, -Switch and positional arguments.
                                   Exit code: what its exit statement says, 1 when an error ended it, else 0.
          -NoModule                does not import the module.
          -Help                    shows this.

        Without -Command and -File, it runs docs/examples/quickstart.ps1.
        """;

    public bool Help { get; private init; }

    public bool NoModule { get; private init; }

    public string? Command { get; private init; }

    public string? File { get; private init; }

    public string[] Arguments { get; private init; } = [];

    /// <summary>Why the command line cannot be run.</summary>
    public string? Problem { get; private init; }

    public static HostOptions Parse(ReadOnlySpan<string> args) => Parse(args, new());

    // What follows -Command or -File belongs to it, whatever it looks like.
    private static HostOptions Parse(ReadOnlySpan<string> args, HostOptions options)
    {
        if (args.IsEmpty)
        {
            return options;
        }

        ReadOnlySpan<string> rest = args[1..];
        return args[0].ToUpperInvariant() switch
        {
            "-HELP" or "--HELP" or "-H" or "-?" => options with { Help = true },
            "-NOMODULE" => Parse(rest, options with { NoModule = true }),
            "-COMMAND" or "-FILE" when rest.IsEmpty => options with { Problem = $"{args[0]} needs a value." },
            "-COMMAND" => options with { Command = string.Join(' ', rest!) },
            "-FILE" => options with { File = rest[0], Arguments = rest[1..].ToArray() },
            _ => options with { Problem = $"There is no option '{args[0]}'." },
        };
    }
}
