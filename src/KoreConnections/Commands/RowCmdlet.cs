using System.Data;

namespace KoreConnections.Commands;

/// <summary>A cmdlet that takes rows from the pipeline: numbered, counted, and without empty ones. Columns that nobody reads are named.</summary>
public abstract class RowCmdlet : SessionCmdlet
{
    private protected const string Failed = "failed";

    private static readonly string[] Parameters =
    [
        .. ConnectionFields.All.Select(f => f.Parameter), "Status", "ConnectionId", "ConnectionName", "PreviousApiKey", "PreviousHeader",
    ];

    // As the API has them, and as our own objects have them, whose columns need no parameter.
    private static readonly HashSet<string> Known = new(
        Parameters
            .Concat(ConnectionFields.All.Select(f => f.WireName))
            .Concat(["Id", "Platform", "fields", "modelType", "bodyTab", NewConnectionCommand.ExistedProperty])
            // What PowerShell adds to what comes from a job or another machine.
            .Concat(["PSComputerName", "RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId"])
            .Concat(
                new[] { typeof(Connection), typeof(KeyTestResult), typeof(KeyUpdateResult), typeof(ConnectionPlanItem) }
                    .SelectMany(t => t.GetProperties())
                    .Select(p => p.Name)),
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _said = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _outcomes = [];
    private int _count;

    /// <summary>The number of the row that is worked on, which its errors name; null for what is no row of a pipeline.</summary>
    private protected int? CurrentRow { get; set; }

    protected override void EndProcessing()
    {
        // Where all failed, the errors say so, and PowerShell adds bound parameters to a line, of which one may be a key.
        if (_outcomes.Exists(o => o != Failed))
        {
            IEnumerable<string> counts = _outcomes.GroupBy(o => o).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
            WriteVerbose($"{Activity}: {string.Join(", ", counts)}.");
        }

        base.EndProcessing();
    }

    /// <summary>Counts what became of an item, by a word or an enumeration's value.</summary>
    private protected void Count(string outcome) => _outcomes.Add(Phrases.Words(outcome).ToLowerInvariant());

    private protected IEnumerable<object?> Items(object? given)
    {
        IReadOnlyList<object?> items = [];
        Attempt(null, () => items = PSValueConverter.Rows(given));
        return items;
    }

    /// <param name="warns">Whether columns are named that nobody reads: not where little of a row is taken.</param>
    private protected IEnumerable<object?> Rows(object? given, bool warns = true) =>
        Items(given).Where(item => NextRow(item, MyInvocation.ExpectingInput || !ReferenceEquals(item, given), warns));

    /// <summary>The same for a row whose values are bound by themselves. Where its name and id are in its errors, its number is not needed.</summary>
    private protected bool NextLabelled(object? label, bool warns = false)
    {
        bool hasContent = NextRow(ItemLabel.ItemOf(label), MyInvocation.ExpectingInput, warns);
        CurrentRow = ItemLabel.IsNamed(label) ? null : CurrentRow;
        return hasContent;
    }

    /// <summary>The same for each item of an argument, which may be a list, with the ids that were bound, or its own.</summary>
    private protected IEnumerable<(string?[] Ids, string? Id, object? Label)> Labelled(object? given, string?[]? ids)
    {
        IEnumerable<object?> labels = ids is null ? Items(ItemLabel.ItemOf(given)).OfType<object>().Select(ItemLabelAttribute.Label) : [given];
        return from label in labels
               where NextLabelled(label)
               let known = Known(label)
               select (known, known is [string only] ? only : null, label);

        string?[] Known(object? label) => ids is null ? [ItemLabel.IdOf(label)] : ids is [string bound] ? [ItemLabel.IdOf(label, bound)] : ids;
    }

    /// <summary>The same for what is piped and binds by itself, without the row: these values are all that is known of it.</summary>
    private protected bool NextBound(IReadOnlyCollection<object?> values)
    {
        _count++;
        CurrentRow = MyInvocation.ExpectingInput ? _count : null;
        if (!MyInvocation.ExpectingInput || values.Count == 0 || HasContent(values))
        {
            return true;
        }

        // Other columns of it, which nobody sees here, may have content.
        WarnOnce("Rows without a value for any parameter were skipped. To see their numbers, use -Verbose.");
        return false;
    }

    /// <summary>Refuses a row with a key of its own, unless its id and its name are those of one connection, or nobody has the name.</summary>
    private protected void RequireOne(string id, string name) => RequireListing(
        "The row's name and id were not compared",
        "To change the key without this check, omit Name from the row.",
        all => NameLookup.RequireOne(all, id, name));

    private bool HasContent(IEnumerable<object?> values)
    {
        bool hasContent = values.Any(v => !IsBlank(v));
        if (!hasContent)
        {
            WriteVerbose($"Row {_count} is empty and was skipped.");
        }

        return hasContent;

        static bool IsBlank(object? value) => PSValueConverter.IsBlank(value)
            || (value is Array cells && cells.Cast<object?>().All(PSValueConverter.IsBlank))
            || (value is SecureString && KeyInput.Open(value)?.Key.Read(key => key.IsWhiteSpace()) == true);
    }

    // False for a row without content, as files have them at their end.
    private bool NextRow(object? item, bool isPiped, bool warns)
    {
        _count++;
        IReadOnlyList<KeyValuePair<string, object?>>? cells = CellsOf(PSValueConverter.Unwrap(item));
        CurrentRow = isPiped && cells is not null ? _count : null;
        if (cells is { Count: > 0 } && !HasContent(cells.Select(c => c.Value)))
        {
            return false;
        }

        // A file that was read with another delimiter has one column, which is said otherwise; its name may hold a key.
        string[] unknown = cells is null || !warns ? []
            : [.. cells.Select(c => c.Key).Where(name =>
                !Known.Contains(SingleLine.Trim(name)) && !InputRecord.HoldsDelimiter(name, cells.Count == 1) && _said.Add(name))];
        WarnOfNames([.. unknown.Select(Shown)], names => $"Columns without a matching parameter were ignored: {names}.", most: int.MaxValue);
        return true;
    }

    /// <summary>Whether it is a row of the caller's own, and no object of ours.</summary>
    private protected static bool IsRow(object? item) => CellsOf(PSValueConverter.Unwrap(item)) is not null;

    private static string Shown(string name)
    {
        string hint = SpellingSuggestion.Of(name.Trim(), Parameters) is string near ? $" (did you mean {near}?)" : "";
        return $"'{SecretMasker.Quote(name, 50)}'{hint}";
    }

    // An object of ours that was read is no row, nor is one that comes from a file of Export-Clixml.
    private static IReadOnlyList<KeyValuePair<string, object?>>? CellsOf(object? item) => item switch
    {
        IDictionary => PSValueConverter.Properties(item),
        DataRow row => [.. row.Table.Columns.Cast<DataColumn>().Select(c => new KeyValuePair<string, object?>(c.ColumnName, row[c]))],
        DataRowView view => CellsOf(view.Row),
        PSObject { BaseObject: PSCustomObject } row when !row.TypeNames.Any(t => t.StartsWith("Deserialized.KoreConnections.", StringComparison.Ordinal)) =>
            PSValueConverter.Properties(item),
        _ => null,
    };
}
