namespace KoreConnections.Client;

/// <summary>A connection of a manifest: its values by parameter, each with its place.</summary>
/// <param name="Path">Its path, such as <c>connections[3]</c>.</param>
internal sealed record ManifestEntry(string File, string Path, SourceLocation Location, IReadOnlyDictionary<string, ManifestNode> Values)
{
    /// <summary>Whether all is right but for what is in <see cref="Unset"/>.</summary>
    public bool IsValid { get; set; }

    /// <summary>The values that are not known, because their variables are not set.</summary>
    public IReadOnlyList<ManifestProblem> Unset { get; init; } = [];

    /// <summary>The provider in the API's spelling, or null where none is known.</summary>
    public string? Provider => ApiValues.Providers.Find(this["Provider"]?.Text);

    public string? Name => this["Name"]?.Text;

    public string? ShownName => this["Name"]?.Shown;

    public IReadOnlyList<SubstitutedValue> Substituted => [.. Values.Values.SelectMany(v => v.Substituted)];

    public ManifestNode? this[string parameter] => Values.TryGetValue(parameter, out ManifestNode? value) && value.Kind != NodeKind.Null ? value : null;

    /// <summary>Whether a parameter is given and empty, which clears what a connection may do without.</summary>
    public bool Clears(string parameter) => Values.TryGetValue(parameter, out ManifestNode? value) && value is { Kind: NodeKind.Null, HasError: false };

    /// <summary>
    /// Whether a part of a field can be compared without the variables that are not set. A payload that is a text cannot, nor can variables:
    /// one whose name is unknown may be any of the platform's.
    /// </summary>
    public bool IsComparable(ConnectionField field) => this[field.Parameter] is not { IsUnresolved: true } node || field.Kind switch
    {
        ValueKind.Payload => !node.IsScalar,
        ValueKind.Variables => node.AsList.All(v => (v.IsScalar ? v : v.Find("name")) is not { IsUnresolved: true }),
        _ => true,
    };

    public SourceLocation LocationOf(string? parameter) =>
        parameter is not null && Values.TryGetValue(parameter, out ManifestNode? value) ? value.Location : Location;

    public string PathOf(string? parameter) => ConnectionFields.Find(parameter ?? "") is ConnectionField property ? $"{Path}.{property.Name}" : Path;

    /// <summary>The headers, from a table of names and values or from a list of tables with key and value.</summary>
    public IEnumerable<(ManifestNode Name, ManifestNode Value)> Headers => this["Header"] is not ManifestNode header ? []
        : header.Kind == NodeKind.Mapping ? header.Entries.Select(e => (e.Key, e.Value))
        : header.Items
            .Select(item => (Name: item.Find("key")!, Value: item.Find("value")!))
            .Where(pair => pair is { Name: not null, Value: not null });

    /// <summary>The references for keys; that of a header has its name.</summary>
    public IEnumerable<(string Parameter, string Header, Func<string> Path, ManifestNode Reference)> References
    {
        get
        {
            if (this["ApiKey"] is ManifestNode key)
            {
                yield return ("ApiKey", "", () => PathOf("ApiKey"), key);
            }

            foreach ((ManifestNode name, ManifestNode value) in Headers.Where(h => SecretReference.Parse(h.Value.Text.AsSpan()).IsReference))
            {
                yield return ("Header", name.Text, () => $"{PathOf("Header")}.{ManifestParseContext.Shown(name.Text)}", value);
            }
        }
    }
}
