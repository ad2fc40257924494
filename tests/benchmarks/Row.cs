namespace KoreConnections.Benchmarks;

/// <summary>What a row's numbers have to be: ours against another way's, at most a factor; or ours alone, at most a number.</summary>
internal sealed record Target(string Way, string Unit, string? Against, double Limit);

/// <summary>One row of the table: work that is done in several ways.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Script">The script that does it.</param>
/// <param name="Targets">What is asked of it.</param>
internal sealed record Row(string Name, string Script, params Target[] Targets)
{
    private const string Ours = "module";
    private const string Floor = "HttpClient";
    private const string Loop = "Invoke-RestMethod";

    public int Latency { get; private init; }

    public int Count { get; private init; } = 1;

    public int Rounds { get; private init; } = 9;

    /// <summary>Ways that each round measures in a process of its own; none when the script does all by itself.</summary>
    public string[] FreshWays { get; private init; } = [];

    public string[] Arguments { get; private init; } = [];

    public static Row[] All { get; } =
    [
        new("import", "Import.ps1", new Target(Ours, "ms", "empty module", 2), new Target(Ours, "ms", "PSResourceGet", 0.6)) { FreshWays = [Ours, "empty module", "PSResourceGet"], Rounds = 15 },
        Cold("cold first call", 10, 0.85),
        Cold("cold list 10,000", 10_000, 0.42),
        Cold("cold compare of 100", 100, 1, "-Compares"),
        new("compiled for 100", "Compiled.ps1") { Count = 100, FreshWays = ["module"], Rounds = 5 },
        new("list 10,000", "List.ps1", new Target(Ours, "ms", Loop, 0.15), new Target(Ours, "MB", Loop, 0.35)) { Count = 10_000 },
        new("500 reads, no latency", "Read.ps1", new Target(Ours, "ms", Loop, 0.2)) { Arguments = ["-Items", "500"] },
        new("500 reads, 20 ms", "Read.ps1", new Target(Ours, "ms", Floor, 1.2)) { Latency = 20, Arguments = ["-Items", "500", "-SlowRounds", "1"] },
        new("issues of 10,000", "Issues.ps1", new Target(Ours, "ms", "listing and reads", 1.3)) { Count = 10_000 },
        new("1,000 creates, no latency", "Create.ps1") { Rounds = 5, Arguments = ["-Items", "1000"] },
        new("1,000 creates, 20 ms", "Create.ps1", new Target(Ours, "ms", Floor, 1.2)) { Latency = 20, Arguments = ["-Items", "1000", "-SlowRounds", "1"] },
        .. Plans("compare 1,000 OpenAI", "-Provider", "Open AI", "-Work", "Compare"),
        .. Plans("compare 1,000 custom APIs", "-Provider", "API", "-Work", "Compare"),
        .. Plans("sync, 1,000 OpenAI to create", "-Provider", "Open AI", "-Work", "Create"),
        .. Plans("sync, 1,000 custom APIs to create", "-Provider", "API", "-Work", "Create"),
        .. Plans("sync, 1,000 custom APIs to update", "-Provider", "API", "-Work", "Update"),
        new("growth of a list", "ListGrowth.ps1"),
        new(
            "growth of a pipeline",
            "Growth.ps1",
            new Target("100000 piped", "ms per 1000", "1000 piped", 1.3),
            new Target("100000 piped", "MB kept", null, 8)) { Rounds = 1 },
    ];

    // What a script that runs once pays: the import, the connect with its verifying request, and one command.
    private static Row Cold(string name, int count, double limit, params string[] arguments) =>
        new(name, "Cold.ps1", new Target(Ours, "ms", Loop, limit)) { Count = count, FreshWays = [Ours, Loop, Floor], Rounds = 15, Arguments = arguments };

    private static Row[] Plans(string name, params string[] arguments) =>
    [
        new(name + ", no latency", "Plan.ps1") { Arguments = [.. arguments, "-Items", "1000"] },
        new(name + ", 20 ms", "Plan.ps1", new Target(Ours, "ms", Floor, 1.3)) { Latency = 20, Arguments = [.. arguments, "-Items", "1000"] },
    ];

    public Samples Measure(Shell shell)
    {
        var samples = new Samples();
        string[] arguments = [.. Arguments, "-Rounds", $"{Rounds}"];
        if (FreshWays.Length == 0)
        {
            shell.Measure(Script, Latency, Count, arguments, samples);
            return samples;
        }

        // The first of each only warms up the disk.
        for (int round = 0; round <= Rounds; round++)
        {
            foreach (string way in FreshWays)
            {
                shell.Measure(Script, Latency, Count, [.. Arguments, "-Way", way], round == 0 ? new Samples() : samples);
            }
        }

        return samples;
    }
}
