namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Export, "Connection", DefaultParameterSetName = ListSet, SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(FileInfo))]
public sealed class ExportConnectionCommand : ParallelCmdlet
{
    private const string ListSet = "List";
    private const string IdSet = "Id";

    private static readonly string[] Comments =
    [
        "Connections of the Kore.ai Agent Platform. Review changes, then use Compare-Connection and Sync-Connection.",
        "Do not put keys here. Use references: env:NAME, file:PATH, azkv:VAULT/NAME.",
    ];

    // No merge takes longer between reading and writing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManifestExport _export = new();
    private readonly List<(string Text, bool IsName, int? Row)> _piped = [];
    private readonly List<Connection> _connections = [];
    private bool _hasFailed;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = PromptHelp.ExportPath), AllowEmptyString, TextTransformation(IsPath = true)]
    [ArgumentCompleter(typeof(ManifestPathCompleter))]
    public string? Path { get; set; }

    [Parameter(Position = 1, ParameterSetName = ListSet), ValidateNotNull, SupportsWildcards, TextTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[]? Name { get; set; }

    [Parameter(ParameterSetName = ListSet), ValidateNotNull, TextTransformation]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ConnectionId)]
    [Alias("Id"), AllowEmptyString, ConnectionIdTransformation(TakesTables = true)]
    [ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public string[]? ConnectionId { get; set; }

    /// <summary>A piped connection or row, whose name is looked up where it has no id.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipeline = true, DontShow = true), ItemLabel]
    public object? InputObject { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Merge { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => "Reading connections";

    protected override void ProcessRecord()
    {
        foreach ((string?[] ids, string? id, object? label) in Labelled(InputObject, ConnectionId ?? []))
        {
            string? name = ItemLabel.NameWithoutId(label, id);
            _hasFailed |= !Attempt(ItemLabel.TargetOf(label, id), () =>
            {
                ItemLabel.RefuseUnknown(label, id);
                RequireSessionOf(ItemLabel.PlatformOf(label, id));
                _piped.AddRange(name is null ? ids.Select(given => (given!, false, CurrentRow)) : [(name, true, CurrentRow)]);
            }, row: CurrentRow);
        }
    }

    protected override void EndProcessing()
    {
        // A pipeline in which nothing came is no wish for all.
        bool isPiped = ParameterSetName == IdSet || MyInvocation.ExpectingInput;
        if (!_hasFailed && (!isPiped || _piped.Count > 0))
        {
            Attempt(Path, () => Export(isPiped));
        }

        base.EndProcessing();
    }

    private void Export(bool isPiped)
    {
        OutputFile file = Force && Merge
            ? throw Guard.Invalid(nameof(Merge), "keeps the content of a file, and -Force replaces it. Use only one of them.")
            : new OutputFile(this, Path, ManifestFile.Extensions, Force || Merge, "Use -Force to replace it, -Merge to update it, or specify another path.");
        if (!ShouldProcess(file.FullPath, Merge ? "Merge connections" : "Export connections"))
        {
            return;
        }

        // What merges need not write.
        if (!Merge)
        {
            file.RequireWritable();
        }

        string[] ids = isPiped ? [.. Found().Distinct(StringComparer.Ordinal)] : Listed();
        if (_hasFailed)
        {
            return;
        }

        // A misspelt filter is no wish for an empty manifest instead of a full one.
        if (ids.Length == 0 && (Name is not null || Provider is not null))
        {
            bool isThere = File.Exists(file.FullPath);
            string result = isThere ? "the file was not changed" : "the new file has no connections";
            WriteWarning($"No connection matches, so {result}. Correct -Name or -Provider.");
            if (isThere)
            {
                return;
            }
        }

        Array.ForEach(ids, id => Read(id, Keep));
        Flush();
        if (_connections.Count == ids.Length)
        {
            Write(file);
        }
    }

    // Not before the path is checked: nothing is asked for in vain.
    private void Keep(Connection read)
    {
        Count("read");
        _connections.Add(read);
    }

    private List<string> Found()
    {
        var ids = new List<string>();
        foreach ((string text, bool isName, int? row) in _piped)
        {
            _hasFailed |= !Attempt(text, () => ids.Add(isName ? NameLookup.Find(Listing, text).ConnectionId! : text), row: row);
        }

        // A variable that two connections would share has another name, be the other one piped or not.
        _export.Announce(_hasFailed ? [] : TryListing("A variable may have the name that another connection's has")?.Items ?? []);
        return ids;
    }

    private string[] Listed()
    {
        var filter = new ListFilter { Provider = Provider };
        filter.Validate();
        ConnectionList list = List(filter);
        if (Name is null ? !list.IsWhole : !list.ShowsAllNames)
        {
            throw new KoreException(
                KoreErrorKind.UnexpectedResponse,
                $"Nothing was written because the manifest would be incomplete: {list.Shortfall}.");
        }

        WarnOfUnknown(list, nameof(Provider), Provider, ApiValues.Providers);
        _export.Announce(list.Items);
        Connection[] found = Name is null
            ? [.. list.Items]
            : [.. Name.SelectMany(name => NameLookup.Matching(list, Guard.NotEmpty(name, nameof(Name)), Provider)).Distinct()];
        string[] unreadable = [.. found.Where(c => string.IsNullOrEmpty(c.ConnectionId)).Select(c => $"'{TextSanitizer.SingleLine(c.ConnectionName, 100)}'")];
        return unreadable.Length == 0 ? [.. found.Select(c => c.ConnectionId!)] : throw new KoreException(
            KoreErrorKind.UnexpectedResponse,
            $"Nothing was written because the manifest would be incomplete: the platform lists {Phrases.FirstOf(unreadable)} without an id.",
            "Check the connection in the platform's web UI, or specify the others with -Name.");
    }

    private void Write(OutputFile file)
    {
        string path = file.FullPath;
        _export.IsJson = ManifestFile.IsJson(path);
        file.Write(() =>
        {
            using FileLock? held = Merge ? Stoppable(stop => FileLock.Try(path, Patience, stop)) : null;
            if (held is not null && File.Exists(path))
            {
                WriteMerged(path, held);
            }
            else
            {
                (IEnumerable<string?> there, string? missed) = KeepReferences(path);
                ManifestNode manifest = _export.Make(_connections);
                if (_export.Loss(there) is string loss)
                {
                    throw Invalid(loss);
                }

                held?.Require();
                AtomicFile.Write(path, ManifestWriter.Write(manifest, _export.IsJson, Comments), Force);
                WriteWarning(missed);
            }
        });

        WriteWarnings(_export.Warnings);
        if (PassThru)
        {
            WriteObject(file.Item, enumerateCollection: true);
        }
    }

    // No key is followed, because none is compared.
    private ManifestInput WithoutKeys() => new(this, opensVaults: false) { AllowsUnresolved = true, NeedsValues = _ => false, FollowsReferences = false };

    /// <summary>Of a file that is replaced, keys keep the references that people have given them.</summary>
    /// <returns>The names that the file has, and what to say once it is replaced; null where nothing is lost.</returns>
    private (IEnumerable<string?> Names, string? Missed) KeepReferences(string path)
    {
        ManifestInput input = WithoutKeys();
        if (!File.Exists(path))
        {
            return (input.Names, null);
        }

        _export.Keep(input.Read(path).Select(c => c.Entry));
        string what = input.Files.Count == 0
            ? "could not be read, so its references to keys are not kept. The reason is"
            : "had mistakes, so its references to keys may not be kept. The first is";
        return (input.Names, input.Problems.Count == 0 ? null
            : $"The file that was replaced {what} {input.Problems[0]} Check the new file before you use it.");
    }

    private void WriteMerged(string path, FileLock held)
    {
        ManifestInput input = WithoutKeys();
        IReadOnlyList<ManifestConnection> there = input.Read(path);
        if (input.Problems.Count > 0)
        {
            throw Invalid($"cannot be merged because it has problems. Test-ConnectionManifest lists them. The first is {input.Problems[0]}");
        }

        ManifestFile file = input.Files.Single();

        ILookup<string, ManifestConnection> byName = there.ToLookup(c => c.Definition.Name!, StringComparer.Ordinal);
        _export.Spare(file.Content);
        _export.Reserve(byName.Select(n => n.Key));
        // First what is new, so that it gets the names of variables that an export would give it.
        ILookup<bool, Connection> isThere = _connections.ToLookup(c => byName.Contains(c.ConnectionName ?? ""));
        IReadOnlyList<ManifestNode> added = ManifestExport.Connections(_export.Make([.. isThere[false]]));
        IReadOnlyList<ManifestNode> known = ManifestExport.Connections(_export.Make([.. isThere[true]]));
        try
        {
            var merge = new ManifestMerge(file);
            foreach (ManifestNode exported in known)
            {
                string name = ManifestExport.NameOf(exported);
                merge.Update(byName[name].Single(), exported, isThere[true].Single(c => c.ConnectionName == name));
            }

            foreach (ManifestNode exported in added)
            {
                merge.Add(exported);
            }

            if (merge.Changes.Count > 0)
            {
                // Only its folder's permission is needed to put another in its place.
                if (new FileInfo(FileLink.Followed(path)).IsReadOnly)
                {
                    throw Invalid("is read-only. Make it writable, or export to another file.");
                }

                held.Require();
                AtomicFile.Write(path, merge.Result(), overwrite: true, file.HasMark, previous: file.Bytes);
            }

            WriteSummary(merge, there.Count - known.Count);
        }
        catch (ManifestParseException e)
        {
            throw Invalid(
                $"cannot be merged safely: {e.Message}. Nothing was written. "
                    + "Make the change that Compare-Connection shows manually, or export to another file.");
        }
    }

    private void WriteSummary(ManifestMerge merge, int untouched)
    {
        foreach (string change in merge.Changes)
        {
            WriteVerbose(change);
        }

        WriteWarnings(merge.Kept);
        string changes = merge.Changes.Count == 0 ? "The file was not changed" : $"Changes in the file: {merge.Changes.Count}";
        WriteVerbose($"{changes}. Connections in the file that were not exported and stay unchanged: {untouched}.");
    }

    private KoreException Invalid(string problem) => PathInput.Invalid(nameof(Path), Path, problem);
}
