namespace KoreConnections.Client;

/// <summary>
/// Reads an export back, as its users will. A platform holds connections that other clients made, and one value that a manifest
/// refuses would make the whole file useless.
/// </summary>
internal static class ExportValidator
{
    private static readonly Regex Place = new(@"^connections\[(\d+)\]", RegexOptions.CultureInvariant);

    /// <summary>The first problem of each connection that has one, by its index, and whether no file with it can be read at all.</summary>
    public static IReadOnlyDictionary<int, (string Message, bool IsUnreadable)> Problems(
        List<ManifestNode> entries, Func<List<ManifestNode>, ManifestNode> manifest)
    {
        try
        {
            return Read(manifest(entries));
        }
        catch (ManifestParseException e) when (entries.Count == 1)
        {
            return new Dictionary<int, (string, bool)> { [0] = (e.Message, true) };
        }
        catch (ManifestParseException)
        {
            // One that cannot be read at all, such as a payload that is nested too deep, says nothing of the others.
            return entries
                .SelectMany((entry, i) => Problems([entry], manifest).Values.Select(problem => (Index: i, Problem: problem)))
                .ToDictionary(p => p.Index, p => p.Problem);
        }
    }

    private static Dictionary<int, (string Message, bool IsUnreadable)> Read(ManifestNode manifest)
    {
        var problems = new DiagnosticBag();
        string text = ManifestWriter.Write(manifest, isJson: false, []);
        // Variables of an export stand for keys, of which any text will do.
        var context = new ManifestParseContext(_ => "x", (place, at, message) => problems.Add("", place, at, message));
        new ManifestValidator(problems).Add(new ManifestFile("", text, YamlManifest.Read(text, context)));
        return problems.Ordered()
            .Select(p => (Index: Place.Match(p.Path), p.Message))
            .Where(p => p.Index.Success)
            .GroupBy(p => int.Parse(p.Index.Groups[1].Value, CultureInfo.InvariantCulture), p => p.Message)
            .ToDictionary(g => g.Key, g => (g.First(), false));
    }
}
