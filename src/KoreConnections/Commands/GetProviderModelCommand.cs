namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Get, "ProviderModel", DefaultParameterSetName = ProviderSet.None, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ProviderModel))]
public sealed class GetProviderModelCommand : SessionCmdlet
{
    // A listing is of no one model or deployment, and a definition has to have some.
    private const string Any = "any";

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    public SwitchParameter OpenAI { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    public SwitchParameter Anthropic { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    public SwitchParameter AzureOpenAI { get; set; }

    [Parameter(ParameterSetName = ProviderSet.None)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    [KeyTransformation, ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.ResourceName)]
    [AllowNull, AllowEmptyString, TextTransformation]
    public string? ResourceName { get; set; }

    [Parameter(ParameterSetName = ProviderSet.AzureOpenAI), TextTransformation]
    public string ApiVersion { get; set; } = "2024-10-21";

    [Parameter, ValidateNotNull, TextTransformation]
    public string? ProviderUri { get; set; }

    private protected override string Activity => "Listing models";

    protected override void ProcessRecord() => Attempt(null, () =>
    {
        if (ParameterSetName == ProviderSet.None)
        {
            throw KoreException.InvalidInput(
                "Provider",
                "No provider was selected. Use one of -OpenAI, -Anthropic and -AzureOpenAI: Get-ProviderModel -OpenAI -ApiKey env:NAME.");
        }

        NamedProviderDefinition definition = Define(ProviderSet.Provider(ParameterSetName, (SwitchParameter)Bound(ParameterSetName)!, null));
        Uri? gateway = Gateway(ProviderUri);
        definition.IsForGateway = gateway is not null;
        using var lister = new ModelLister(Transport);
        IReadOnlyList<ProviderModel> models = Await(context => lister.ListAsync(definition, gateway, context));
        WriteObject(models, enumerateCollection: true);
        WriteWarnings(
            models.Count > 0 ? null : "The provider's list of models is empty. Check the permissions of the key, and -ProviderUri if you used it. "
                + "To test the key for one model, use Test-ConnectionKey.",
            !lister.IsIncomplete ? null
                : "The list of models is incomplete: the provider reports more, but does not return them. A missing model may still be usable.");
    });

    private NamedProviderDefinition Define(string provider) => (NamedProviderDefinition)new DefinitionBinder(
        name => name switch
        {
            "Model" or "DeploymentId" => Any,
            nameof(ApiVersion) => ApiVersion,
            _ => Bound(name),
        },
        new KeyResolver(this),
        WriteVerbose).Read(provider);
}
