namespace KoreConnections.Client;

/// <summary>
/// What providers' pages said of their models when this module was made. It suggests and warns, and never refuses: a
/// provider's own answer comes before it.
/// </summary>
internal sealed class ModelTable(IReadOnlyList<ModelRow> rows)
{
    private const string FineTuned = "ft:";
    private const int Columns = 9;

    // Also the last versions of Azure's oldest models: gpt-4-0613.
    private static readonly Regex Dated = new(@"^(?<model>.+)-(?<version>20\d\d-\d\d-\d\d|\d{4})$", RegexOptions.CultureInvariant);

    private static readonly Lazy<ModelTable> Embedded = new(() => Parse(Resource.Text("Models.models.csv")));

    private readonly ILookup<string, ModelRow> _byModel = rows.ToLookup(r => Key(r.Provider, r.Model), StringComparer.OrdinalIgnoreCase);

    public static ModelTable Current => Embedded.Value;

    /// <summary>All rows, in the order in which they are suggested.</summary>
    public IReadOnlyList<ModelRow> Rows { get; } = rows;

    /// <summary>Reads a table. Nothing in it is quoted: no value has a comma.</summary>
    /// <exception cref="FormatException">A line is not a row.</exception>
    public static ModelTable Parse(string text)
    {
        string[] lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        // The first names the columns.
        return new ModelTable([.. lines.Where(l => l[0] != '#').Skip(1).Select(Row)]);
    }

    /// <param name="model">The model; that of a fine-tuned one is the one that it was made from.</param>
    /// <param name="version">The version of an Azure deployment, where it is known and not part of the name.</param>
    public ModelLifecycle? Find(string? provider, string? model, DateTime day, string? version = null)
    {
        if (string.IsNullOrWhiteSpace(model) || ApiValues.Providers.Find(provider) is not string known)
        {
            return null;
        }

        string plain = model!;
        if (known == ApiValues.AzureOpenAI && version is null && !IsKnown(known, plain))
        {
            (plain, version) = Parts(plain.Trim());
        }

        if (!IsKnown(known, plain))
        {
            return null;
        }

        IEnumerable<ModelRow> versions = _byModel[Key(known, plain)];
        ModelRow? exact = version is null ? null : versions.FirstOrDefault(v => string.Equals(v.Version, version, StringComparison.OrdinalIgnoreCase));
        // Of several versions, the first that is still to end; where all have ended, the last.
        ModelRow row = exact
            ?? versions.Where(v => !(v.RetiresOn <= day.Date)).OrderBy(v => v.RetiresOn ?? DateTime.MaxValue).FirstOrDefault()
            ?? versions.OrderBy(v => v.RetiresOn).Last();
        ModelRow? replacement = Successor(row, day);
        return new ModelLifecycle(known, model!.Trim())
        {
            RetiresOn = row.RetiresOn,
            MayHaveRetiredOn = exact is null && !(row.RetiresOn <= day.Date) ? versions.Max(v => v.RetiresOn <= day.Date ? v.RetiresOn : null) : null,
            Replacement = replacement?.Model ?? (IsKnown(known, row.Replacement) ? null : row.Replacement),
            IsReplacementOnPlatform = replacement?.IsOnPlatform == true,
            ReplacementRetiresOn = replacement?.RetiresOn,
            SeenOn = day.Date,
            IsCertain = row.Version is null || exact is not null,
            AsOf = row.AsOf,
        };
    }

    /// <summary>A model of Azure and its version, which a deployment's own answer and the resource's list name as one.</summary>
    public static (string Model, string? Version) Parts(string name) =>
        Dated.Match(name) is { Success: true } dated ? (dated.Groups["model"].Value, dated.Groups["version"].Value) : (name, null);

    /// <summary>The rows of a model to suggest on a day: none that is retired, those without an end first.</summary>
    /// <param name="provider">The provider in the API's spelling, or null for all.</param>
    public IEnumerable<ModelRow> Suggest(string? provider, DateTime day) => Rows
        .Where(r => (provider is null || r.Provider == provider) && !(r.RetiresOn <= day.Date))
        .GroupBy(r => Key(r.Provider, r.Model))
        // Of several versions the first that ends, as for a finding.
        .Select(g => g.OrderBy(r => r.RetiresOn ?? DateTime.MaxValue).First())
        .OrderBy(r => Rank(r, day))
        .ThenByDescending(r => r.IsOnPlatform);

    // Azure announces an end for every model when it begins: that alone does not make it one to avoid.
    private static int Rank(ModelRow row, DateTime day) =>
        row.RetiresOn is not DateTime end || (row.Provider == ApiValues.AzureOpenAI && (end - day.Date).TotalDays > 2 * ModelLifecycle.SoonDays) ? 0 : 1;

    private bool IsKnown(string provider, string? model) => model is not null && _byModel.Contains(Key(provider, model));

    // A successor may have ended too, and have one of its own.
    private ModelRow? Successor(ModelRow row, DateTime day)
    {
        for (int i = 0; row.Replacement is string next && i < 8; i++)
        {
            if (!IsKnown(row.Provider, next))
            {
                return null;
            }

            row = _byModel[Key(row.Provider, next)].OrderBy(v => v.RetiresOn ?? DateTime.MaxValue).Last();
            if (!(row.RetiresOn <= day.Date))
            {
                return row;
            }
        }

        return null;
    }

    private static string Key(string provider, string model)
    {
        string plain = model.Trim();
        return provider + "/" + Plain(plain.StartsWith(FineTuned, StringComparison.OrdinalIgnoreCase) ? plain.Split(':')[1] : plain);
    }

    /// <summary>A model in the platform's spelling: Azure's has no dot.</summary>
    public static string Plain(string model) => model.StartsWith("gpt-35-", StringComparison.OrdinalIgnoreCase) ? "gpt-3.5-" + model.Substring(7) : model;

    private static ModelRow Row(string line)
    {
        string[] cells = line.Split(',');
        if (cells.Length != Columns)
        {
            throw new FormatException($"A row of models.csv has {cells.Length} values instead of {Columns}: {line}");
        }

        return new ModelRow(
            cells[0], cells[1], Text(cells[2]), Date(cells[3]), Date(cells[4]), Text(cells[5]), cells[6] == "yes", Date(cells[7])!.Value, cells[8]);
    }

    private static string? Text(string cell) => cell.Length == 0 ? null : cell;

    private static DateTime? Date(string cell) => cell.Length == 0 ? null : DateTime.ParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
