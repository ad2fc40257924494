namespace KoreConnections.Client;

/// <summary>Keeps the <c>${env:NAME}</c> of a file in what is written instead of it, each where it may lead to what the platform has.</summary>
/// <param name="isMerge">
/// Whether the rest of the file stays. Then those of what the file alone has count as lost, and those for a number or a Boolean, which cannot be written
/// between braces.
/// </param>
internal sealed class KeptReferences(bool isJson, bool isMerge = false)
{
    private const int LongestBeside = 20;

    /// <summary>The texts that are kept, as they are written.</summary>
    public List<string> Kept { get; } = [];

    /// <summary>Where the file has a reference that is not kept.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>Whether a value of a file may be what the platform has. What it shows as a mask is not known to differ, nor is an unset variable.</summary>
    public static bool MayBe(ManifestNode file, ManifestNode exported, bool isJson) => file.IsScalar && exported.IsScalar
        && (VariableExpansion.Fits(exported.Text, file.Filled().Text)
            || ManifestTree.Difference(file.Filled(), exported, []) is null
            // In JSON, a reference is a text.
            || (file is { IsUnresolved: true, Origin: not null } && exported.Kind != NodeKind.Null && (exported.Kind == NodeKind.Text || !isJson)
                && VariableExpansion.Fits(WithKnownValues(file.Origin), VariableExpansion.Unescape(exported.Text))));

    /// <summary>The entries of the files whose references are kept, by name.</summary>
    public ILookup<string?, ManifestEntry>? Files { get; init; }

    /// <summary>A connection that is written, with the references of the one of its name.</summary>
    public ManifestNode In(ManifestNode connection, ExportWarnings? warnings)
    {
        string name = ManifestExport.NameOf(connection);
        if (Files?[name].LastOrDefault() is not ManifestEntry file)
        {
            return connection;
        }

        Lost.Clear();
        ManifestNode kept = ManifestNode.Mapping([.. connection.Entries.Select(e =>
            ConnectionFields.Find(e.Key.Text) is { Kind: not ValueKind.Key } field && file[field.Parameter] is { Substituted.Count: > 0 } value
                ? e with { Value = In(field, field.Kind == ValueKind.Headers ? Headers(file) : value, e.Value, [field.Name]) }
                : e)]);
        if (Lost.Count > 0)
        {
            warnings?.WithoutReferences(name, Phrases.FirstOf(Lost));
        }

        return kept;
    }

    /// <summary>A value of a field, or a part of it.</summary>
    public ManifestNode In(ConnectionField field, ManifestNode file, ManifestNode exported, string[] path) => In(
        field.Kind == ValueKind.Payload && path.Length == 1 && file.Kind == NodeKind.Text && !exported.IsScalar ? Parsed(file) : file,
        exported,
        path,
        field.Kind);

    private ManifestNode In(ManifestNode file, ManifestNode exported, string[] path, ValueKind kind)
    {
        bool isText = exported is { Kind: NodeKind.Text, IsNumber: false };
        switch (file.Kind, exported.Kind)
        {
            case var _ when file.HasError || file.Substituted.Count == 0:
                return exported;
            case (NodeKind.Mapping, NodeKind.Mapping):
                StringComparison comparison = kind == ValueKind.Payload ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
                foreach (ManifestProperty entry in file.Entries.Where(e => isMerge && exported.Find(e.Key.Text, comparison) is null))
                {
                    Lose(entry.Value, [.. path, entry.Key.Text]);
                }

                return ManifestNode.Mapping([.. exported.Entries.Select(e => file.Find(e.Key.Text, comparison) is ManifestNode old
                    ? e with { Value = In(old, e.Value, [.. path, e.Key.Text], kind) }
                    : e)]);
            case (NodeKind.Sequence, NodeKind.Sequence):
                ManifestNode?[] partners = [.. exported.Items.Select((item, i) => Partner(file, exported, item, i, kind))];
                foreach ((ManifestNode item, int i) in file.Items.Select((item, i) => (item, i)).Where(p => !partners.Contains(p.item)))
                {
                    Lose(item, [.. path, $"[{i}]"]);
                }

                return ManifestNode.Sequence(
                    [.. exported.Items.Select((item, i) => partners[i] is ManifestNode old ? In(old, item, [.. path, $"[{i}]"], kind) : item)]);
            // A header that is shown as a mask is exported as a reference.
            case var _ when (isText || !isMerge) && !IsOther(file, exported)
                && (MayBe(file, exported, isJson) || (kind == ValueKind.Headers && SecretReference.Parse(exported.Text.AsSpan()).IsReference)):
                Kept.Add(file.Shown);
                return isText ? ManifestNode.Of(file.Shown) : ManifestNode.ToNumber(file.Shown);
            default:
                Lose(file, path);
                return exported;
        }
    }

    // Of a text that is a variable as a whole, nothing is known; more than a scheme or a prefix beside a key is likely another text.
    private static bool IsOther(ManifestNode file, ManifestNode exported) =>
        VariableExpansion.IsIn(exported.Text) && VariableExpansion.Without(exported.Text).Length == 0
            && VariableExpansion.Without(file.Shown) is var beside && (beside.Length > LongestBeside || beside.Any(char.IsWhiteSpace));

    // A place in a list of another length says nothing.
    private static ManifestNode? Partner(ManifestNode file, ManifestNode exported, ManifestNode item, int index, ValueKind kind) =>
        kind == ValueKind.Variables ? file.Items.FirstOrDefault(i => NameOf(i) == NameOf(item))
        : item.IsScalar && file.Items.FirstOrDefault(i => ManifestTree.Difference(i.Filled(), item, []) is null) is ManifestNode same ? same
        : file.Items.Count == exported.Items.Count ? file.Items[index]
        : null;

    private static string? NameOf(ManifestNode variable) => (variable.IsScalar ? variable : variable.Find("name"))?.Filled().Text;

    // Those to keys have no variable within: they are kept as they are.
    private static ManifestNode Headers(ManifestEntry file) => ManifestNode.Mapping(
        [.. file.Headers.Where(h => !SecretReference.Parse(h.Value.Text.AsSpan()).IsReference).Select(h => new ManifestProperty(h.Name, h.Value))]);

    /// <summary>A payload that is JSON text, as a table; as it is where only its values make it JSON.</summary>
    private static ManifestNode Parsed(ManifestNode payload)
    {
        bool isFaulty = false;
        var context = new ManifestParseContext(Environment.GetEnvironmentVariable, (_, _, _) => isFaulty = true, allowsUnset: true);
        context.Enter("payload", payload.Location);
        try
        {
            return JsonManifest.Read(payload.Shown, context) is ManifestNode read && !isFaulty ? read : payload;
        }
        catch (ManifestParseException)
        {
            return payload;
        }
    }

    private static string WithKnownValues(Substituted origin) => origin.Values.Where(v => v.Value.Problem is null)
        .Aggregate(origin.Written, (text, v) => v.Value.Read(plain => text.Replace(v.Reference, VariableExpansion.Escape(plain.ToString()))));

    private void Lose(ManifestNode file, string[] path)
    {
        if (file is { IsScalar: true, IsSubstituted: true, HasError: false })
        {
            Lost.Add(ManifestParseContext.PathText(path));
        }

        foreach (ManifestProperty entry in file.Entries)
        {
            Lose(entry.Value, [.. path, entry.Key.Text]);
        }

        for (int i = 0; i < file.Items.Count; i++)
        {
            Lose(file.Items[i], [.. path, $"[{i}]"]);
        }
    }
}
