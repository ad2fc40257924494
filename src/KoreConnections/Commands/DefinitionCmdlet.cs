using System.Security;

namespace KoreConnections.Commands;

/// <summary>What describes a connection that need not exist, beside what each cmdlet takes otherwise: a set per provider, and one for rows.</summary>
public abstract class DefinitionCmdlet : ParallelCmdlet
{
    private protected const string RowSet = "InputObject";

    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI, HelpMessage = PromptHelp.Model)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic, HelpMessage = PromptHelp.Model)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.Model)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.OpenAIRow)]
    [Parameter(ParameterSetName = ProviderSet.AnthropicRow)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAIRow)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    [Parameter(ParameterSetName = ProviderSet.OpenAIRow)]
    [Parameter(ParameterSetName = ProviderSet.AnthropicRow)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAIRow)]
    [KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter(ParameterSetName = RowSet)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Alias("Headers")]
    [Opaque]
    public object? Header { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.ResourceName)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAIRow)]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    public string? ResourceName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.DeploymentId)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAIRow)]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    public string? DeploymentId { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.ApiVersion)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAIRow)]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    public string? ApiVersion { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.CustomApi, HelpMessage = PromptHelp.EndpointUrl)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    public string? EndpointUrl { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Opaque]
    public object? Payload { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [TextTransformation]
    public string? OutputPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [TextTransformation]
    public string? InputTokensPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [TextTransformation]
    public string? OutputTokensPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Alias("promptVars")]
    [TextTransformation(TakesObjects = true)]
    [ArgumentCompleter(typeof(PromptVariableCompleter))]
    public object[]? PromptVariable { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Alias("customVars")]
    [TextTransformation(TakesObjects = true)]
    public object[]? CustomVariable { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [TextTransformation]
    [ArgumentCompleter(typeof(MapProviderCompleter))]
    public string? MapProvider { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [TextTransformation]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Feature { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Alias("IOMappings")]
    [TextTransformation]
    [ArgumentCompleter(typeof(IOMappingCompleter))]
    public string[]? IOMapping { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi)]
    [Parameter(ParameterSetName = ProviderSet.CustomApiRow)]
    [Alias("idp")]
    [TextTransformation]
    public string? AuthorizationProfile { get; set; }

    /// <summary>What a piped row says of its provider; it has to be the set's.</summary>
    [Parameter(ParameterSetName = ProviderSet.None, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.OpenAI, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.Anthropic, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAI, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi, DontShow = true)]
    [TextTransformation]
    public string? Provider { get; set; }

    private protected void RequireProviderSet(string what)
    {
        if (ParameterSetName == ProviderSet.None)
        {
            throw string.IsNullOrWhiteSpace(Provider)
                ? KoreException.InvalidInput(
                    "InputObject",
                    $"There is nothing to {what}. Use one of -OpenAI, -Anthropic, -AzureOpenAI and -CustomApi with its parameters, "
                        + $"or pipe rows that have a Provider: Import-Csv connections.csv | {MyInvocation.MyCommand.Name}.")
                : KoreException.InvalidInput(
                    nameof(Provider),
                    $"-{nameof(Provider)} is for rows. Use -{ProviderSet.Of(ApiValues.Providers.Parse(Provider!, nameof(Provider)))} instead.");
        }
    }

    /// <summary>What is to be read: each row that is piped, or the parameters alone. Beside a switch, a row without content is one, too.</summary>
    private protected IEnumerable<object?> Described(object? piped) =>
        ParameterSetName == RowSet ? Rows(piped) : ProviderSet.BesideRow(ParameterSetName) is null ? [null] : Items(piped);

    /// <summary>The row of an item that is piped beside a provider's switch; null where nothing is.</summary>
    private protected NamedRow? RowBesideSwitch(object? item) =>
        ProviderSet.BesideRow(ParameterSetName) is string set ? new NamedRow(item, set, MyInvocation.MyCommand.Parameters) : null;

    /// <summary>The connection that the parameters of a provider's set describe, with the row's properties for those that were not given.</summary>
    private protected ConnectionDefinition ReadSet(NamedRow? row)
    {
        string set = ProviderSet.BesideRow(ParameterSetName) ?? ParameterSetName;
        bool IsGiven(string name) => row is null || MyInvocation.BoundParameters.ContainsKey(name);
        object? Value(string name) => IsGiven(name) ? Bound(name) : row![name];
        row?.Require(IsGiven);
        string? said = PSValueConverter.Text(Value(nameof(Provider)), nameof(Provider));
        return new DefinitionBinder(Value, new KeyResolver(this), WriteVerbose).Read(ProviderSet.Provider(set, (SwitchParameter)Bound(set)!, said));
    }

    /// <summary>The connection that a row describes; what was given beside it comes first.</summary>
    private protected ConnectionDefinition ReadRow(string provider, Func<string, object?> row) =>
        new DefinitionBinder(name => Bound(name) is { } given and not SwitchParameter ? given : row(name), new KeyResolver(this), WriteVerbose).Read(provider);
}
