namespace KoreConnections.Client;

/// <summary>A connection of a manifest: its values by parameter, each with its place.</summary>
/// <param name="file">The file.</param>
/// <param name="path">Its path, such as <c>connections[3]</c>.</param>
/// <param name="place">Where it begins.</param>
/// <param name="values">Its values by parameter name.</param>
internal sealed class ManifestEntry(string file, string path, SourceLocation place, IReadOnlyDictionary<string, ManifestNode> values)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>Its path in the file.</summary>
    public string Path { get; } = path;

    /// <summary>Where it begins.</summary>
    public SourceLocation Location { get; } = place;

    /// <summary>Whether nothing was found to be wrong with it.</summary>
    public bool IsValid { get; set; }

    /// <summary>The provider in the API's spelling, or null where none is known.</summary>
    public string? Provider => ApiValues.Providers.Find(this["Provider"]?.Text);

    /// <summary>The display name.</summary>
    public string? Name => this["Name"]?.Text;

    /// <summary>The display name as it may be shown.</summary>
    public string? ShownName => this["Name"]?.Shown;

    /// <summary>What came from the environment.</summary>
    public IReadOnlyList<SubstitutedValue> Substituted => [.. values.Values.SelectMany(v => v.Substituted)];

    /// <summary>The value of a parameter, or null for none.</summary>
    public ManifestNode? this[string parameter] => values.TryGetValue(parameter, out ManifestNode? value) && value.Kind != NodeKind.Null ? value : null;

    /// <summary>Whether a parameter is given and empty, which clears what a connection may do without.</summary>
    public bool Clears(string parameter) => values.TryGetValue(parameter, out ManifestNode? value) && value is { Kind: NodeKind.Null, HasError: false };

    /// <summary>Where a parameter's value stands, or else the connection.</summary>
    public SourceLocation LocationOf(string? parameter) =>
        parameter is not null && values.TryGetValue(parameter, out ManifestNode? value) ? value.Location : Location;

    /// <summary>The path of a parameter's value.</summary>
    public string PathOf(string? parameter) => ConnectionFields.Find(parameter ?? "") is ConnectionField property ? $"{Path}.{property.Name}" : Path;

    /// <summary>The headers, from a table of names and values or from a list of tables with key and value.</summary>
    public IEnumerable<(ManifestNode Name, ManifestNode Value)> Headers => this["Header"] is not ManifestNode header ? []
        : header.Kind == NodeKind.Mapping ? header.Entries.Select(e => (e.Key, e.Value))
        : header.Items
            .Select(item => (Of(item, "key"), Of(item, "value")))
            .Where(pair => pair.Item1 is not null && pair.Item2 is not null)
            .Select(pair => (pair.Item1!, pair.Item2!));

    /// <summary>The references to keys: the parameter, the path, the reference.</summary>
    public IEnumerable<(string Parameter, Func<string> Path, ManifestNode Reference)> References
    {
        get
        {
            if (this["ApiKey"] is ManifestNode key)
            {
                yield return ("ApiKey", () => PathOf("ApiKey"), key);
            }

            foreach ((ManifestNode name, ManifestNode value) in Headers.Where(h => SecretReference.Parse(h.Value.Text.AsSpan()).IsReference))
            {
                yield return ("Header", () => $"{PathOf("Header")}.{ManifestParseContext.Shown(name.Text)}", value);
            }
        }
    }

    /// <summary>The value of a name in a table, or null.</summary>
    public static ManifestNode? Of(ManifestNode table, string name) =>
        table.Entries.Where(e => string.Equals(e.Key.Text, name, StringComparison.OrdinalIgnoreCase)).Select(e => e.Value).FirstOrDefault();
}
