using KoreConnections.Benchmarks;

// ./build.ps1 Bench [-Row PART OF A ROW'S NAME …]
Row[] rows = [.. Row.All.Where(row => args.Length == 0 || args.Any(part => row.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))];
if (rows.Length == 0)
{
    Console.Error.WriteLine($"No row is called like that. There are: {string.Join("; ", Row.All.Select(row => row.Name))}");
    return 2;
}

using ServerProcess server = ServerProcess.Start();
using var shell = new Shell(server);
Console.WriteLine($"{Shell.Description}; {Environment.ProcessorCount} processors; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC{Environment.NewLine}");
var report = new Report();
foreach (Row row in rows)
{
    Console.Error.WriteLine($"{row.Name} …");
    report.Add(row, row.Measure(shell));
}

report.Write(Console.Out);
return 0;
