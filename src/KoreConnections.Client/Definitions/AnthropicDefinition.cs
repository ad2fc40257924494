namespace KoreConnections.Client;

/// <summary>A connection to Anthropic.</summary>
public sealed class AnthropicDefinition : NamedProviderDefinition
{
    /// <inheritdoc/>
    public override string Provider => ApiValues.Anthropic;
}
