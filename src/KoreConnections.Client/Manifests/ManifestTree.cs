namespace KoreConnections.Client;

/// <summary>Compares and changes trees of a manifest as they are written, whatever the order of their names.</summary>
internal static class ManifestTree
{
    /// <summary>The place of the first difference of two trees; null where there is none.</summary>
    public static string? Difference(ManifestNode one, ManifestNode other, List<string> path) => (one.Kind, other.Kind) switch
    {
        (NodeKind.Mapping, NodeKind.Mapping) => one.Entries.Select(e => e.Key.Text).Union(other.Entries.Select(e => e.Key.Text))
            .Select(key => Of(one, key) is { } mine && Of(other, key) is { } its
                ? Difference(mine, its, [.. path, key])
                : ManifestParseContext.PathText([.. path, key]))
            .FirstOrDefault(p => p is not null),
        (NodeKind.Sequence, NodeKind.Sequence) when one.Items.Count == other.Items.Count =>
            one.Items.Select((item, i) => Difference(item, other.Items[i], [.. path, $"[{i}]"])).FirstOrDefault(p => p is not null),
        _ => IsSame(one, other) ? null : ManifestParseContext.PathText(path),
    };

    /// <summary>The value of a name, or the item of a number.</summary>
    public static ManifestNode Step(ManifestNode node, object step) => step is int index ? node.Items[index] : Of(node, (string)step)!;

    /// <summary>The tree with one node changed.</summary>
    public static ManifestNode With(ManifestNode node, IReadOnlyList<object> path, Func<ManifestNode, ManifestNode> change, int depth = 0) =>
        depth == path.Count ? change(node)
        : path[depth] is int index ? ManifestNode.Sequence([.. node.Items.Select((item, i) => i == index ? With(item, path, change, depth + 1) : item)])
        : ManifestNode.Mapping([.. node.Entries.Select(e => e.Key.Text == (string)path[depth] ? new(e.Key, With(e.Value, path, change, depth + 1)) : e)]);

    /// <summary>The value of a name in a table, or null.</summary>
    public static ManifestNode? Of(ManifestNode table, string key) => table.Entries.Where(e => e.Key.Text == key).Select(e => e.Value).FirstOrDefault();

    /// <summary>A tree as it stands in its file, so that no value of the environment gets into another.</summary>
    public static ManifestNode Written(ManifestNode node) => node.Kind switch
    {
        NodeKind.Mapping or NodeKind.Sequence => node.WithValues(Written),
        _ when node.Origin is not null => ManifestNode.Of(node.Origin.Written),
        NodeKind.Text => ManifestNode.Of(VariableExpansion.Escape(node.Text)),
        _ => node,
    };

    public static bool IsSame(ManifestNode one, ManifestNode other) => one.Kind == other.Kind && one.Kind switch
    {
        NodeKind.Mapping =>
            one.Entries.Count == other.Entries.Count && one.Entries.All(e => Of(other, e.Key.Text) is ManifestNode value && IsSame(e.Value, value)),
        NodeKind.Sequence => one.Items.Count == other.Items.Count && one.Items.Zip(other.Items, IsSame).All(same => same),
        NodeKind.Number => one.Json == other.Json || (one.Json is not null && other.Json is not null && JsonNumber.AreSame(one.Json, other.Json)),
        NodeKind.Flag => string.Equals(one.Text, other.Text, StringComparison.OrdinalIgnoreCase),
        NodeKind.Null => true,
        _ => one.Text == other.Text,
    };
}
