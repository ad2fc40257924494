namespace KoreConnections.Client;

/// <summary>A connection to a deployment of Azure OpenAI.</summary>
public sealed class AzureOpenAIDefinition : NamedProviderDefinition
{
    /// <inheritdoc/>
    public override string Provider => ApiValues.AzureOpenAI;

    /// <summary>The Azure resource's bare name.</summary>
    public string? ResourceName { get; set; }

    /// <summary>The deployment's name.</summary>
    public string? DeploymentId { get; set; }

    /// <summary>The API version, such as <c>2024-08-01-preview</c>.</summary>
    public string? ApiVersion { get; set; }

    internal override void ValidateProvider()
    {
        base.ValidateProvider();
        ResourceName = Guard.ResourceName(ResourceName);
        DeploymentId = Guard.DeploymentId(DeploymentId);
        ApiVersion = Guard.ApiVersion(ApiVersion);
    }

    private protected override void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteString("api_version", ApiVersion);
        writer.WriteString("your_resource_name", ResourceName);
        writer.WriteString("deployment_id", DeploymentId);
    }
}
