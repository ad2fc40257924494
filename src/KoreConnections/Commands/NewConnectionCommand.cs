namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.New, "Connection", DefaultParameterSetName = ProviderSet.None, SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(Connection))]
public sealed class NewConnectionCommand : DefinitionCmdlet
{
    /// <summary>What -IfNotExists adds to a connection: whether it was there before.</summary>
    internal const string ExistedProperty = "Existed";

    // A listing that failed has failed for all rows, so its error is kept too.
    private readonly Lazy<ExistingConnections> _existing;
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private ModelWarnings? _models;

    public NewConnectionCommand() => _existing = new Lazy<ExistingConnections>(() => new ExistingConnections(List()));

    [Parameter(Mandatory = true, ParameterSetName = RowSet, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject), Opaque]
    public object? InputObject { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    public SwitchParameter OpenAI { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    public SwitchParameter Anthropic { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    public SwitchParameter AzureOpenAI { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.CustomApi)]
    public SwitchParameter CustomApi { get; set; }

    [Parameter(ParameterSetName = RowSet)]
    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Name)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Name)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Name)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Name)]
    [Alias("ConnectionName"), AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true)]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    public SwitchParameter Draft { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    public SwitchParameter Disabled { get; set; }

    [Parameter]
    public SwitchParameter IfNotExists { get; set; }

    private protected override string Activity => "Creating connections";

    protected override void ProcessRecord()
    {
        foreach (object? item in Records(InputObject))
        {
            var row = new InputRecord(item);
            string? name = Name;
            Prepare(() => name, () =>
            {
                RequireProviderSet("create");
                name = Name ?? PSValueConverter.Text(row["Name"], nameof(Name));
                if (Name is null && row.TwoNames is (string alias, string own))
                {
                    throw Guard.Invalid(
                        nameof(Name),
                        $"is '{SecretMasker.Quote(alias)}' in the object, but its ConnectionName is '{SecretMasker.Quote(own)}'. Set both, or use -Name.");
                }

                ConnectionDefinition definition = Read(row);
                definition.Validate();
                Create(definition);
            });
        }
    }

    private ConnectionDefinition Read(InputRecord row)
    {
        if (ParameterSetName != RowSet)
        {
            return ReadSet();
        }

        string given = PSValueConverter.Text(row["Provider"], nameof(Provider)) ?? throw Guard.Invalid(
            nameof(InputObject),
            $"has no Provider. Accepted values: {string.Join(", ", ApiValues.Providers.Values)}. "
                + $"Or specify the provider with -OpenAI, -Anthropic, -AzureOpenAI or -CustomApi.{row.DelimiterHint}");
        string provider = ApiValues.Providers.Parse(given, nameof(Provider));
        RefuseWithoutColumns(row, provider);
        return ReadRow(provider, row);
    }

    private void Create(ConnectionDefinition definition)
    {
        // With -IfNotExists, what gets past it was absent.
        if (IfNotExists && FindExisting(definition) is { Length: > 0 } existing)
        {
            Result(definition.Name, () => EmitExisting(existing, definition));
            return;
        }

        Rehearse(options => PlatformKey.Refuse(definition, options));
        WarnOf(definition.Name, definition.Remarks());
        (_models ??= new ModelWarnings(this)).Warn(definition, isNew: true);

        string model = definition.Model is null ? "" : ", " + TextSanitizer.SingleLine(definition.Model, 100);
        if (ShouldProcess(TextSanitizer.SingleLine(definition.Name), $"Create connection ({definition.Provider}{model})"))
        {
            ConnectionsClient client = Client;
            ConnectionList? before = IfNotExists ? _existing.Value.Listing : null;
            Start(definition.Name, "Create", context => CreateAsync(client, definition, before, context), result =>
            {
                if (_existing.IsValueCreated)
                {
                    foreach (Connection connection in Enumerable.Reverse(result.Connections))
                    {
                        _existing.Value.Add(connection);
                    }
                }

                if (result.Existed)
                {
                    EmitExisting(result.Connections, definition);
                }
                else
                {
                    WriteWarning(ChangeWarnings.OfCreate(result.Connections[0], definition));
                    Emit(result.Connections[0], existed: false);
                }
            });
        }
    }

    private Connection[] FindExisting(ConnectionDefinition definition)
    {
        // A row before may be about to create it, or one whose name looks the same.
        if (!_begun.Add(SingleLine.Comparable(definition.Name!)))
        {
            Flush();
        }

        return _existing.Value.Find(definition);
    }

    private static async Task<(Connection[] Connections, bool Existed)> CreateAsync(
        ConnectionsClient client, ConnectionDefinition definition, ConnectionList? before, RequestContext context)
    {
        try
        {
            return ([await client.CreateAsync(definition, context, before).ConfigureAwait(false)], false);
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Conflict && before is not null)
        {
            // Someone made it since the listing, or spells it in another case.
            ConnectionList now = await client.ListAsync(null, context).ConfigureAwait(false);
            if (new ExistingConnections(now).Known(definition) is { Length: > 0 } found)
            {
                return (found, true);
            }

            if (now.ShowsAllNames && e.Message.Contains(ErrorMapper.NameExists))
            {
                throw e.With(
                    e.Message.Replace(ErrorMapper.NameExists, "The platform reports a conflict, but lists no connection with this name"),
                    "Check what else the new connection shares with an existing one, such as its key and model.");
            }

            throw;
        }
    }

    /// <param name="all">Those of its name, the one to emit first.</param>
    private void EmitExisting(Connection[] all, ConnectionDefinition wanted)
    {
        Connection existing = all[0];
        bool isSame = wanted.IsLike(existing) || (wanted.MayBe(existing) && Client.HasCreated(existing, wanted));
        string[] ids = [.. all.Select(c => TextSanitizer.SingleLine(c.ConnectionId, 60)).Distinct()];
        WriteWarnings(
            ids.Length < 2 ? null
                : $"The platform has {ids.Length} connections named '{TextSanitizer.SingleLine(wanted.Name, 100)}' or alike: {Phrases.FirstOf(ids)}. "
                    + $"The output is {ids[0]}{(isSame ? ", which has the provider and model that you specified" : "")}.",
            existing.ConnectionName == wanted.Name ? null
                : $"'{TextSanitizer.SingleLine(existing.ConnectionName)}' exists, and '{TextSanitizer.SingleLine(wanted.Name)}' looks the same: "
                    + "they differ only in case, white space or composed letters. Nothing was created.",
            isSame ? null
                : $"'{TextSanitizer.SingleLine(wanted.Name)}' exists with provider {Listed(existing.Provider)} "
                    + $"and model {Listed(existing.Model)}, not {wanted.Provider} and {TextSanitizer.SingleLine(wanted.Model)}.");
        Emit(existing, existed: true);

        string Listed(string? value) => string.IsNullOrEmpty(value) ? "(not shown)" : TextSanitizer.SingleLine(value);
    }

    private void Emit(Connection connection, bool existed)
    {
        Count(existed ? "existed" : "created");
        // A copy, because two rows may mean the same connection: it did not exist for the first of them.
        PSObject result = PSObject.AsPSObject(IfNotExists ? connection.Copy() : connection);
        if (IfNotExists)
        {
            result.Properties.Add(new PSNoteProperty(ExistedProperty, existed));
        }

        WriteObject(result);
    }
}
