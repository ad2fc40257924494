namespace KoreConnections.Client;

/// <summary>Finds everything in the files of a manifest that can be found without a platform and without the keys.</summary>
internal sealed class ManifestValidator(DiagnosticBag problems)
{
    private const string Version = "1";
    private const string Accepted = "connections, version, $schema, and any name that begins with x-, to hold anchors";

    private readonly Dictionary<string, ManifestEntry> _byName = new(StringComparer.Ordinal);

    public List<ManifestEntry> Entries { get; } = [];

    public void Add(ManifestFile file)
    {
        if (file.Root is not { Kind: NodeKind.Mapping } root)
        {
            (SourceLocation place, string problem) = file.Root is null or { Kind: NodeKind.Null }
                ? (new SourceLocation(1, 1), "The file is empty. A manifest needs a list named connections.")
                : (file.Root.Location, $"The file is {file.Root.Described}. A manifest is a table with a list named connections.");
            problems.Add(file.Path, place, "", problem);
            return;
        }

        // A folder may hold other files: of one that is no manifest, its many names say nothing.
        bool hasConnections = root["connections"] is not null;
        foreach (ManifestProperty entry in root.Entries)
        {
            switch (entry.Key.Text)
            {
                case "connections":
                    AddConnections(file.Path, entry.Value);
                    break;
                case "version" when hasConnections:
                    CheckVersion(file.Path, entry.Value);
                    break;
                case "version" or "$schema":
                    break;
                case var name when !IsFree(name):
                    string hint = SpellingSuggestion.Of(name, ["connections", "version", "$schema"]) is string near ? $" Did you mean {near}?" : "";
                    if (hasConnections || hint.Length > 0)
                    {
                        string stray = ManifestParseContext.NoProperty(name, "a manifest", hint, Accepted);
                        problems.Add(file.Path, entry.Key.Location, ManifestParseContext.Shown(name), stray);
                    }

                    break;
            }
        }

        // After all that uses them: what is wrong there has a better reason.
        foreach (ManifestProperty unused in hasConnections ? root.Entries.Where(e => IsFree(e.Key.Text)) : [])
        {
            new PayloadValidator((place, at, problem) =>
            {
                if (!problems.HasAny(file.Path, place))
                {
                    problems.Add(file.Path, place, at, problem!);
                }
            }).CheckUnused(unused);
        }

        if (!hasConnections)
        {
            problems.Add(file.Path, root.Location, "", "The file has no list named connections. Add one.");
        }
    }

    private static bool IsFree(string name) => name.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    private void AddConnections(string file, ManifestNode list)
    {
        if (list.Kind is not (NodeKind.Sequence or NodeKind.Null) && !list.HasError)
        {
            string problem = $"connections is {list.Described}. Use a list of tables, each with provider, name and the properties of that provider.";
            problems.Add(file, list.Location, "connections", problem);
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            var checker = new ConnectionValidator(file, $"connections[{i}]", problems);
            if (checker.Check(list.Items[i]) is ManifestEntry entry)
            {
                Entries.Add(entry);
                CheckName(entry);
            }
        }
    }

    private void CheckName(ManifestEntry entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Name))
        {
            return;
        }

        if (_byName.TryGetValue(SingleLine.Comparable(entry.Name!), out ManifestEntry? first))
        {
            SourceLocation place = first.LocationOf("Name");
            string before = $"{first.File}:{place.Line}:{place.Column}";
            problems.Add(entry.File, entry.LocationOf("Name"), entry.PathOf("Name"), first.Name == entry.Name
                ? $"'{SecretMasker.Quote(entry.ShownName)}' is already defined at {before}. Names must be unique in an account."
                : $"'{SecretMasker.Quote(entry.ShownName)}' looks like '{SecretMasker.Quote(first.ShownName)}' at {before}: "
                    + "they differ only in case, white space or composed letters. Choose names that differ visibly.");
        }
        else
        {
            _byName[SingleLine.Comparable(entry.Name!)] = entry;
        }
    }

    private void CheckVersion(string file, ManifestNode version)
    {
        // 1.0 is the same number.
        bool isSupported = version.Text == Version || (version.Json is string number && JsonNumber.AreSame(number, Version));
        if (!version.HasError && (!version.IsScalar || !isSupported))
        {
            string problem = $"version is {version.Quoted}. This module supports version {Version}. Update the module, or correct the version.";
            problems.Add(file, version.Location, "version", problem);
        }
    }
}
