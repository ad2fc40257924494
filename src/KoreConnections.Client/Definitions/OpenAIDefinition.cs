namespace KoreConnections.Client;

internal sealed class OpenAIDefinition : NamedProviderDefinition
{
    public override string Provider => ApiValues.OpenAI;

    private protected override bool IsEasyIntegration => false;
}
