using System.Collections.Generic;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>What the named providers share: a model and a key under <c>fields</c>.</summary>
public abstract class NamedProviderDefinition : ConnectionDefinition
{
    /// <summary>The provider's key.</summary>
    public Secret? ApiKey { get; set; }

    internal override IEnumerable<Secret> Secrets => ApiKey is null ? [] : [ApiKey];

    /// <summary>Whether the document's samples send <c>modelType</c> for this provider.</summary>
    private protected virtual bool IsEasyIntegration => true;

    internal override void ValidateProvider()
    {
        Model = Guard.Required(Model, "Model");
        ApiKey = ApiKeyValidator.Check(ApiKey, "ApiKey");
    }

    private protected override void WriteProvider(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject("fields");
        WriteSecret(writer, "API_KEY", ApiKey, reveal);
        WriteFields(writer);
        writer.WriteEndObject();
        if (IsEasyIntegration)
        {
            writer.WriteString("modelType", "EASY_INTEGRATION");
        }
    }

    private protected virtual void WriteFields(Utf8JsonWriter writer)
    {
    }
}

/// <summary>A connection to OpenAI.</summary>
public sealed class OpenAIDefinition : NamedProviderDefinition
{
    /// <inheritdoc/>
    public override string Provider => ApiValues.OpenAI;

    private protected override bool IsEasyIntegration => false;
}

/// <summary>A connection to Anthropic.</summary>
public sealed class AnthropicDefinition : NamedProviderDefinition
{
    /// <inheritdoc/>
    public override string Provider => ApiValues.Anthropic;
}

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
