namespace KoreConnections.Commands;

/// <summary>Reads a manifest's files whole: what they hold, where their references lead, and the definitions that come of it.</summary>
internal sealed class ManifestInput(KoreCmdlet cmdlet, bool opensVaults)
{
    private readonly DiagnosticBag _problems = new();
    private readonly List<string> _paths = [];
    private readonly HashSet<(string Header, Secret Value)> _rightInHeaders = [];
    private bool _isIncomplete;
    private bool _isSought;
    private readonly KeyResolver _keys = new(cmdlet) { OpensVaults = opensVaults, Remembers = true };

    /// <summary>Whether a reference that leads to no key here is kept as one that is unresolved; else it is a problem.</summary>
    public bool AllowsUnresolved { get; init; }

    /// <summary>Whether a variable of a connection that stands for anything but a key has to be set; else it is a value that is not compared.</summary>
    public Func<ManifestEntry, bool> NeedsValues { get; init; } = _ => true;

    /// <summary>Whether a connection is meant, and with it the variables without which there is no definition of it.</summary>
    public Func<ManifestEntry, bool> IsMeant { get; init; } = _ => true;

    /// <summary>Whether the references of the connections that are meant are followed.</summary>
    public bool FollowsReferences { get; init; } = true;

    public List<ManifestFile> Files { get; } = [];

    /// <summary>The connections that have a problem.</summary>
    public List<ManifestEntry> Rejected { get; } = [];

    public int Count => Names.Count;

    /// <summary>The names of these; null where one has none.</summary>
    public IReadOnlyList<string?> Names { get; private set; } = [];

    /// <summary>Those that are not meant, and have no definition because of variables that are not set.</summary>
    public List<ManifestEntry> Undefined { get; } = [];

    public IReadOnlyList<ManifestProblem> Problems => _problems.Ordered();

    public bool IsRight => !_isIncomplete && _problems.Count == 0;

    /// <summary>Finds the files that paths stand for. What leads to none is reported.</summary>
    public void Find(IEnumerable<string> paths, string parameter = "Path")
    {
        _isSought = true;
        foreach (string path in paths)
        {
            _isIncomplete |= !cmdlet.Attempt(path, () => _paths.AddRange(PathInput.Manifests(cmdlet, path, parameter)));
        }
    }

    /// <summary>Reports a pipeline in which no path came: nothing was checked, and that must not look as if all were right.</summary>
    public void RequirePath()
    {
        if (!_isSought)
        {
            _isIncomplete = true;
            cmdlet.Fail(
                Guard.Invalid(
                    "Path",
                    "did not get any value from the pipeline, so no manifest was read. Correct the command before the |, or specify the path of a manifest."),
                null);
        }
    }

    /// <summary>The connections of the files that were found; null where anything is wrong, which is reported.</summary>
    public IReadOnlyList<ManifestConnection>? ReadOrReport()
    {
        IReadOnlyList<ManifestConnection> connections = Read();
        Report(cmdlet, Problems);
        return IsRight ? connections : null;
    }

    /// <summary>The connections with their definitions; only where there is no problem are they complete.</summary>
    /// <param name="files">What to read instead of the files that were found.</param>
    public IReadOnlyList<ManifestConnection> Read(params string[] files)
    {
        var checker = new ManifestValidator(_problems);
        foreach (string file in files.Length > 0 ? files : _paths.Distinct(FilePath.Comparer))
        {
            if (cmdlet.Stoppable(stop => ManifestFile.Read(file, Environment.GetEnvironmentVariable, _problems, AllowsUnresolved, stop)) is ManifestFile read)
            {
                Files.Add(read);
                checker.Add(read);
            }
        }

        Names = [.. checker.Entries.Select(e => e.Name)];
        return checker.Entries.Select(Define).OfType<ManifestConnection>().ToArray();
    }

    public static void Report(KoreCmdlet cmdlet, IEnumerable<ManifestProblem> problems)
    {
        foreach (ManifestProblem problem in problems)
        {
            cmdlet.Fail(KoreException.InvalidInput("Path", problem.ToString()).About(problem.Location), problem.Location);
        }
    }

    /// <summary>A connection; null where there is none, which is a problem, or one that is not defined.</summary>
    private ManifestConnection? Define(ManifestEntry entry)
    {
        bool isMeant = IsMeant(entry);
        bool follows = FollowsReferences && isMeant;
        (_keys.Folder, _keys.AllowsUnresolved, _keys.FollowsReferences) = (Path.GetDirectoryName(entry.File), AllowsUnresolved, follows);
        _keys.Show = text => Shown(entry, text);
        int before = _problems.Count;
        UnresolvedReference[] keys = [.. Follow(entry)];
        Array.ForEach(isMeant ? entry.Unset.ToArray() : [], _problems.Add);

        if (!entry.IsValid || _problems.Count > before)
        {
            Rejected.Add(entry);
            return null;
        }

        if (entry.Unset.Count > 0)
        {
            Undefined.Add(entry);
            return null;
        }

        UnresolvedReference[] values = [.. ConnectionFields.All.SelectMany(property => Unset(entry, property))];
        ManifestProblem[] missing = [.. values.Where(u => !u.IsKey).Select(u => u.Problem)];
        if (missing.Length > 0 && NeedsValues(entry))
        {
            Array.ForEach(missing, _problems.Add);
            return null;
        }

        try
        {
            var definition = ConnectionDefinition.Read(
                entry.Provider!,
                new ManifestFieldReader(
                    entry, _keys.Resolve, said => cmdlet.WriteVerbose($"{TextSanitizer.SingleLine(entry.File)}: {entry.Path}: {said}")));
            definition.Substituted = entry.Substituted;
            definition.Validate();
            return new ManifestConnection(entry, definition, follows ? [.. keys, .. values] : [.. values.Where(u => u.NotCompared is not null)]);
        }
        catch (KoreException e)
        {
            string? unset = entry[e.ParameterName ?? ""]?.Unset;
            string words = unset is null ? Words(entry, e) : $"{ConnectionFields.Find(e.ParameterName!)!.Name} {unset}";
            var problem = ManifestProblem.At(entry.File, entry.LocationOf(e.ParameterName), entry.PathOf(e.ParameterName), words);
            if (unset is null || isMeant)
            {
                _problems.Add(problem);
            }
            else
            {
                Undefined.Add(entry with { Unset = [problem] });
            }

            return null;
        }
    }

    /// <summary>The references of a connection that lead to no key here.</summary>
    private IEnumerable<UnresolvedReference> Follow(ManifestEntry entry) =>
        from reference in entry.References
        where IsReference(reference.Reference)
        let none = Follow(entry, reference.Parameter, reference.Header, reference.Path, reference.Reference)
        where none is not null
        select Unresolved(
            entry, reference.Parameter, reference.Reference.Shown, reference.Reference.Location, reference.Path(), Words(entry, none));

    /// <summary>Why a reference leads to no key here; null where it leads to one, or is wrong, which is a problem.</summary>
    private KoreException? Follow(ManifestEntry entry, string parameter, string header, Func<string> path, ManifestNode reference)
    {
        try
        {
            Secret key = _keys.Resolve(reference.Text, parameter);
            if (parameter == "ApiKey")
            {
                ApiKeyValidator.Check(key, parameter);
            }
            else if (!_rightInHeaders.Contains((header, key)))
            {
                // The name of a header may be among what is wrong already.
                Header.Validate([new Header(entry.IsValid ? header : "x", key)]);
                _rightInHeaders.Add((header, key));
            }

            return key.Problem;
        }
        catch (KoreException e)
        {
            _problems.Add(entry.File, reference.Location, path(), Words(entry, e));
            return null;
        }
    }

    private static string Words(ManifestEntry entry, KoreException failure) =>
        Shown(entry, ConnectionValidator.Words(failure.Message));

    private static string Shown(ManifestEntry entry, string text) => SubstitutedValue.Show(text, entry.Substituted, SubstitutedValue.ShortestByChance);

    private static UnresolvedReference Unresolved(ManifestEntry entry, string parameter, string reference, SourceLocation place, string path, string message) =>
        new(parameter, SecretMasker.Quote(reference, 200), ManifestProblem.At(entry.File, place, path, message));

    private static IEnumerable<UnresolvedReference> Unset(ManifestEntry entry, ConnectionField property)
    {
        foreach (SubstitutedValue value in entry[property.Parameter]?.Substituted.Where(v => v.Value.Problem is not null) ?? [])
        {
            ManifestNode node = entry[property.Parameter]!;
            foreach ((string path, bool isKey) in KeyPlace.Find(property, node, value))
            {
                string at = entry.PathOf(property.Parameter) + path.Substring(property.Name.Length);
                UnresolvedReference unset = Unresolved(
                    entry, property.Parameter, value.Reference, node.Location, at, $"{property.Name} {value.Value.Problem!.Message}");
                yield return unset with { IsKey = isKey, NotCompared = !entry.IsComparable(property) ? property.Name : isKey ? null : path };
            }
        }
    }

    private static bool IsReference(ManifestNode node) =>
        !node.HasError && !node.IsUnresolved && SecretReference.Parse(node.Text.AsSpan()) is { IsReference: true, Place.Length: > 0 };
}
