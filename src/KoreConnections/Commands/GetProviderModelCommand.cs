using System;
using System.Management.Automation;
using System.Security;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Lists the models that a key may use at its provider, and when they retire.</summary>
[Cmdlet(VerbsCommon.Get, "ProviderModel", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ProviderModel))]
public sealed class GetProviderModelCommand : SessionCmdlet
{
    // A listing is of no one model or deployment, and a definition has to have some.
    private const string Any = "any";

    /// <summary>Lists the models of OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.OpenAI)]
    public SwitchParameter OpenAI { get; set; }

    /// <summary>Lists the models of Anthropic.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.Anthropic)]
    public SwitchParameter Anthropic { get; set; }

    /// <summary>Lists the base models of a resource of Azure OpenAI.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI)]
    public SwitchParameter AzureOpenAI { get; set; }

    /// <summary>The provider's key: a SecureString, a PSCredential, text, or a reference.</summary>
    [Parameter(Mandatory = true)]
    [KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    /// <summary>The Azure resource's bare name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProviderSet.AzureOpenAI, HelpMessage = PromptHelp.ResourceName)]
    [AllowNull]
    [AllowEmptyString]
    public string? ResourceName { get; set; }

    /// <summary>Azure's API version.</summary>
    [Parameter(ParameterSetName = ProviderSet.AzureOpenAI)]
    public string ApiVersion { get; set; } = "2024-10-21";

    /// <summary>The address of a gateway or proxy that is asked in place of the provider; the key goes there and nowhere else.</summary>
    [Parameter]
    public string? ProviderUri { get; set; }

    private protected override string Activity => "Listing models";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(null, () =>
    {
        NamedProviderDefinition definition = Define(ProviderSet.Provider(ParameterSetName, (SwitchParameter)Bound(ParameterSetName)!, null));
        Uri? gateway = Gateway(ProviderUri);
        definition.ValidateProvider();
        using var lister = new ModelLister(Transport);
        WriteObject(Await(context => lister.ListAsync(definition, gateway, context)), enumerateCollection: true);
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
