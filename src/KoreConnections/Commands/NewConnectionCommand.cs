using System;
using System.Management.Automation;
using System.Security;
using System.Threading.Tasks;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Creates connections, one parameter set per provider, or from rows and objects that name theirs.</summary>
[Cmdlet(VerbsCommon.New, "Connection", DefaultParameterSetName = RowSet, SupportsShouldProcess = true)]
[OutputType(typeof(Connection))]
public sealed class NewConnectionCommand : ParallelCmdlet
{
    private const string RowSet = "InputObject";
    private const string OpenAISet = ProviderSet.OpenAI;
    private const string AnthropicSet = ProviderSet.Anthropic;
    private const string AzureSet = ProviderSet.AzureOpenAI;
    private const string CustomSet = ProviderSet.CustomApi;

    // A listing that failed has failed for all rows, so its error is kept too.
    private readonly Lazy<ExistingConnections> _existing;

    /// <summary>Makes the cmdlet; nothing is listed or sent yet.</summary>
    public NewConnectionCommand() => _existing = new Lazy<ExistingConnections>(() =>
    {
        ConnectionsClient client = Client;
        return new ExistingConnections(Await(call => client.ListAsync(null, call)));
    });

    /// <summary>A row, hashtable or connection whose <c>Provider</c> says what it is.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RowSet, ValueFromPipeline = true)]
    [Seal]
    public object? InputObject { get; set; }

    /// <summary>Creates a connection to OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OpenAISet)]
    public SwitchParameter OpenAI { get; set; }

    /// <summary>Creates a connection to Anthropic.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AnthropicSet)]
    public SwitchParameter Anthropic { get; set; }

    /// <summary>Creates a connection to a deployment of Azure OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureSet)]
    public SwitchParameter AzureOpenAI { get; set; }

    /// <summary>Creates a connection to an API of your own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CustomSet)]
    public SwitchParameter CustomApi { get; set; }

    /// <summary>The display name, unique in the account.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ConnectionName")]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>The model.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The provider's key: a SecureString, a PSCredential, text, or a reference.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [Key]
    public SecureString? ApiKey { get; set; }

    /// <summary>The Azure resource's bare name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? ResourceName { get; set; }

    /// <summary>The deployment's name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? DeploymentId { get; set; }

    /// <summary>Azure's API version, such as <c>2024-08-01-preview</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? ApiVersion { get; set; }

    /// <summary>The absolute address that the platform calls.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? EndpointUrl { get; set; }

    /// <summary>The headers that the platform sends: a hashtable, key/value objects, or JSON. Values take references.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("Headers")]
    [Seal]
    public object? Header { get; set; }

    /// <summary>The body that the platform sends: a hashtable, an object, or JSON.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Seal]
    public object? Payload { get; set; }

    /// <summary>Where the text stands in the answer, such as <c>content[0].text</c>.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    public string? OutputPath { get; set; }

    /// <summary>Where the count of input tokens stands in the answer.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    public string? InputTokensPath { get; set; }

    /// <summary>Where the count of output tokens stands in the answer.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    public string? OutputTokensPath { get; set; }

    /// <summary>The prompt's variables that are on: <c>prompt</c>, <c>system_prompt</c>, <c>examples</c>, or tables.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("promptVars")]
    [ArgumentCompleter(typeof(PromptVariableCompleter))]
    public object[]? PromptVariable { get; set; }

    /// <summary>Further variables: names or tables.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("customVars")]
    public object[]? CustomVariable { get; set; }

    /// <summary>The provider whose format the API speaks.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MapProviderCompleter))]
    public string? MapProvider { get; set; }

    /// <summary>The features that are on.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Feature { get; set; }

    /// <summary>The kinds of input and output; <c>textToText</c> when left out.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("IOMappings")]
    [ArgumentCompleter(typeof(IOMappingCompleter))]
    public string[]? IOMapping { get; set; }

    /// <summary>The authorization profile; <c>none</c> when left out.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("idp")]
    public string? AuthorizationProfile { get; set; }

    /// <summary>Creates it as a draft.</summary>
    [Parameter(ParameterSetName = CustomSet)]
    public SwitchParameter Draft { get; set; }

    /// <summary>Creates it switched off.</summary>
    [Parameter(ParameterSetName = CustomSet)]
    public SwitchParameter Disabled { get; set; }

    /// <summary>What a piped row says of its provider; it has to be the set's.</summary>
    [Parameter(ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [AllowEmptyString]
    public string? Provider { get; set; }

    /// <summary>Emits the existing connection of that name in place of an error.</summary>
    [Parameter]
    public SwitchParameter IfNotExists { get; set; }

    private protected override string Activity => "Creating connections";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var row = new Row(InputObject);
        string? name = Name;
        Prepare(() => name, () =>
        {
            name = Name ?? Values.Text(row["Name"], nameof(Name));
            ConnectionDefinition definition = Read(row);
            definition.Validate();
            Create(definition);
        });
    }

    private ConnectionDefinition Read(Row row)
    {
        var keys = new KeyResolver(this);
        if (ParameterSetName == RowSet)
        {
            string provider = Values.Text(row["Provider"], nameof(Provider))
                ?? throw KoreException.InvalidInput(nameof(InputObject), $"-InputObject has no Provider. Accepted are {string.Join(", ", Known.Providers.Values)}; or name the provider with -OpenAI, -Anthropic, -AzureOpenAI or -CustomApi.");
            return new DefinitionReader(name => Override(name) ?? row[name], keys).Read(Known.Providers.Parse(provider, nameof(Provider)));
        }

        return new DefinitionReader(Bound, keys).Read(ProviderSet.Provider(ParameterSetName, (SwitchParameter)Bound(ParameterSetName)!, Provider));
    }

    private void Create(ConnectionDefinition definition)
    {
        if (IfNotExists && FindExisting(definition) is Connection existing)
        {
            Result(definition.Name, () => EmitExisting(existing, definition));
        }
        else if (ShouldProcess(CleanText.Line(definition.Name), $"Create connection ({definition.Provider}{(definition.Model is null ? "" : ", " + CleanText.Line(definition.Model, 100))})"))
        {
            ConnectionsClient client = Client;
            Start(definition.Name, "Create", call => CreateAsync(client, definition, call), result =>
            {
                if (_existing.IsValueCreated)
                {
                    _existing.Value.Add(result.Connection);
                }

                if (result.Existed)
                {
                    EmitExisting(result.Connection, definition);
                }
                else
                {
                    WriteObject(result.Connection);
                }
            });
        }
    }

    private Connection? FindExisting(ConnectionDefinition definition)
    {
        // A row before may be about to create it.
        AwaitChangeOf(definition.Name!);
        return _existing.Value.Find(definition);
    }

    private async Task<(Connection Connection, bool Existed)> CreateAsync(ConnectionsClient client, ConnectionDefinition definition, Call call)
    {
        try
        {
            return (await client.CreateAsync(definition, call).ConfigureAwait(false), false);
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Conflict && IfNotExists)
        {
            ConnectionList now = await client.ListAsync(null, call).ConfigureAwait(false);
            if (ExistingConnections.FindAfterConflict(now, definition) is not Connection found)
            {
                throw;
            }

            return (found, true);
        }
    }

    private void EmitExisting(Connection existing, ConnectionDefinition wanted)
    {
        if (existing.Provider != wanted.Provider || (wanted.Model is not null && existing.Model != wanted.Model))
        {
            WriteWarning($"'{CleanText.Line(wanted.Name)}' exists with provider {CleanText.Line(existing.Provider)} and model {CleanText.Line(existing.Model)}, not {wanted.Provider} and {CleanText.Line(wanted.Model)}.");
        }

        WriteObject(existing);
    }

    private object? Override(string name) => name switch
    {
        nameof(Name) => Name,
        nameof(Model) => Model,
        nameof(ApiKey) => ApiKey,
        _ => null,
    };
}
