namespace KoreConnections.Commands;

/// <summary>Finds values by parameter name in what describes a connection: a CSV row, a hashtable, what was read, or an object of the API.</summary>
internal sealed class InputRecord(object? item)
{
    private readonly object? _item = PSValueConverter.Unwrap(item);
    private List<object?>? _sources;

    /// <summary>The value of a parameter; null when the row has none, or a blank cell.</summary>
    public object? this[string parameter]
    {
        get
        {
            string[] names = Names(parameter);
            return (_sources ??= [.. Sources()])
                .SelectMany(source => names.Select(name => Find(source, name)))
                .FirstOrDefault(value => !PSValueConverter.IsBlank(value));
        }
    }

    /// <summary>The same without what a platform said of a connection that was read: what somebody gave.</summary>
    public object? Added(string parameter) => !IsOfPlatform ? this[parameter]
        : Sources().Skip(1).SelectMany(s => Names(parameter).Select(name => Find(s, name))).All(PSValueConverter.IsBlank) ? Own(parameter)
        : null;

    /// <summary>Whether it is a connection that was read, or a copy of one in a file.</summary>
    public bool IsOfPlatform => this["AdditionalProperties"] is not null;

    /// <summary>Whether a value went through a file or a job as objects, of which only so many levels are written.</summary>
    public bool MayHaveLost(string parameter) => IsOfPlatform && _item is not Connection && PSValueConverter.Unwrap(this[parameter]) is not string;

    /// <summary>
    /// The headers that it has to give: a connection that was read has masks of them, a row of the caller's own, or a cell that was filled in, has them.
    /// </summary>
    public object? GivenHeader =>
        !IsOfPlatform || (PSValueConverter.Unwrap(this["Header"]) is string cell && !SecretMasker.IsMasked(cell.AsSpan()))
            ? this["Header"]
            : null;

    /// <summary>
    /// Of a connection from a file or a job, Name is a copy of what ConnectionName was: where they differ, one was changed. Null where they do not.
    /// </summary>
    public (string Name, string ConnectionName)? TwoNames =>
        IsDeserialized && Find(_item, "Name") is string name && Find(_item, "ConnectionName") is string other && name != other ? (name, other) : null;

    private bool IsDeserialized => _item is PSObject item && item.TypeNames.Contains($"Deserialized.{typeof(Connection).FullName}");

    private static readonly (char Mark, string Name, string Argument)[] Delimiters =
        [(';', "a semicolon", "';'"), ('\t', "a tab", "\"`t\""), ('|', "a vertical bar", "'|'")];

    private IReadOnlyList<string>? Columns => PSValueConverter.Properties(_item)?.Select(p => p.Key).ToArray();

    public bool Has(string parameter) =>
        (_sources ??= [.. Sources()])
            .SelectMany(s => PSValueConverter.Properties(s) ?? [])
            .Any(p => Names(parameter).Any(name => IsName(p.Key, name)));

    /// <summary>What the row itself has for a parameter, under any spelling of its name, and nothing within it; null for an empty value.</summary>
    public object? Own(string parameter) => Names(parameter).Select(name => Find(_item, name)).FirstOrDefault(value => !PSValueConverter.IsBlank(value));

    /// <summary>Whether the row itself has a property for a parameter, if only an empty one. What is in a table is none.</summary>
    public bool HasProperty(string parameter) => _item is not (null or string)
        && Names(parameter) is var names && PSObject.AsPSObject(_item).Properties.Any(p => names.Any(name => IsName(p.Name, name)));

    /// <summary>What to do with a row of one column, as a further sentence; empty for any other.</summary>
    public string DelimiterHint =>
        _item is PSObject or PSCustomObject && PSObject.AsPSObject(_item).Properties.ToArray() is [{ Name: string name }]
        && Delimiters.FirstOrDefault(d => name.IndexOf(d.Mark) >= 0) is { Name: string mark, Argument: string argument }
            ? $" The name of its only column contains {mark}. Read the file with Import-Csv -Delimiter {argument}."
            : "";

    /// <summary>Whether a column's name may be the first line of a file with another delimiter. What stands in it may be a key.</summary>
    public static bool HoldsDelimiter(string column, bool isOnly) => column.IndexOf(';') >= 0 || (isOnly && Delimiters.Any(d => column.IndexOf(d.Mark) >= 0));

    /// <summary>That a value is missing because its column is, as the end of a sentence: the row's own names say more. Null where it has the column.</summary>
    public string? WithoutColumn(string parameter) =>
        Columns is null || Has(parameter) ? null
        : $"because the row has no column {parameter}.{ColumnHint(parameter is "Name" ? ["ConnectionName", "Name"] : [parameter])}";

    /// <summary>The same for a column that only some rows need; empty where none of the row's own is near.</summary>
    public string NearColumn(string missing) =>
        Has(missing) || Columns?.Any(c => SpellingSuggestion.Of(c.Trim(), [missing]) is not null) != true ? "" : ColumnHint(missing);

    /// <summary>The row's own columns, and which of them may be one that it lacks, as further sentences; empty for what was read from a platform.</summary>
    public string ColumnHint(params string[] missing)
    {
        if (DelimiterHint is { Length: > 0 } hint || IsOfPlatform || _item is IFromPlatform || Columns is not { Count: > 0 } columns)
        {
            return DelimiterHint;
        }

        // A column that is there and empty needs no other name.
        (string Column, string? Meant) near = columns.Where(c => !missing.Any(m => IsName(c, m)))
            .Select(c => (c, SpellingSuggestion.Of(c.Trim(), missing))).FirstOrDefault(c => c.Item2 is not null);
        return $" Its columns are {string.Join(", ", columns.Select(Shown))}." + (near.Meant is null ? "" : $" Rename {Shown(near.Column)} to {near.Meant}.");

        static string Shown(string column) => $"'{SecretMasker.Quote(column, 50)}'";
    }

    /// <summary>That a piped item comes without a key. Scripts know this error by the id that PowerShell gives it.</summary>
    public KoreException WithoutKey()
    {
        string reason = WithoutColumn("ApiKey")
            ?? (_item is IDictionary ? "because a hashtable's key is not bound. Convert it to [pscustomobject]." : "for this connection.");
        KoreException failure = IsOfCustomApi
            ? KoreException.InvalidInput("ApiKey", Unread + "There is nothing to change. " + (!IsOfPlatform && this["Header"] is not null
                ? "Set-Connection does not read the Header of a row. Use -Header, or pipe the row to Update-ConnectionKey."
                : "For a custom API, use -Header for its key, or a parameter such as -Name or -EndpointUrl."))
            : Guard.Invalid("ApiKey", $"is missing {reason} To use one key for all, use -ApiKey.");
        failure.RecordId = "InputObjectMissingMandatory";
        return failure;
    }

    // What somebody may have meant to change. Of headers, the error itself says more.
    private string Unread => !IsOfPlatform && CustomApiFields.All.Select(f => f.ChangeParameter!)
        .Where(p => p != HeaderInput.Parameter && this[p] is not null)
        .ToArray() is { Length: > 0 } unread ? $"Set-Connection does not read {string.Join(" and ", unread)} from a row. " : "";

    // Without a Provider, by a value that only custom APIs have.
    private bool IsOfCustomApi => PSValueConverter.Unwrap(this["Provider"]) is string provider
        ? ApiValues.Providers.Find(provider) == ApiValues.CustomApi
        : CustomApiFields.All.Any(f => f != CustomApiFields.Draft && this[f.Parameter] is not null);

    private static string[] Names(string parameter) =>
        [.. new[] { parameter, ConnectionFields.OfProperty(parameter)?.WireName ?? parameter }.Distinct(StringComparer.OrdinalIgnoreCase)];

    private IEnumerable<object?> Sources()
    {
        yield return _item;
        foreach (string name in new[] { "fields", "AdditionalProperties" })
        {
            if (Find(_item, name) is { } inner)
            {
                // A cell of a CSV file holds it as JSON.
                object? plain = PSValueConverter.Unwrap(inner);
                yield return plain is string text && PSValueConverter.IsJson(text) ? PSValueConverter.Json(text, name) : plain;
            }
        }
    }

    /// <summary>The value of a property, or of an entry of a table, in any case of its name.</summary>
    public static object? Find(object? source, string name)
    {
        switch (source)
        {
            case null or string:
                return null;
            case IDictionary table:
                return Only(table.Keys.Cast<object>().Where(k => k is string key && IsName(key, name)).Select(k => table[k]), name);
            default:
                try
                {
                    PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(source).Properties;
                    return (properties[name] ?? properties.FirstOrDefault(p => IsName(p.Name, name)))?.Value;
                }
                catch (GetValueException)
                {
                    // Its own text may have a key in it.
                    throw Guard.Invalid(name, "could not be read: this property of the piped object failed. Correct the property.");
                }
        }
    }

    // ConvertFrom-Json -AsHashtable keeps two names that differ in case.
    private static object? Only(IEnumerable<object?> values, string name)
    {
        object?[] all = [.. values];
        object?[] different = all.Length < 2 ? all : [.. all.Where(v => !PSValueConverter.IsBlank(v)).Select(PSValueConverter.Unwrap).Distinct()];
        return different.Length < 2 ? different.FirstOrDefault()
            : throw Guard.Invalid(name, "is in the row twice, with different values. Keep one of them.");
    }

    // In a file's first line, white space at the end of a cell is as invisible as anywhere.
    private static bool IsName(string given, string name) => string.Equals(SingleLine.Trim(given), name, StringComparison.OrdinalIgnoreCase);
}
