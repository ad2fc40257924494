namespace KoreConnections.Commands;

/// <summary>
/// The connections that the help's examples begin with, of each kind at least one. Their models stay, save that Azure retires the
/// one of Finance in September 2027: so there is an end to find. docs/en-US/Connect-KorePlatform.md has the keys.
/// </summary>
internal static class SampleConnections
{
    private static IEnumerable<ConnectionDefinition> All =>
    [
        new OpenAIDefinition { Name = "Support desk", Model = "gpt-5.5", ApiKey = Key("sk-sample-openai-4f1c7a90MQAA") },
        new OpenAIDefinition { Name = "Search [prod]", Model = "gpt-5.4-mini", ApiKey = Key("sk-sample-openai-4f1c7a90MQAA") },
        new AnthropicDefinition { Name = "Contract review", Model = "claude-opus-4-8", ApiKey = Key("sk-ant-sample-7d20e5b3QXBB") },
        new AzureOpenAIDefinition
        {
            Name = "Finance",
            Model = "GPT-5.4",
            ApiKey = Key("sample-azure-93b8d1c6f2a4ZRCC"),
            ResourceName = "contoso-finance",
            DeploymentId = "gpt-5.4-eu",
            ApiVersion = "2024-08-01-preview",
        },
        new CustomApiDefinition(new CustomApiSettings
        {
            EndpointUrl = "https://llm.example.com/v1/messages",
            Headers = [GatewayKey],
            Payload = JsonDocument.Parse("""{ "prompt": "{{prompt}}" }""").RootElement,
            OutputPath = "content[0].text",
        })
        {
            Name = "Own model",
        },
        new CustomApiDefinition(new CustomApiSettings
        {
            EndpointUrl = "https://gateway.example.com/anthropic",
            Headers = [GatewayKey],
            MapProvider = "anthropicModel",
            Features = ["streaming", "supportTools"],
        })
        {
            Name = "Own gateway",
            Model = "claude-opus-4-8",
        },
    ];

    private static Header GatewayKey => new("x-api-key", Key("sample-gateway-0e6b5d7a1fPLDD"));

    /// <summary>Creates those that are not there, in this order.</summary>
    public static async Task AddAsync(ConnectionsClient client, RequestContext context)
    {
        ConnectionList there = await client.ListAsync(null, context).ConfigureAwait(false);
        foreach (ConnectionDefinition missing in All.Where(d => there.Items.All(c => c.ConnectionName != d.Name)))
        {
            await client.CreateAsync(missing, context, there).ConfigureAwait(false);
        }
    }

    private static Secret Key(string text) => Secret.FromPlainText(text);
}
