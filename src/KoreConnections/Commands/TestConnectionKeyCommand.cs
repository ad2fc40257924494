using System;
using System.Management.Automation;
using System.Security;
using System.Threading.Tasks;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Asks the provider itself whether a key works for a model or deployment.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ConnectionKey", DefaultParameterSetName = RowSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeyTestResult), typeof(bool))]
public sealed class TestConnectionKeyCommand : ParallelCmdlet
{
    private const string RowSet = "InputObject";
    private const string OpenAISet = ProviderSet.OpenAI;
    private const string AnthropicSet = ProviderSet.Anthropic;
    private const string AzureSet = ProviderSet.AzureOpenAI;
    private const string CustomSet = ProviderSet.CustomApi;

    private readonly Lazy<KeyTester> _tester;

    /// <summary>Makes the cmdlet; nothing is asked yet.</summary>
    public TestConnectionKeyCommand() =>
        _tester = new Lazy<KeyTester>(() => new KeyTester(SessionIfAny?.Client.Transport ?? new TransportOptions()));

    /// <summary>A connection, its id, a row whose <c>Provider</c> says what it is, or an item of a plan.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RowSet, ValueFromPipeline = true)]
    [Alias("ConnectionId", "Id")]
    [Seal]
    [ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public object? InputObject { get; set; }

    /// <summary>Tests a key of OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OpenAISet)]
    public SwitchParameter OpenAI { get; set; }

    /// <summary>Tests a key of Anthropic.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AnthropicSet)]
    public SwitchParameter Anthropic { get; set; }

    /// <summary>Tests a key with a deployment of Azure OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AzureSet)]
    public SwitchParameter AzureOpenAI { get; set; }

    /// <summary>Tests an API of your own, with its endpoint, headers and payload.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CustomSet)]
    public SwitchParameter CustomApi { get; set; }

    /// <summary>What results call the connection; without it they name the provider.</summary>
    [Parameter(ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
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
    [Parameter(ParameterSetName = RowSet)]
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

    /// <summary>Makes no difference to a test; taken so that a table for New-Connection serves here too.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Feature { get; set; }

    /// <summary>Makes no difference to a test; taken so that a table for New-Connection serves here too.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("IOMappings")]
    [ArgumentCompleter(typeof(IOMappingCompleter))]
    public string[]? IOMapping { get; set; }

    /// <summary>Makes no difference to a test; taken so that a table for New-Connection serves here too.</summary>
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true)]
    [Alias("idp")]
    public string? AuthorizationProfile { get; set; }

    /// <summary>What a piped row says of its provider; it has to be the set's.</summary>
    [Parameter(ParameterSetName = OpenAISet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = AnthropicSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = AzureSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = CustomSet, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [AllowEmptyString]
    public string? Provider { get; set; }

    /// <summary>The address of a gateway or proxy that is asked in place of the provider; the key goes there and nowhere else.</summary>
    [Parameter]
    public string? ProviderUri { get; set; }

    /// <summary>Emits true for a key that can be used and false for any other.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override string Activity => "Testing keys";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string? target = Name;
        Prepare(() => target, () =>
        {
            Uri? gateway = ProviderUri is null ? null : BaseAddress.ParseProvider(ProviderUri);
            if (ParameterSetName == RowSet && ApiKey is null && Header is null && Model is null && Values.Unwrap(InputObject) is ConnectionPlanItem planned)
            {
                target = planned.Name;
                TestPlanned(planned, gateway);
                return;
            }

            if (ParameterSetName == RowSet)
            {
                var row = new ConnectionRow(InputObject);
                target = row.Target;
                TestRow(row, gateway);
                return;
            }

            string provider = ProviderSet.Provider(ParameterSetName, (SwitchParameter)Bound(ParameterSetName)!, Provider);
            Test(target, KeyProbe.For(new DefinitionReader(Bound, new KeyResolver(this)).Read(provider), gateway));
        });
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _tester.IsValueCreated)
        {
            _tester.Value.Dispose();
        }
    }

    private void TestRow(ConnectionRow row, Uri? gateway)
    {
        var keys = new KeyResolver(this);
        if (row.IsComplete)
        {
            KeyProbe probe = KeyProbe.For(new DefinitionReader(name => Override(name) ?? row[name], keys).Read(row.Provider!), gateway);
            probe.ConnectionId = row.ConnectionId;
            Test(row.Target, probe);
            return;
        }

        // Lists carry no fields: what the provider has to be asked with is read first.
        string id = Check.ConnectionId(row.ConnectionId);
        StoredKey key = row.Key(ApiKey, Header, keys);
        ConnectionsClient client = Client;
        KeyTester tester = _tester.Value;
        Emit(row.Target, async call => await tester.TestAsync(key.Probe(await client.GetAsync(id, call).ConfigureAwait(false), gateway), call).ConfigureAwait(false));
    }

    // A plan knows what the manifest says, the key among it. What the manifest does not name has no key to test.
    private void TestPlanned(ConnectionPlanItem planned, Uri? gateway)
    {
        if (planned.Wanted is ManifestConnection wanted)
        {
            // As when the plan is applied: a custom API is asked where its owner says that it is.
            KeyProbe probe = KeyProbe.For(wanted.Definition, wanted.Definition is CustomApiDefinition ? null : gateway);
            probe.ConnectionId = planned.ConnectionId;
            Test(planned.Name, probe);
        }
    }

    private void Test(string? target, KeyProbe probe)
    {
        KeyTester tester = _tester.Value;
        Emit(target, call => tester.TestAsync(probe, call));
    }

    private void Emit(string? target, Func<Call, Task<KeyTestResult>> test) =>
        Start(target, null, test, result => WriteObject(Quiet ? result.IsUsable : result));

    private object? Override(string name) => name switch
    {
        nameof(Model) => Model,
        nameof(ApiKey) => ApiKey,
        nameof(Header) => Header,
        _ => null,
    };
}
