namespace KoreConnections.Benchmarks;

/// <summary>What was measured for one row: per way and unit, a number for each round.</summary>
internal sealed class Samples
{
    private readonly Dictionary<(string Way, string Unit), List<double>> _all = [];

    /// <summary>The units that scripts print, the telling one first.</summary>
    public static IReadOnlyList<string> Units { get; } = ["ms", "methods", "ms of compiling", "ms per 1000", "MB", "MB kept"];

    /// <summary>The ways in the order in which they were measured first.</summary>
    public IReadOnlyList<string> Ways { get; private set; } = [];

    /// <summary>Reads one line: way, unit and number, parted by tabs.</summary>
    public void Read(string line)
    {
        string[] parts = line.Split('\t');
        if (parts.Length != 3)
        {
            Console.Error.WriteLine(line);
            return;
        }

        if (!_all.TryGetValue((parts[0], parts[1]), out List<double>? numbers))
        {
            _all[(parts[0], parts[1])] = numbers = [];
            Ways = [.. Ways.Append(parts[0]).Distinct()];
        }

        numbers.Add(double.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>The median, or null where that was not measured.</summary>
    public double? Median(string way, string unit)
    {
        if (!_all.TryGetValue((way, unit), out List<double>? numbers))
        {
            return null;
        }

        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
