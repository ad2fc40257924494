namespace KoreConnections.Client;

/// <summary>
/// Reads an export back, as its users will. A platform holds connections that other clients made, and one value that a manifest
/// refuses would make the whole file useless.
/// </summary>
internal static class ExportValidator
{
    private static readonly Regex Place = new(@"^connections\[(\d+)\](?:\.(\w+))?", RegexOptions.CultureInvariant);

    /// <summary>What a manifest can contain of the entries. An optional value that makes no difference to a key is left out alone.</summary>
    /// <param name="incomplete">The names of those that are written all the same, because a warning says what to add.</param>
    public static List<ManifestNode> Accepted(
        List<ManifestNode> entries, Func<List<ManifestNode>, ManifestNode> manifest, ISet<string> incomplete, ExportWarnings warnings)
    {
        IReadOnlyDictionary<int, (string Message, string? Property)> problems = Problems(entries, manifest);
        var accepted = new List<ManifestNode>();
        bool isShortened = false;
        for (int i = 0; i < entries.Count; i++)
        {
            ManifestNode entry = entries[i];
            string name = ManifestExport.NameOf(entry);
            if (!problems.TryGetValue(i, out (string Message, string? Property) problem))
            {
                accepted.Add(entry);
            }
            else if (problem.Property is string property && entry.Find(property) is not null
                && ConnectionFields.Find(property) is { IsRequired: false, MattersToKey: false })
            {
                warnings.Without(name, property, $"a manifest cannot contain its value: {problem.Message}", property);
                accepted.Add(ManifestNode.Mapping([.. entry.Entries.Where(e => e.Key.Text != property)]));
                isShortened = true;
            }
            else if (problem.Property is not null && incomplete.Contains(name))
            {
                accepted.Add(entry);
            }
            else
            {
                warnings.Omit(name, $"a manifest cannot contain it: {problem.Message}");
            }
        }

        return isShortened ? Accepted(accepted, manifest, incomplete, warnings) : accepted;
    }

    // The first problem of each connection that has one, by its index, and the property that it is about: null where no file with it can be read.
    private static IReadOnlyDictionary<int, (string Message, string? Property)> Problems(
        List<ManifestNode> entries, Func<List<ManifestNode>, ManifestNode> manifest)
    {
        try
        {
            return Read(manifest(entries));
        }
        catch (ManifestParseException e) when (entries.Count == 1)
        {
            return new Dictionary<int, (string, string?)> { [0] = (e.Message, null) };
        }
        catch (ManifestParseException)
        {
            // One that cannot be read at all, such as a payload that is nested too deep, says nothing of the others.
            return entries
                .SelectMany((entry, i) => Problems([entry], manifest).Values.Select(problem => (Index: i, Problem: problem)))
                .ToDictionary(p => p.Index, p => p.Problem);
        }
    }

    private static Dictionary<int, (string Message, string? Property)> Read(ManifestNode manifest)
    {
        var problems = new DiagnosticBag();
        string text = ManifestWriter.Write(manifest, isJson: false, []);
        // Variables of an export stand for keys, of which any text will do.
        var context = new ManifestParseContext(_ => "x", (place, at, message) => problems.Add("", place, at, message));
        new ManifestValidator(problems).Add(new ManifestFile("", text, YamlManifest.Read(text, context)));
        return problems.Ordered()
            .Select(p => (Index: Place.Match(p.Path), p.Message))
            .Where(p => p.Index.Success)
            .GroupBy(p => int.Parse(p.Index.Groups[1].Value, CultureInfo.InvariantCulture), p => (p.Message, (string?)p.Index.Groups[2].Value))
            .ToDictionary(g => g.Key, g => g.First());
    }
}
