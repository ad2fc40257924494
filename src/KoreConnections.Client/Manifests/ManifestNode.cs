namespace KoreConnections.Client;

/// <summary>One value of a manifest, whichever format it was written in. A node that an alias names twice is one object.</summary>
internal sealed class ManifestNode
{
    // A long text weighs like several nodes: aliases repeat it, too.
    private const int TextOfOneNode = 100;

    private ManifestNode(NodeKind kind, SourceLocation place)
    {
        Kind = kind;
        Location = place;
    }

    public NodeKind Kind { get; }

    public SourceLocation Location { get; }

    /// <summary>A scalar as it was written, variables of the environment filled in.</summary>
    public string Text { get; private init; } = "";

    /// <summary>A number as JSON writes it; null for one that JSON cannot carry.</summary>
    public string? Json { get; private init; }

    /// <summary>How the text came about, where part of it came from the environment.</summary>
    public Substituted? Origin { get; private init; }

    /// <summary>Whether a text is a reference to a number, which YAML writes without quotation marks.</summary>
    public bool IsNumber { get; private init; }

    public bool IsSubstituted => Origin is not null;

    public string Shown => Origin?.Written ?? Text;

    /// <summary>What came from the environment, here and below.</summary>
    public IReadOnlyList<SubstitutedValue> Substituted { get; private set; } = [];

    public bool IsUnresolved => Unset is not null;

    /// <summary>Which variable of it is not set, as the end of a sentence; null where all are. What else is wrong with it follows from that.</summary>
    public string? Unset => Substituted.Select(v => v.Value.Problem?.Message).FirstOrDefault(m => m is not null);

    /// <summary>Whether a text begins and ends as this one, of which a part is unknown.</summary>
    public bool MayBe(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> start = Shown.AsSpan(0, Shown.IndexOf('$'));
        ReadOnlySpan<char> end = Shown.AsSpan(Shown.LastIndexOf('}') + 1);
        return text.Length >= start.Length + end.Length && text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal);
    }

    /// <summary>Whether a problem of it was reported already, so that no further one follows from it.</summary>
    public bool HasError { get; private init; }

    /// <summary>Whether a problem of it, or of something below, was reported already.</summary>
    public bool HasFault { get; private set; }

    public IReadOnlyList<ManifestNode> Items { get; private init; } = [];

    /// <summary>The items of a list; what stands alone where a list is accepted is its only one.</summary>
    public IReadOnlyList<ManifestNode> AsList => Kind == NodeKind.Sequence ? Items : [this];

    public IReadOnlyList<ManifestProperty> Entries { get; private init; } = [];

    /// <summary>How many nodes this one stands for when every alias is written out.</summary>
    public long ExpandedSize { get; private set; } = 1;

    public bool IsScalar => Kind is not (NodeKind.Mapping or NodeKind.Sequence);

    public static ManifestNode Scalar(NodeKind kind, string text, SourceLocation place, string? json = null, Substituted? origin = null) =>
        new(kind, place) { Text = text, Json = json, Origin = origin, Substituted = origin?.Values ?? [], ExpandedSize = 1 + (text.Length / TextOfOneNode) };

    public static ManifestNode Faulty(string text, SourceLocation place, Substituted? origin = null) =>
        new(NodeKind.Text, place) { Text = text, HasError = true, HasFault = true, Origin = origin, Substituted = origin?.Values ?? [] };

    public static ManifestNode Of(string text) => Scalar(NodeKind.Text, text, default);

    public static ManifestNode ToNumber(string reference) => new(NodeKind.Text, default) { Text = reference, IsNumber = true };

    public static ManifestNode Number(string json, SourceLocation place = default) => Scalar(NodeKind.Number, json, place, json);

    public static ManifestNode Of(bool flag) => Scalar(NodeKind.Flag, flag ? "true" : "false", default);

    public static ManifestNode Sequence(IReadOnlyList<ManifestNode> items, SourceLocation place = default)
    {
        var node = new ManifestNode(NodeKind.Sequence, place) { Items = items };
        node.Hold(items);
        return node;
    }

    public static ManifestNode Mapping(IReadOnlyList<ManifestProperty> entries, SourceLocation place = default)
    {
        var node = new ManifestNode(NodeKind.Mapping, place) { Entries = entries };
        node.ExpandedSize += entries.Sum(e => e.Key.ExpandedSize);
        node.Hold(entries.Select(e => e.Value).ToArray());
        return node;
    }

    public ManifestNode? this[string name] => Find(name, StringComparison.Ordinal);

    /// <summary>A property's name as it is written; null for none of that name in any case.</summary>
    public string? KeyOf(string name) => Entries.Select(e => e.Key.Text).FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase));

    public ManifestNode? Find(string name, StringComparison comparison = StringComparison.OrdinalIgnoreCase) =>
        Entries.FirstOrDefault(e => string.Equals(e.Key.Text, name, comparison)).Value;

    /// <summary>The value as a manifest says it, so that no value of the environment gets into another.</summary>
    public ManifestNode Written() => Kind switch
    {
        NodeKind.Mapping => Mapping([.. Entries.Select(e => e with { Value = e.Value.Written() })]),
        NodeKind.Sequence => Sequence([.. Items.Select(i => i.Written())]),
        _ when Origin is not null => Of(Origin.Written),
        _ => Filled(),
    };

    /// <summary>A scalar as a manifest would say it without variables.</summary>
    public ManifestNode Filled() => Kind == NodeKind.Text ? Of(VariableExpansion.Escape(Text)) : this;

    private void Hold(IReadOnlyList<ManifestNode> values)
    {
        HasFault = values.Any(v => v.HasFault);
        ExpandedSize += values.Sum(v => v.ExpandedSize);
        // Each once: an alias may lead to one a million times.
        Substituted = [.. values.SelectMany(v => v.Substituted).GroupBy(s => s.Reference).Select(g => g.First())];
    }

    /// <summary>A scalar as a message quotes it; of anything else, what it is.</summary>
    public string Quoted => IsScalar ? $"'{SecretMasker.Quote(Shown, 60)}'" : Described;

    public string Described => Kind switch
    {
        NodeKind.Mapping => "a table",
        NodeKind.Sequence => "a list",
        NodeKind.Text => "a string",
        NodeKind.Number => "a number",
        NodeKind.Flag => "true or false",
        _ => "empty",
    };

    /// <param name="isShown">Whether the JSON may be shown: what came from the environment is in it as it was written.</param>
    public void WriteTo(Utf8JsonWriter writer, bool isShown = false)
    {
        if (isShown && Origin is not null)
        {
            writer.WriteStringValue(Origin.Written);
            return;
        }

        switch (Kind)
        {
            case NodeKind.Mapping:
                JsonText.WriteTable(writer, Entries, e => e.Key.Text, e => e.Value.WriteTo(writer, isShown));
                break;
            case NodeKind.Sequence:
                JsonText.WriteList(writer, Items, item => item.WriteTo(writer, isShown));
                break;
            case NodeKind.Number:
                writer.WriteRawValue(Json ?? throw new InvalidOperationException("JSON cannot carry this number."));
                break;
            case NodeKind.Flag:
                writer.WriteBooleanValue(string.Equals(Text, "true", StringComparison.OrdinalIgnoreCase));
                break;
            case NodeKind.Null:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(Text);
                break;
        }
    }
}
