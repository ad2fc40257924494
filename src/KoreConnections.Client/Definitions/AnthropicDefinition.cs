namespace KoreConnections.Client;

internal sealed class AnthropicDefinition : NamedProviderDefinition
{
    public override string Provider => ApiValues.Anthropic;
}
