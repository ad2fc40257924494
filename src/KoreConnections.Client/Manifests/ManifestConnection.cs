namespace KoreConnections.Client;

/// <summary>A connection of a manifest with what it defines.</summary>
internal sealed record ManifestConnection(ManifestEntry Entry, ConnectionDefinition Definition, IReadOnlyList<UnresolvedReference> Unresolved)
{
    /// <summary>Whether a reference to a key leads to none here.</summary>
    public bool LacksKey => Unresolved.Any(u => u.IsKey);

    /// <summary>A value as it may be shown: what came from the environment as the manifest says it.</summary>
    public string? Shown(string parameter, string? value) => Entry[parameter] is { IsSubstituted: true } node ? node.Shown : value;
}
