namespace KoreConnections.Client;

internal sealed class AzureOpenAIDefinition : NamedProviderDefinition
{
    public override string Provider => ApiValues.AzureOpenAI;

    public string? ResourceName { get; set; }

    public string? DeploymentId { get; set; }

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
