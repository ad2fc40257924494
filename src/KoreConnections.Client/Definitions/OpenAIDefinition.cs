namespace KoreConnections.Client;

/// <summary>A connection to OpenAI.</summary>
public sealed class OpenAIDefinition : NamedProviderDefinition
{
    /// <inheritdoc/>
    public override string Provider => ApiValues.OpenAI;

    private protected override bool IsEasyIntegration => false;
}
