namespace KoreConnections.Client;

internal sealed record ManifestConnection(ManifestEntry Entry, ConnectionDefinition Definition, IReadOnlyList<UnresolvedReference> Unresolved)
{
    public bool LacksKey => Unresolved.Any(u => u.IsKey);

    /// <summary>What is accepted but will probably not work, a sentence each, in the words of a manifest.</summary>
    public IEnumerable<string> Remarks() => Definition.Remarks().Select(ConnectionValidator.Words);

    /// <summary>A value as it may be shown: what came from the environment as the manifest says it.</summary>
    public string? Shown(string parameter, string? value) => Entry[parameter] is { IsSubstituted: true } node ? node.Shown : value;
}
