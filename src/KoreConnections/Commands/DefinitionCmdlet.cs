using System.Reflection;

namespace KoreConnections.Commands;

/// <summary>What describes a connection that need not exist, beside what each cmdlet takes otherwise: a set per provider, and one for rows.</summary>
public abstract class DefinitionCmdlet : ParallelCmdlet
{
    private protected const string RowSet = "InputObject";

    private string[] _given = [];
    private PropertyInfo[]? _piped;

    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Model)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Model)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Model)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true), ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(ParameterSetName = RowSet)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true)]
    [KeyTransformation, ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter(ParameterSetName = RowSet)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("Headers"), Opaque]
    public object? Header { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.ResourceName)]
    [AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true)]
    public string? ResourceName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.DeploymentId)]
    [AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true)]
    public string? DeploymentId { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.ApiVersion)]
    [AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true)]
    public string? ApiVersion { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.EndpointUrl)]
    [AllowNull, AllowEmptyString, TextTransformation(IsOfRow = true)]
    public string? EndpointUrl { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), Opaque]
    public object? Payload { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    public string? OutputPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    public string? InputTokensPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    public string? OutputTokensPath { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("promptVars"), TextTransformation(TakesObjects = true), ArgumentCompleter(typeof(PromptVariableCompleter))]
    public object[]? PromptVariable { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("customVars"), TextTransformation(TakesObjects = true)]
    public object[]? CustomVariable { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    [ArgumentCompleter(typeof(MapProviderCompleter))]
    public string? MapProvider { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true), TextTransformation(IsOfRow = true)]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Feature { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("IOMappings"), TextTransformation(IsOfRow = true), ArgumentCompleter(typeof(IOMappingCompleter))]
    public string[]? IOMapping { get; set; }

    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true)]
    [Alias("idp"), TextTransformation(IsOfRow = true)]
    public string? AuthorizationProfile { get; set; }

    /// <summary>What a piped row says of its provider; it has to be the set's.</summary>
    [Parameter(ParameterSetName = ProviderSet.None, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.OpenAI, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.Anthropic, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAI, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [Parameter(ParameterSetName = ProviderSet.CustomApi, ValueFromPipelineByPropertyName = true, DontShow = true)]
    [TextTransformation(IsOfRow = true)]
    public string? Provider { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Later there is among them what binds from the pipeline.
        _given = [.. MyInvocation.BoundParameters.Keys];
    }

    /// <summary>The rows of an argument, or one null for what binds by itself; none for an empty row.</summary>
    private protected IEnumerable<object?> Records(object? inputObject)
    {
        return ParameterSetName == RowSet ? Rows(inputObject)
            : NextBound([.. (_piped ??= Piped()).Select(p => p.GetValue(this))]) ? [null] : [];
    }

    /// <summary>What binds from a row; nothing where the command line has all that is mandatory, so that any row will do.</summary>
    private PropertyInfo[] Piped()
    {
        (PropertyInfo Property, ParameterAttribute? Set)[] piped = [.. GetType().GetProperties()
            .Where(p => !_given.Contains(p.Name))
            .Select(p => (p, p.GetCustomAttributes<ParameterAttribute>()
                .FirstOrDefault(a => a.ParameterSetName == ParameterSetName && a.ValueFromPipelineByPropertyName)))];
        return piped.Any(p => p.Set?.Mandatory == true) ? [.. piped.Where(p => p.Set is not null).Select(p => p.Property)] : [];
    }

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

    private protected ConnectionDefinition ReadSet() =>
        new DefinitionBinder(Bound, new KeyResolver(this), WriteVerbose).Read(
            ProviderSet.Provider(ParameterSetName, (SwitchParameter)Bound(ParameterSetName)!, Provider));

    /// <summary>Whether -ApiKey is for a row: of rows of several providers, a custom API that has headers takes those.</summary>
    private protected bool HasKeyFor(string provider, InputRecord row) =>
        ApiKey is not null && (provider != ApiValues.CustomApi || PSValueConverter.IsBlank(Header ?? row.GivenHeader));

    /// <summary>A value that is missing because its column is: the row's own names say more than that it is empty.</summary>
    private protected void RefuseWithoutColumns(InputRecord row, string provider, bool needsName = true)
    {
        // A key beside a custom API is the mistake to mend first: its reader says so.
        string? missing = provider == ApiValues.CustomApi && HasKeyFor(provider, row) ? null
            : ConnectionFields.RequiredOf(provider).Select(f => f.Parameter)
                .FirstOrDefault(p => (needsName || p != "Name") && Bound(p) is null && row[p] is null);
        string? reason = missing is null ? null
            : row["ConnectionId"] is null ? row.WithoutColumn(missing)
            : missing is "Name" or "ApiKey" ? null
            : "because a listing does not include it. Pipe the complete connection: Get-Connection -Detailed.";
        if (reason is not null)
        {
            throw Guard.Invalid(missing!, $"is empty {reason}");
        }
    }

    /// <summary>The connection that a row describes; what was given beside it comes first.</summary>
    private protected ConnectionDefinition ReadRow(string provider, InputRecord row)
    {
        bool IsOfRow(string name, object given) => given is SwitchParameter || (name == nameof(ApiKey) && !HasKeyFor(provider, row));
        object? Value(string name) => Bound(name) is { } given && !IsOfRow(name, given) ? given : row[name];
        ConnectionDefinition definition =
            new DefinitionBinder(Value, new KeyResolver(this), WriteVerbose) { IsOfPlatform = row.IsOfPlatform }.Read(provider);
        (definition as CustomApiDefinition)?.Settings.OmitUnused(isRead: row.IsOfPlatform || row["ConnectionId"] is not null);
        WarnOf(SecretMasker.Quote(definition.Name), RowFields.Check(row, provider));
        if (row.MayHaveLost("Payload") && definition is CustomApiDefinition { Settings.Payload: JsonElement payload }
            && LostContent.Remark(payload) is string lost)
        {
            WarnOf(SecretMasker.Quote(definition.Name), [lost]);
        }

        return definition;
    }
}
