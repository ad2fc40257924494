namespace KoreConnections.Benchmarks;

/// <summary>Medians and ratios as Markdown.</summary>
internal sealed class Report
{
    private readonly List<(Row Row, Samples Samples)> _all = [];

    public void Add(Row row, Samples samples) => _all.Add((row, samples));

    public void Write(TextWriter output)
    {
        output.WriteLine("| Work | Way | Median | Module is |");
        output.WriteLine("| --- | --- | ---: | ---: |");
        foreach ((Row row, Samples samples) in _all)
        {
            foreach (string way in samples.Ways)
            {
                string[] units = [.. Samples.Units.Where(unit => samples.Median(way, unit) is not null)];
                output.WriteLine($"| {row.Name} | {way} | {string.Join(", ", units.Select(unit => $"{Number(samples.Median(way, unit))} {unit}"))} | {(way == "module" ? "" : Ratio(samples, "module", units[0], way))} |");
            }
        }

        output.WriteLine();
        output.WriteLine("| Target | Measured | At most | Met |");
        output.WriteLine("| --- | ---: | ---: | --- |");
        foreach ((Row row, Samples samples, Target target) in _all.SelectMany(a => a.Row.Targets.Select(t => (a.Row, a.Samples, t))))
        {
            double? measured = samples.Median(target.Way, target.Unit) / (target.Against is null ? 1 : samples.Median(target.Against, target.Unit));
            string what = target.Against is null ? $"{target.Unit}, {target.Way}" : $"{target.Unit}, {target.Way} against {target.Against}";
            string met = measured is null ? "not measured" : measured <= target.Limit ? "yes" : "no";
            output.WriteLine($"| {row.Name}: {what} | {Number(measured)} | {Number(target.Limit)} | {met} |");
        }
    }

    private static string Ratio(Samples samples, string way, string unit, string against) =>
        samples.Median(way, unit) / samples.Median(against, unit) is double ratio ? $"{Number(ratio)}x" : "";

    private static string Number(double? number) => number switch
    {
        null => "-",
        >= 100 => number.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => number.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => number.Value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
