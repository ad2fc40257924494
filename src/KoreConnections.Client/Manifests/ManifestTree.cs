namespace KoreConnections.Client;

/// <summary>Compares and changes trees of a manifest as they are written, in any order of their names.</summary>
internal static class ManifestTree
{
    public static string? Difference(ManifestNode one, ManifestNode other, List<string> path) => (one.Kind, other.Kind) switch
    {
        (NodeKind.Mapping, NodeKind.Mapping) => one.Entries.Select(e => e.Key.Text).Union(other.Entries.Select(e => e.Key.Text))
            .Select(key => one[key] is { } mine && other[key] is { } its
                ? Difference(mine, its, [.. path, key])
                : ManifestParseContext.PathText([.. path, key]))
            .FirstOrDefault(p => p is not null),
        (NodeKind.Sequence, NodeKind.Sequence) when one.Items.Count == other.Items.Count =>
            one.Items.Select((item, i) => Difference(item, other.Items[i], [.. path, $"[{i}]"])).FirstOrDefault(p => p is not null),
        _ => IsSameScalar(one, other) ? null : ManifestParseContext.PathText(path),
    };

    /// <summary>Whether each table has nothing that the other has not: only then no value of it would have to be removed.</summary>
    public static bool IsLike(ManifestNode file, ManifestNode exported) => (file.Kind, exported.Kind) switch
    {
        (NodeKind.Mapping, NodeKind.Mapping) => file.Entries.All(e =>
            exported[e.Key.Text] is ManifestNode other && (e.Value.IsScalar || !other.IsScalar) && IsLike(e.Value, other)),
        (NodeKind.Sequence, NodeKind.Sequence) => file.Items.Count == exported.Items.Count && file.Items.Zip(exported.Items, IsLike).All(same => same),
        _ => file.IsScalar,
    };

    public static ManifestNode Step(ManifestNode node, object step) => step is int index ? node.Items[index] : node[(string)step]!;

    public static ManifestNode With(ManifestNode node, IReadOnlyList<object> path, Func<ManifestNode, ManifestNode> change, int depth = 0) =>
        depth == path.Count ? change(node)
        : path[depth] is int index ? ManifestNode.Sequence([.. node.Items.Select((item, i) => i == index ? With(item, path, change, depth + 1) : item)])
        : ManifestNode.Mapping([.. node.Entries.Select(e =>
            e.Key.Text == (string)path[depth] ? e with { Value = With(e.Value, path, change, depth + 1) } : e)]);

    private static bool IsSameScalar(ManifestNode one, ManifestNode other) => one.IsScalar && one.Kind == other.Kind && one.Kind switch
    {
        NodeKind.Number => one.Json == other.Json || (one.Json is not null && other.Json is not null && JsonNumber.AreSame(one.Json, other.Json)),
        NodeKind.Flag => string.Equals(one.Text, other.Text, StringComparison.OrdinalIgnoreCase),
        NodeKind.Null => true,
        _ => one.Text == other.Text,
    };
}
