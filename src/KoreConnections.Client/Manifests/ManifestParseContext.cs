namespace KoreConnections.Client;

/// <summary>What the readers of both formats share: substitution, limits, repeated names, and problems with their path.</summary>
/// <param name="report">Takes a problem: its place, its path, what is wrong.</param>
internal sealed class ManifestParseContext(Func<string, string?> environment, Action<SourceLocation, string, string> report, bool allowsUnset = false)
{
    // An honest file with ten thousand connections stays below.
    private const long MaxNodes = 1_000_000;
    private const int MaxDepth = 100;

    // A file is as large as 16 MB; what variables add to it may be as much.
    private const long MostFilledIn = 16 * 1024 * 1024;

    private static readonly Regex HalfPair = new(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]", RegexOptions.CultureInvariant);

    private readonly List<string> _path = [];
    private long _copies;
    private long _filledIn;

    public void Enter(string step, SourceLocation place)
    {
        if (_path.Count >= MaxDepth)
        {
            throw new ManifestParseException(place, $"This is nested more than {MaxDepth} levels deep, which no connection needs.");
        }

        _path.Add(step);
    }

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    public void Report(SourceLocation place, string message) => report(place, PathText(_path), message);

    public void ReportValue(SourceLocation place, string problem) =>
        Report(place, $"{(_path.LastOrDefault(s => !s.StartsWith("[", StringComparison.Ordinal)) is string name ? Shown(name) : "The file")} {problem}");

    public ManifestNode Text(string written, SourceLocation place) =>
        Scalar(written, place, static (text, at, origin) => ManifestNode.Scalar(NodeKind.Text, text, at, origin: origin));

    public ManifestNode Scalar(string written, SourceLocation place, Func<string, SourceLocation, Substituted?, ManifestNode> make)
    {
        bool isFaulty = false;
        bool mayBeUnset = allowsUnset && _path.Any(step => ConnectionFields.Find(step) is ConnectionField field && !field.SaysWhich);
        (string text, Substituted? origin) = VariableExpansion.Apply(written, environment, Fault, mayBeUnset);
        if ((_filledIn += Math.Max(0, text.Length - written.Length)) > MostFilledIn)
        {
            throw new ManifestParseException(
                place, $"The variables substituted up to this point exceed {MostFilledIn / (1024 * 1024)} MB, which no manifest needs.");
        }

        if (HalfPair.IsMatch(text))
        {
            Fault("contains half of a surrogate pair, which JSON does not allow. Check whether the value was cut off.");
        }

        return isFaulty ? ManifestNode.Faulty(text, place, origin) : make(text, place, origin);

        void Fault(string problem)
        {
            isFaulty = true;
            ReportValue(place, problem);
        }
    }

    public static ManifestNode Sequence(IReadOnlyList<ManifestNode> items, SourceLocation place) => Bounded(ManifestNode.Sequence(items, place));

    /// <summary>A mapping; a key that is there already is reported and left out.</summary>
    public ManifestNode Mapping(IReadOnlyList<ManifestProperty> entries, SourceLocation place)
    {
        var first = new Dictionary<string, ManifestNode>(entries.Count, StringComparer.Ordinal);
        var kept = new List<ManifestProperty>(entries.Count);
        foreach (ManifestProperty entry in entries)
        {
            if (first.TryGetValue(entry.Key.Text, out ManifestNode? before))
            {
                ReportTwice(entry.Key, before, "Keep one of them.");
            }
            else
            {
                first[entry.Key.Text] = entry.Key;
                kept.Add(entry);
            }
        }

        return Bounded(ManifestNode.Mapping(kept, place));
    }

    public void ReportTwice(ManifestNode key, ManifestNode before, string advice)
    {
        Enter(key.Text, key.Location);
        ReportValue(key.Location, $"is given twice, first on line {before.Location.Line}. {advice}");
        Leave();
    }

    /// <summary>A mapping with what <c>&lt;&lt;</c> merges; what it names itself stays.</summary>
    public ManifestNode Merged(ManifestNode mapping, IEnumerable<ManifestNode> sources)
    {
        List<ManifestProperty> entries = [.. mapping.Entries];
        // The names of a connection and of headers are taken in any case, those of a payload as they are.
        bool isAnyCase = _path is ["connections", _]
            || (_path is ["connections", _, string field] && ConnectionFields.Find(field) is { Kind: ValueKind.Headers });
        var names = new HashSet<string>(entries.Select(e => e.Key.Text), isAnyCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (ManifestNode source in sources)
        {
            Count(source.Entries.Count, source.Location);
            ManifestProperty[] added = [.. source.Entries.Where(e => !names.Contains(e.Key.Text))];
            entries.AddRange(added);
            names.UnionWith(added.Select(e => e.Key.Text));
        }

        return Mapping(entries, mapping.Location);
    }

    /// <summary>Counts what is copied from one place to another: the nodes that are left do not show how often.</summary>
    public void Count(long copies, SourceLocation place)
    {
        _copies += copies;
        if (_copies > MaxNodes)
        {
            throw TooMuch(place);
        }
    }

    public static string PathText(IEnumerable<string> steps) =>
        string.Concat(steps.Select((step, i) => step.StartsWith("[", StringComparison.Ordinal) || i == 0 ? Shown(step) : "." + Shown(step)));

    /// <summary>A name as messages show it; a key that was pasted in its place is not shown.</summary>
    public static string Shown(string name) => SecretMasker.Quote(name, 60);

    /// <summary>What is wrong with a name that is none of the accepted ones: what nobody sees in it comes first.</summary>
    /// <param name="hint">What it may have been meant to be, behind a space; empty for nothing.</param>
    public static string NoProperty(string name, string of, string hint, string accepted) =>
        (SingleLine.Problem(name) ?? SingleLine.SpaceProblem(name) ?? (name.Trim().Length < name.Length ? "has white space around it. Remove it." : null))
            is string problem ? $"The name '{Shown(name)}' {problem}" : $"'{Shown(name)}' is not a property of {of}.{hint} Accepted names: {accepted}.";

    private static ManifestNode Bounded(ManifestNode node) => node.ExpandedSize <= MaxNodes ? node : throw TooMuch(node.Location);

    private static ManifestParseException TooMuch(SourceLocation place) =>
        new(place, FormattableString.Invariant($"With all aliases and merges expanded, this is more than {MaxNodes:N0} values, which no manifest needs."));
}
