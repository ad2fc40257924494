namespace KoreConnections.Client;

/// <summary>What a manifest cannot say of the connections that are exported.</summary>
internal sealed class ExportWarnings
{
    private readonly List<(string Name, string Text, bool IsOmitted, string? Property)> _all = [];

    public int Count => _all.Count;

    public IReadOnlyList<string> Texts => [.. _all.Select(w => w.Text)];

    /// <summary>Why a file with these names must not be replaced: it would lose what the platform still has. Null where it loses nothing.</summary>
    /// <param name="names">The names that the file has.</param>
    /// <param name="has">Whether the file's connection of a name has a property.</param>
    public string? Loss(IEnumerable<string?> names, Func<string, string, bool> has)
    {
        var there = new HashSet<string?>(names, StringComparer.Ordinal);
        string[] lost = [.. _all.Where(w => w.IsOmitted ? there.Contains(w.Name) : w.Property is not null && has(w.Name, w.Property)).Select(w => w.Text)];
        return lost.Length == 0 ? null
            : $"was not replaced, because it would lose what the platform still has. {string.Join(" ", lost)} "
                + "To update the file and keep such entries, use -Merge.";
    }

    public void Keep(int count) => _all.RemoveRange(count, _all.Count - count);

    public void Add(string name, string text, string? property = null) => _all.Add((name, text, false, property));

    /// <param name="property">A property whose value a manifest cannot contain: a file that has another value for it is not replaced.</param>
    public void Without(string name, string what, string why, string? property = null) =>
        Add(name, $"'{TextSanitizer.SingleLine(name, 100)}' was exported without {what}: {why}", property);

    public void WithoutLogin(string name) => Add(
        name,
        $"The address of '{TextSanitizer.SingleLine(name, 100)}' contains a login, which was removed because a manifest does not allow it. "
            + "Put the login in a header.");

    /// <summary>References of the file that is replaced, which do not fit what the platform has.</summary>
    public void WithoutReferences(string name, string paths) => Add(
        name,
        $"'{TextSanitizer.SingleLine(name, 100)}': {paths}: the reference in the file was not kept because the platform has another value. "
            + "Check it before you use the file.");

    /// <summary>A masked number, for which a reference stands.</summary>
    public void NumberInJson(string name, string path) => Add(
        name,
        $"'{TextSanitizer.SingleLine(name, 100)}': {TextSanitizer.SingleLine(path, 100)} is a number, which a reference in JSON makes a string. "
            + "Export to YAML, or write the number itself.");

    /// <summary>A connection that the manifest does not have. What else it would lack makes no difference then.</summary>
    public void Omit(string name, string why, IEnumerable<string?>? ids = null)
    {
        _all.RemoveAll(w => w.Name == name);
        string shownIds = ids is null ? "" : $" ({string.Join(", ", ids.Select(id => TextSanitizer.SingleLine(id, 60)))})";
        // A connection may be called what looks like a key.
        _all.Add((name, $"'{TextSanitizer.SingleLine(SecretMasker.Scrub(name), 100)}'{shownIds} was not exported because {why}", true, null));
    }
}
