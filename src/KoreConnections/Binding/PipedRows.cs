using System.Collections;

namespace KoreConnections.Commands;

/// <summary>The rows of a pipeline: their numbers, those without content, and the columns that nobody reads.</summary>
internal sealed class PipedRows
{
    private static readonly string[] Parameters =
    [
        .. ConnectionFields.All.Select(f => f.Parameter), "Status", "ConnectionId", "ConnectionName", "PreviousApiKey", "PreviousHeader",
    ];

    // As the API has them, and as our own objects have them, whose columns need no parameter.
    private static readonly HashSet<string> Known = new(
        Parameters
            .Concat(ConnectionFields.All.Select(f => f.WireName))
            .Concat(["Id", "fields", "modelType", "bodyTab", NewConnectionCommand.ExistedProperty])
            // What PowerShell adds to what comes from a job or another machine.
            .Concat(["PSComputerName", "RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId"])
            .Concat(
                new[] { typeof(Connection), typeof(KeyTestResult), typeof(KeyUpdateResult), typeof(ConnectionPlanItem) }
                    .SelectMany(t => t.GetProperties())
                    .Select(p => p.Name)),
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _said = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>The number of the row, from 1; null for what is no row.</summary>
    public int? Number { get; private set; }

    /// <summary>Takes the next item of the pipeline; false for a row without content, as files have them at their end.</summary>
    /// <param name="warn">Says which columns are not read, once for each; null where that is not said.</param>
    public bool Next(object? item, Action<string>? warn)
    {
        _count++;
        IReadOnlyList<KeyValuePair<string, object?>>? cells = CellsOf(PSValueConverter.Unwrap(item));
        Number = cells is null ? null : _count;
        if (cells is null or { Count: 0 })
        {
            return true;
        }

        if (cells.All(c => PSValueConverter.IsBlank(c.Value)))
        {
            return false;
        }

        if (warn is null)
        {
            return true;
        }

        // A file that was read with another delimiter has one column, which is said otherwise; its name may hold a key.
        string[] unknown = [.. cells.Select(c => c.Key).Where(name => !Known.Contains(SingleLine.Trim(name)) && name.IndexOf(';') < 0 && _said.Add(name))];
        if (unknown.Length > 0)
        {
            warn($"Columns without a matching parameter were ignored: {string.Join(", ", unknown.Select(Shown))}.");
        }

        return true;
    }

    private static string Shown(string name)
    {
        string hint = SpellingSuggestion.Of(name.Trim(), Parameters) is string near ? $" (did you mean {near}?)" : "";
        return $"'{SecretMasker.Quote(name, 50)}'{hint}";
    }

    // An object of ours that was read is no row, nor is one that comes from a file of Export-Clixml.
    private static IReadOnlyList<KeyValuePair<string, object?>>? CellsOf(object? item) => item switch
    {
        IDictionary => PSValueConverter.Properties(item),
        PSObject { BaseObject: PSCustomObject } row when !row.TypeNames.Any(t => t.StartsWith("Deserialized.KoreConnections.", StringComparison.Ordinal)) =>
            PSValueConverter.Properties(item),
        _ => null,
    };
}
