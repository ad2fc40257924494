namespace KoreConnections.Commands;

/// <summary>What comparing and applying a manifest share: the plan. Nothing is sent before the whole manifest is found to be right.</summary>
public abstract class PlanCmdlet : ParallelCmdlet
{
    private const string NoPlan = "No plan was created";

    private string? _provider;
    private HashSet<string>? _named;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ManifestPath)]
    [Alias("PSPath"), AllowEmptyString, SupportsWildcards, PathTransformation, ArgumentCompleter(typeof(ManifestPathCompleter))]
    public string[]? Path { get; set; }

    [Parameter, ValidateNotNull, SupportsWildcards, TextTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[]? Name { get; set; }

    [Parameter, ValidateNotNull, TextTransformation]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter]
    public SwitchParameter RequireKey { get; set; }

    [Parameter]
    public SwitchParameter IgnoreKeys { get; set; }

    protected override void ProcessRecord() => Manifest.Find(Path!);

    protected override void EndProcessing()
    {
        Manifest.RequirePath();
        if (Manifest.IsRight && Attempt(null, CheckOptions) && ReadManifest() is { } manifest)
        {
            Attempt(null, () =>
            {
                if (MakePlan(manifest) is { } plan)
                {
                    WriteInformation(plan.Count == 0 ? PlanSummary.Of([]) : plan[0].Summary);
                    Handle(plan);
                }
            });
        }

        base.EndProcessing();
    }

    private protected abstract void Handle(IReadOnlyList<ConnectionPlanItem> plan);

    private protected void WarnOfRemovedHeaders(IEnumerable<ConnectionPlanItem> plan) =>
        WarnOfNames([.. plan.Select(i => Listed(i, RemovedHeaders(i))).OfType<string>()], names =>
            $"Sync-Connection removes headers that the manifest does not list: {names}. The API cannot return the values of keys. "
                + "To keep a header, list it in the manifest. To keep all headers of a connection, omit its property header.");

    private static string[] RemovedHeaders(ConnectionPlanItem item) =>
        item.HidesHeaders ? [.. item.RemovedHeaders, ShownHeader.Unreadable] : [.. item.RemovedHeaders];

    /// <summary>An item with what a warning says of it; null where that is nothing.</summary>
    private protected static string? Listed(ConnectionPlanItem item, IReadOnlyCollection<string> parts) => parts.Count == 0 ? null
        : TextSanitizer.SingleLine($"'{TextSanitizer.SingleLine(item.Name, 100)}' ({Phrases.FirstOf(parts)})", 300);

    /// <summary>Whether the plan is applied: then keys are sent for it, and one with holes, where something could not be read, is no plan.</summary>
    private protected abstract bool IsApplied { get; }

    /// <summary>What the platform had when the plan was made; null until then.</summary>
    private protected ConnectionList? Before { get; private set; }

    private ManifestInput Manifest => field ??= new ManifestInput(this, opensVaults: true)
    {
        AllowsUnresolved = !RequireKey,
        IsMeant = IsMeant,
        NeedsValues = entry => IsApplied && IsMeant(entry),
        FollowsReferences = IsApplied || !IgnoreKeys,
    };

    private bool IsMeant(ManifestEntry entry) => IsOfProvider(entry.Provider) && (_named ??= MeantNames()).Contains(entry.Name?.Trim() ?? "");

    private bool IsOfProvider(string? provider) => _provider is null || provider == _provider;

    private IReadOnlyList<ManifestConnection>? ReadManifest()
    {
        IReadOnlyList<ManifestConnection>? manifest = Manifest.ReadOrReport();
        UnresolvedReference[] keyless = IgnoreKeys ? [] : [.. (manifest ?? []).SelectMany(m => m.Unresolved).Where(u => u.IsKey)];
        string verb = keyless.Length == 1 ? "has" : "have";
        WarnOfNames([.. keyless.Select(u => u.Reference).Distinct()], keys =>
            $"{Phrases.Count(keyless.Length, "reference")} of the manifest {verb} no key here, so these keys were not compared: {keys}. "
                + "Set them to compare them too, or use -IgnoreKeys to skip all keys. With -RequireKey, this is an error.");
        Array.ForEach(keyless, u => WriteInformation(u.Problem));
        string[] unset =
        [
            .. (manifest ?? [])
                .Where(m => IsMeant(m.Entry))
                .SelectMany(m => m.Unresolved
                    .Where(u => u.NotCompared is not null)
                    .Select(u => $"{u.NotCompared} of '{SecretMasker.Quote(m.Entry.ShownName, 60)}' ({u.Reference})")),
        ];
        WarnOfNames(unset, values =>
            $"These values were not compared, because their variables are not set or empty: {values}. Set the variables to compare these values too.");
        return manifest;
    }

    // Which of the manifest's connections -Name may mean; the listing, which can only narrow that, is not there yet.
    private HashSet<string> MeantNames()
    {
        string[] all = [.. Manifest.Names.Select(name => name?.Trim() ?? "")];
        return [.. Name is null ? all : Name.SelectMany(name => NamePattern.Find(all, n => n, name))];
    }

    private void CheckOptions()
    {
        if (RequireKey && IgnoreKeys)
        {
            throw Guard.Invalid(nameof(IgnoreKeys), "skips the keys that -RequireKey requires. Use only one of them.");
        }

        _provider = Provider is null ? null : ApiValues.Providers.Parse(Provider, nameof(Provider));
        Array.ForEach(Name ?? [], name => Guard.NotEmpty(name, nameof(Name)));
    }

    /// <summary>The plan, or null when something could not be read, which is reported.</summary>
    private IReadOnlyList<ConnectionPlanItem>? MakePlan(IReadOnlyList<ManifestConnection> manifest)
    {
        ConnectionList listing = Before = List();
        string[] all = [.. manifest.Select(m => m.Definition.Name!), .. Manifest.Undefined.Select(u => u.Name!.Trim())];
        HashSet<string>? names = Name is null ? null : Find(all, listing);
        ManifestConnection[] wanted = [.. manifest.Where(m => IsWanted(m.Definition.Provider, m.Definition.Name!))];
        if (!listing.Decides(wanted.Select(m => m.Definition.Name!)))
        {
            throw listing.Incomplete(NoPlan);
        }

        if ((Name is null || Name.Any(WildcardPattern.ContainsWildcardCharacters)) && !listing.IsWhole)
        {
            WriteWarning($"The listing is incomplete: {listing.Shortfall}. The plan may lack connections that the manifest does not name.");
        }

        // Only the listing shows that a name of the platform means one of the manifest that is written in another way.
        ManifestProblem[] unset =
        [
            .. Manifest.Undefined.Where(u => IsWanted(u.Provider, u.Name!.Trim())).SelectMany(u => u.Unset),
            .. wanted.SelectMany(m => m.Unresolved).Where(u => IsApplied && !u.IsKey).Select(u => u.Problem),
        ];
        if (unset.Length > 0)
        {
            ManifestInput.Report(this, unset);
            return null;
        }

        var planner = new Planner(all, listing, IgnoreKeys);
        var plan = new List<ConnectionPlanItem>();
        ConnectionsClient client = Client;
        foreach (ManifestConnection one in wanted)
        {
            if (planner.ToRead(one) is string id)
            {
                Start(one.Definition.Name, null, context => ReadListed(client, id, context), read => plan.Add(planner.Plan(one, read)));
            }
            else
            {
                plan.Add(planner.Plan(one, null));
            }
        }

        Flush();
        bool isWhole = plan.Count == wanted.Length;
        plan.AddRange(planner.Unmanaged().Where(u => IsWanted(u.Provider, u.Name ?? "")));
        return isWhole || !IsApplied ? Planner.Ordered(plan) : null;

        bool IsWanted(string? provider, string name) => IsOfProvider(provider) && names?.Contains(name) != false;
    }

    // The usual advice of these failures is for ids that somebody typed, and for keys that can read nothing.
    private static async Task<Connection> ReadListed(ConnectionsClient client, string id, RequestContext context)
    {
        try
        {
            return await client.GetAsync(id, context).ConfigureAwait(false);
        }
        catch (KoreException e) when (e.Kind is KoreErrorKind.ConnectionNotFound or KoreErrorKind.Forbidden)
        {
            e.RecommendedAction = e.Kind == KoreErrorKind.ConnectionNotFound
                ? "The platform listed it before, so it was probably deleted meanwhile. Run the command again."
                : "The platform listed it with this key. It may belong to another workspace, or the platform refuses only this connection.";
            throw;
        }
    }

    private HashSet<string> Find(string[] manifest, ConnectionList listing)
    {
        string[] all = [.. manifest.Concat(listing.Items.Select(c => c.ConnectionName ?? "")).Distinct()];
        var found = new HashSet<string>(Name!.SelectMany(name => NamePattern.Find(all, n => n, name, () => throw Absent(name))));

        // A name of the platform brings the manifest's that looks the same: what is unclear must not be left out of a check.
        var looks = new HashSet<string>(found.Select(SingleLine.Comparable), StringComparer.Ordinal);
        found.UnionWith(manifest.Where(n => looks.Contains(SingleLine.Comparable(n))));
        return found;

        KoreException Absent(string name) => !listing.ShowsAllNames ? listing.Incomplete(NoPlan) : new KoreException(
            KoreErrorKind.ConnectionNotFound, $"Neither the manifest nor the platform has a connection named '{SecretMasker.Quote(SingleLine.Trim(name))}'.");
    }
}
