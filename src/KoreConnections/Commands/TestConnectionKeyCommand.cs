namespace KoreConnections.Commands;

[Cmdlet(VerbsDiagnostic.Test, "ConnectionKey", DefaultParameterSetName = RowSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeyTestResult), typeof(bool))]
public sealed class TestConnectionKeyCommand : DefinitionCmdlet
{
    private readonly KeyOwnership _owners = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RowSet, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject)]
    [Alias("ConnectionId", "Id"), Opaque, ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public object? InputObject { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    public SwitchParameter OpenAI { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    public SwitchParameter Anthropic { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    public SwitchParameter AzureOpenAI { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.CustomApi)]
    public SwitchParameter CustomApi { get; set; }

    [Parameter(ParameterSetName = ProviderSet.OpenAI, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProviderSet.Anthropic, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("ConnectionName"), TextTransformation(IsOfRow = true)]
    public string? Name { get; set; }

    [Parameter, ValidateNotNull, TextTransformation]
    public string? ProviderUri { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override string Activity => "Testing keys";

    protected override void ProcessRecord()
    {
        foreach (object? item in Records(InputObject))
        {
            string? target = Name, label = null;
            Prepare(() => target, () =>
            {
                RequireProviderSet("test");
                Uri? gateway = Gateway(ProviderUri);
                if (ParameterSetName != RowSet)
                {
                    Test(target, KeyProbe.For(Named(ReadSet()), gateway));
                }
                else if (ApiKey is null && Header is null && Model is null && PSValueConverter.Unwrap(item) is ConnectionPlanItem planned)
                {
                    target = planned.Name;
                    // What is to be created is of no platform yet.
                    RequireSessionOf(planned.ConnectionId is null ? null : ((IFromPlatform)planned).Platform);
                    Test(target, planned.Probe(gateway));
                }
                else
                {
                    var row = new ConnectionInput(item);
                    (target, label) = (row.Target, row.Label);
                    TestRow(row, gateway);
                }
            }, () => label);
        }
    }

    private void TestRow(ConnectionInput row, Uri? gateway)
    {
        RequireSessionOf(row.Platform);
        if (row.Provider is null)
        {
            row.FindId(() => Listing);
        }

        // What exists has a key, and none that could be read.
        ConnectionCredential? key = row.ConnectionId is null ? null : row.Key(ApiKey, Header, new KeyResolver(this));
        if (row.IsComplete)
        {
            RequireListed(row);
            RefuseWithoutColumns(row.Record, row.Provider!, needsName: false);
            ConnectionDefinition definition = ReadRow(row.Provider!, row.Record);
            Test(row.Target, KeyProbe.For(row.ConnectionId is null ? Named(definition) : definition, gateway, row.ConnectionId), row.Label);
            return;
        }

        // Lists carry no fields: what the provider has to be asked with is read first. In the order of the input, as far as providers are known.
        string id = row.RequireId();
        if (gateway is null && key!.ApiKey is Secret given && ApiValues.Providers.Find(row.Provider) is { } provider and not ApiValues.CustomApi)
        {
            _owners.Claim(given, provider, KeyOwnership.OwnKey);
        }

        ConnectionsClient client = Client;
        KeyTester tester = Tester;
        string? model = PSValueConverter.IsBlank(Model) ? PSValueConverter.Text(row.Record["Model"], nameof(Model)) : Model;
        Emit(row.Target, async context =>
        {
            Connection connection = await client.GetAsync(id, key!.Keys, context).ConfigureAwait(false);
            var redactor = SecretRedactor.For(key.Keys);
            string? Redacted(string? name) => name is null ? null : redactor.Apply(name);
            connection.RequireName(Redacted(row.ConnectionName), Redacted);
            connection.RequireProvider(row.Provider);
            KeyProbe probe = key.Probe(connection, gateway, model);
            _owners.Claim(probe);
            return await tester.TestAsync(probe, context).ConfigureAwait(false);
        }, row.Label);
    }

    /// <summary>
    /// Refuses a row whose id is another connection's than it says. What was read is the platform's own word, and without a session nobody knows.
    /// </summary>
    private void RequireListed(ConnectionInput row)
    {
        if (row is { ConnectionId: string id, Platform: null } && (SessionIfAny is not null || CurrentSession.IsInEnvironment))
        {
            Connection? listed = null;
            RequireListing(NotCompared, "To test the key without this check, omit ConnectionId from the row.", all =>
            {
                listed = NameLookup.OfId(all, id.Trim(), row.ConnectionName);
                return listed is null ? all.IsWhole : row.ConnectionName is null || listed.ConnectionName is { Length: > 0 };
            });
            listed?.RequireName(row.ConnectionName);
            listed?.RequireProvider(row.Provider);
        }
    }

    // What exists may be called anything. Of what somebody gave, a key is in the wrong place, and the result would show it.
    private static ConnectionDefinition Named(ConnectionDefinition definition)
    {
        Guard.NoKeyItself(definition.Name ?? "", nameof(Name));
        return definition;
    }

    private void Test(string? target, KeyProbe? probe, string? label = null)
    {
        if (probe is not null)
        {
            _owners.Claim(probe);
            KeyTester tester = Tester;
            Emit(target, context => tester.TestAsync(probe, context), label);
        }
    }

    private void Emit(string? target, Func<RequestContext, Task<KeyTestResult>> test, string? label) =>
        Start(target, null, test, result =>
        {
            Count(result.Verdict);
            if (Quiet || result.ConnectionId is null)
            {
                WriteObject(Quiet ? result.IsUsable : result);
            }
            else
            {
                WriteOwn(result);
            }
        }, label: label);
}
