namespace KoreConnections.Client;

/// <summary>The place of a value in a YAML text.</summary>
internal sealed class YamlNode
{
    public NodeKind Kind { get; set; } = NodeKind.Text;

    public int Start { get; set; }

    public int End { get; set; }

    public bool IsBlock { get; set; }

    public bool IsAlias { get; set; }

    public bool IsEmpty { get; set; }

    public List<KeyValuePair<string, YamlNode>> Entries { get; } = [];

    public List<YamlNode> Children { get; } = [];

    /// <summary>What follows the <c>|</c> or <c>&gt;</c> of a text whose last line end counts, if there is one; null for any other value.</summary>
    public string? Indicators { get; set; }

    public int AfterMark { get; set; }

    /// <summary>The comment behind the <c>|</c> or <c>&gt;</c>, with the blanks before it.</summary>
    public string Comment { get; set; } = "";
}
