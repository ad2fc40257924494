namespace KoreConnections.Client;

/// <summary>
/// Distinguishes a variable in the place of a key, which a plan does not need, from one that stands for anything else, such as a host. The
/// names say so, because the value is not there to be judged.
/// </summary>
internal static class KeyPlace
{
    // Stands for the value: it looks like no known key, so that only its place makes it one.
    private const string Probe = "q7Zt2Wm9Xc4Lr8Vb1Ny6";

    private static readonly Regex Host = new($@"^\s*[a-z]+://[^/?#\s]*{Probe}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Where in a field a variable stands for a key, and where for something else: the first place of each.</summary>
    public static IEnumerable<(string Path, bool IsKey)> Find(ConnectionField field, ManifestNode value, SubstitutedValue variable) =>
        field.Kind is ValueKind.Key or ValueKind.Headers
            ? [(field.Name, true)]
            : Scalars(field.Name, field.Name, value)
                .Where(s => s.Node.Substituted.Any(v => v.Reference == variable.Reference))
                .Select(s => (s.Path, IsKey: IsKey(field, s.Name, s.Node, variable.Reference)))
                .GroupBy(s => s.IsKey)
                .Select(places => places.First());

    private static bool IsKey(ConnectionField field, string name, ManifestNode node, string reference)
    {
        string text = node.Shown.Replace(reference, Probe);
        bool isAddress = text.IndexOf("://", StringComparison.Ordinal) >= 0;
        if (isAddress && SecretAddress.ReplaceInText(text, static (_, _) => "").IndexOf(Probe, StringComparison.Ordinal) < 0)
        {
            return true;
        }

        string variable = reference.Substring("${env:".Length).TrimEnd('}');
        return !(isAddress && Host.IsMatch(text)) && (KeyVariableNames.IsOne(variable)
            || SecretRule.IsName(variable)
            || (field.Kind != ValueKind.Address && (SecretRule.MayHold(name, text) || SecretMasker.HoldsKey(text))));
    }

    private static IEnumerable<(string Path, string Name, ManifestNode Node)> Scalars(string path, string name, ManifestNode node) => node.Kind switch
    {
        _ when !node.IsUnresolved => [],
        NodeKind.Mapping => node.Entries.SelectMany(e => Scalars(
            $"{path}.{ManifestParseContext.Shown(e.Key.Text)}",
            CarriedSecrets.NameOf(e.Key.Text, name, other => node.Find(other) is { IsScalar: true } called ? called.Text : null),
            e.Value)),
        NodeKind.Sequence => node.Items.SelectMany((item, i) => Scalars($"{path}[{i}]", name, item)),
        _ => [(path, name, node)],
    };
}
