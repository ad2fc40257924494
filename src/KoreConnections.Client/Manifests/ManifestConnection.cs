namespace KoreConnections.Client;

/// <summary>A connection of a manifest with what it defines.</summary>
/// <param name="Entry">Where it stands, and which values were given.</param>
/// <param name="Definition">What it defines, checked and normalised.</param>
/// <param name="Unresolved">The references that lead to no key here.</param>
internal sealed record ManifestConnection(ManifestEntry Entry, ConnectionDefinition Definition, IReadOnlyList<UnresolvedReference> Unresolved)
{
    /// <summary>A value as it may be shown: what came from the environment as the manifest says it.</summary>
    public string? Shown(string parameter, string? value) => Entry[parameter] is { IsSubstituted: true } node ? node.Shown : value;
}
