namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Set, "Connection", DefaultParameterSetName = KeySet, SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(Connection))]
public sealed class SetConnectionCommand : ParallelCmdlet
{
    private const string KeySet = "ApiKey";
    private const string CustomSet = "CustomApi";

    // As KeySet, for what is piped: whether it has a key is known here first. PowerShell's own error would carry the whole row, its keys included.
    private const string RowSet = "Row";

    private readonly KeyOwnership _owners = new();
    private readonly NamesOfIds _names = new();

    // Of the record at hand. The parameters keep what was bound for the record before, where this one has nothing for them.
    private string? _id;
    private SecureString? _key;
    private string? _provider;

    private static readonly ConnectionField[] Changeable = [.. ConnectionFields.Of(ApiValues.CustomApi).Where(f => f.ChangeParameter is not null)];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet, HelpMessage = PromptHelp.ConnectionId)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RowSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ConnectionId)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CustomSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ConnectionId)]
    [Alias("Id"), AllowNull, AllowEmptyString, ConnectionIdTransformation(TakesTables = true, IsSingle = true)]
    [ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public string? ConnectionId { get; set; }

    /// <summary>A piped connection or row: what it is called stands beside its id in what is said of it.</summary>
    [Parameter(ParameterSetName = RowSet, ValueFromPipeline = true, DontShow = true)]
    [Parameter(ParameterSetName = CustomSet, ValueFromPipeline = true, DontShow = true)]
    [ItemLabel]
    public object? InputObject { get; set; }

    /// <summary>Chooses the set of what is piped.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RowSet, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject, DontShow = true)]
    [AllowNull, Opaque]
    public object? PipedObject { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = KeySet)]
    [Parameter(Position = 1, ParameterSetName = RowSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CustomSet)]
    [KeyTransformation(IsOfRow = true), ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [Alias("ConnectionName")]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    public string? EndpointUrl { get; set; }

    [Parameter(ParameterSetName = CustomSet), Opaque]
    public object? Header { get; set; }

    [Parameter(ParameterSetName = CustomSet), Opaque]
    public object? Payload { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    public string? OutputPath { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    public string? InputTokensPath { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    public string? OutputTokensPath { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation(TakesObjects = true)]
    [ArgumentCompleter(typeof(PromptVariableCompleter))]
    public object[]? PromptVariable { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation(TakesObjects = true)]
    public object[]? CustomVariable { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [ArgumentCompleter(typeof(MapProviderCompleter))]
    public string? MapProvider { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Feature { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [ArgumentCompleter(typeof(IOMappingCompleter))]
    public string[]? IOMapping { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    public string? AuthorizationProfile { get; set; }

    [Parameter(ParameterSetName = CustomSet), TextTransformation]
    [ArgumentCompleter(typeof(CustomApiStatusCompleter))]
    public string? Status { get; set; }

    [Parameter(ParameterSetName = KeySet, DontShow = true)] // so that -Replace:$false leaves the sets as they are
    [Parameter(ParameterSetName = RowSet, DontShow = true)]
    [Parameter(ParameterSetName = CustomSet)]
    public SwitchParameter Replace { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What a piped connection says of its provider; nothing is sent when the change is not for it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Activity => "Changing connections";

    protected override void ProcessRecord()
    {
        (_id, _key, _provider) = (ItemLabel.IdOf(InputObject, ConnectionId), ApiKey, Provider);
        if (NextLabelled(InputObject, warns: ParameterSetName == RowSet))
        {
            Prepare(() => ItemLabel.TargetOf(InputObject, _id), Process, Label);
        }
    }

    private void Process()
    {
        ItemLabel.RefuseUnknown(InputObject, _id);
        object? item = ItemLabel.ItemOf(InputObject);
        var row = new InputRecord(item);
        Read(row);
        string? platform = ItemLabel.PlatformOf(InputObject, _id);
        RequireSessionOf(platform);
        bool isRead = platform is not null;
        Connection? seen = PSValueConverter.Unwrap(item) is Connection piped && piped.ConnectionId == _id?.Trim() ? piped : null;
        if (ItemLabel.NameWithoutId(InputObject, _id) is string name)
        {
            seen = NameLookup.Find(Listing, name);
            isRead = true;
            _id = seen.ConnectionId;
            InputObject = new OpaqueArgument(new ItemLabel(seen, name, _id, null));
        }

        seen?.RequireProvider(ApiValues.Providers.Find(_provider));
        _provider ??= seen?.Provider;
        ConnectionChange change = Read(isRead ? seen : null);
        string id = Guard.ConnectionId(_id);
        string? label = Label();
        string shown = label ?? id;
        change.Validate();
        Rehearse(options => PlatformKey.Refuse(change, options));
        // A key of the row is for the connection of its name, so that the id has to be that one's.
        bool hasOwnKey = change is KeyChange && !isRead && row.Own(nameof(ApiKey)) is not null;
        _names.Claim(id, ItemLabel.NameOf(InputObject, id), hasOwnKey ? RequireOne : null);
        Connection? current = SessionIfAny?.Client.Current(id, seen);
        var said = new HashSet<string>(StringComparer.Ordinal);
        WarnOfRemarks(current);
        bool isFirst = change is KeyChange && !Force && _owners.Claim(change.Secrets.Single(), id, _provider, ListedProvider);
        if (current is not null)
        {
            change.RequireFit(current);
        }

        // Before a replacement always, so that its warning comes while it can still be stopped.
        ChangePreview? preview = Replace || (ReplacesWhole && (IsWhatIf || Asks)) || (IsWhatIf && current is null && change.DependsOn(seen))
            ? Preview(id, change) : null;
        WarnOfRemarks(preview?.There);
        ChangePreview? known = IsWhatIf && change.IsForCustomApi && (current ?? seen) is Connection held ? new(change, held) { IsPartial = true } : null;
        if (!ShouldProcess(preview is null ? label : ItemLabel.Named(preview.There.ConnectionName, id), Action(preview ?? known)))
        {
            if (isFirst && !IsWhatIf)
            {
                _owners.Withdraw(change.Secrets.Single());
            }

            return;
        }

        string? unknown = null;
        Action<string?>? keepsHeaders = preview is null && !Force && Header is not null && change.IsForCustomApi ? warning => unknown = warning : null;
        ConnectionsClient client = Client;
        // A row of the caller's own may say another provider than the connection has.
        string? expected = ApiValues.Providers.Find(_provider);
        Start(id, "Change", context => client.ChangeCheckedAsync(id, change, isRead ? null : expected, seen, preview, keepsHeaders, context), changed =>
        {
            Count("changed");
            bool isOther = changed.Provider is not null && expected is not null && changed.Provider != expected;
            WriteWarnings(
                unknown,
                ChangeWarnings.OfResponse(shown, [.. isOther ? ["provider"] : Array.Empty<string>(), .. change.StillDifferent(changed)]),
                ChangeWarnings.OfContradiction(shown, change, changed, Force),
                IsRow(item) ? ChangeWarnings.OfRow(shown, row, changed, change is KeyChange ? null : [.. GivenFields], new(this)) : null);
            WarnOfRemarks(changed);
            if (PassThru)
            {
                WriteObject(changed);
            }
        }, label: label);

        void WarnOfRemarks(Connection? there) => WarnOf(shown, [.. change.Remarks(there).Where(said.Add)]);
    }

    private string? Label() => ItemLabel.Of(InputObject, _id);

    /// <summary>What the row says of its key and its provider in columns that PowerShell does not bind, with white space around their names.</summary>
    private void Read(InputRecord row)
    {
        // What can be no key is refused later, as the row's own error.
        _key ??= ParameterSetName != RowSet ? null
            : row.HasProperty(nameof(ApiKey)) ? KeyInput.Bind(row.Own(nameof(ApiKey))) ?? KeyInput.NoKey
            : throw row.WithoutKey();
        _provider = string.IsNullOrWhiteSpace(_provider) ? PSValueConverter.Text(row.Own(nameof(Provider)), nameof(Provider)) : _provider;
    }

    private ConnectionChange Read(Connection? seen)
    {
        bool isCustomApi = ParameterSetName == CustomSet;
        string? provider = ApiValues.Providers.Find(_provider);
        KoreException? refusal =
            isCustomApi && MyInvocation.BoundParameters.ContainsKey(nameof(ApiKey))
                ? KoreException.InvalidInput(nameof(ApiKey), provider is null or ApiValues.CustomApi
                    ? "-ApiKey is for the named providers. A custom API sends its key in a header. Use -Header with all its headers."
                    : "For a named provider, only the key can be changed. "
                        + $"Omit {string.Join(", ", GivenFields.Select(f => "-" + f.ChangeParameter).DefaultIfEmpty("-InputObject"))}.")
            : Replace && !isCustomApi
                ? Guard.Invalid(nameof(Replace), "is for a custom API's configuration. For a named provider, only the key can be changed. Omit -Replace.")
            : ConnectionChange.RefusalOf(_provider, isCustomApi);
        if (refusal is not null)
        {
            throw refusal;
        }

        // What only the platform knows is right where it is the platform's own word.
        if (_provider is not null && _provider != seen?.Provider)
        {
            _ = ApiValues.Providers.Parse(_provider, nameof(Provider));
        }

        var keys = new KeyResolver(this);
        return isCustomApi ? ReadCustomApi(keys) : new KeyChange(keys.Resolve(_key, nameof(ApiKey)));
    }

    private CustomApiChange ReadCustomApi(KeyResolver keys)
    {
        foreach (ConnectionField field in GivenFields)
        {
            EmptyArgument.Refuse(field, ValueOf(field));
        }

        CustomApiField[] cleared = [.. GivenFields.Where(IsCleared).Cast<CustomApiField>()];
        var binder = new DefinitionBinder(name => cleared.Any(f => f.Parameter == name) ? null : Bound(name), keys, WriteVerbose);
        CustomApiSettings settings = CustomApiSettings.Read(binder);
        Array.ForEach(Replace ? [] : cleared, settings.Clear);
        settings.Status = Status;
        return new CustomApiChange(settings, Replace) { Name = binder.Text(nameof(Name)), Model = binder.Text(nameof(Model)) };
    }

    private IEnumerable<ConnectionField> GivenFields => Changeable.Where(f => MyInvocation.BoundParameters.ContainsKey(f.ChangeParameter!));

    /// <summary>Whether something is replaced of which only a part may have been meant.</summary>
    private bool ReplacesWhole => ParameterSetName == CustomSet && GivenFields.Any(f => f.IsReplacedWhole);

    private ChangePreview Preview(string id, ConnectionChange change)
    {
        AwaitChangeOf(id);
        ConnectionsClient client = Client;
        Connection there = Await(context => client.GetAsync(id, change.Keys, context));
        change.RequireFit(there);
        var preview = new ChangePreview(change, there);
        if (!Force && !IsWhatIf)
        {
            preview.RefuseDrops();
        }

        WriteWarnings(Force ? null : preview.HeaderWarning, preview.Warning);
        return preview;
    }

    private string Action(ChangePreview? preview)
    {
        if (ParameterSetName != CustomSet)
        {
            return "Change the key";
        }

        string given = string.Join(", ", GivenFields.Select(f => IsCleared(f) ? $"remove {f.ChangeParameter}" : f.ChangeParameter));
        string refused = !Force && preview?.DropsHeaders == true ? "; this requires -Force" : "";
        return $"{(Replace ? "Replace the configuration" : "Change")}: {given}{preview?.Details(refused)}";
    }

    private string? ListedProvider(string id, bool isNeeded) =>
        (isNeeded ? TryListing("The providers of connections with the same key were not compared") : ListingAtHand)?.ProviderOf(id);

    private object? ValueOf(ConnectionField field) => MyInvocation.BoundParameters[field.ChangeParameter!];

    private bool IsCleared(ConnectionField field) => EmptyArgument.Clears(field, ValueOf(field));
}
