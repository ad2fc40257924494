using System.Text.Json.Nodes;

namespace KoreConnections.Tests;

/// <summary>The client sends what the API document's sample requests send: method, path, query, headers, body.</summary>
public sealed class SampleRequestTests : IDisposable
{
    private const string Id = "cn-11111111-2222-3333-4444-555555555555";
    private const string Custom = """
        {
          "model": "CustomProvider", "provider": "API", "connectionName": "CustomProvider",
          "promptVars": [
            { "name": "prompt", "displayName": "Prompt", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "hlo", "required": true },
            { "name": "system_prompt", "displayName": "System prompt", "status": false, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false },
            { "name": "examples", "displayName": "Examples", "status": false, "dataType": "String", "elementType": "textBox", "examples": true, "defaultValue": "", "required": false }
          ],
          "customVars": [],
          "endpointUrl": "https://llm.example.com/v1/messages",
          "headers": [ { "key": "x-api-key", "value": "llm-key" } ],
          "payload": { "model": "some-model", "max_tokens": 1024, "messages": [ { "role": "user", "content": "What is the weather like in San Francisco?" } ] },
          "outputPath": "content[0].text", "inputTokensPath": "usage.input_tokens", "outputTokensPath": "usage.output_tokens",
          "status": "FINALIZED", "isEnable": true
        }
        """;

    private const string Mapped = """
        {
          "model": "some-model", "provider": "API", "connectionName": "Custom_Existingnew",
          "endpointUrl": "https://llm.example.com/v1/messages",
          "headers": [ { "key": "x-api-key", "value": "llm-key" } ],
          "status": "FINALIZED", "isEnable": true, "idp": "none", "bodyTab": "providerReferences", "mapProvider": "anthropicModel",
          "llmFeatures": { "toolCalling": false, "supportTools": true, "parallelToolCalling": true, "structuredResponse": true, "dataGeneration": false, "streaming": true },
          "IOMappings": [ "textToText", "textToImage" ]
        }
        """;

    private readonly List<SandboxRequest> _requests = [];
    private readonly SandboxServer _sandbox;
    private readonly ConnectionsClient _client;
    private readonly string _key;

    public SampleRequestTests()
    {
        _sandbox = SandboxServer.Start(new SandboxOptions { OnRequest = _requests.Add });
        _key = _sandbox.Keys.Issue();
        _client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_key)));
    }

    public static TheoryData<string?, string?, int?, string> Filters => new()
    {
        { null, null, null, "" },
        { null, null, 10, "?limit=10" },
        { "OpenAI", null, null, "?provider=Open%20AI" },
        { "azure open ai", null, null, "?provider=Azure%20Open%20AI" },
        { "anthropic", null, null, "?provider=Anthropic" },
        { "api", null, null, "?provider=API" },
        { null, "active", null, "?status=ACTIVE" },
        { null, "INACTIVE", null, "?status=INACTIVE" },
        { "Open AI", "ACTIVE", 3, "?provider=Open%20AI&status=ACTIVE&limit=3" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task List(string? provider, string? status, int? limit, string query)
    {
        await _client.ListAsync(new ListFilter { Provider = provider, Status = status, Limit = limit }, new RequestContext());
        Expect("GET", "/api/public/connections" + query, null);
    }

    [Fact]
    public async Task Get()
    {
        await Assert.ThrowsAsync<KoreException>(() => _client.GetAsync(Id, new RequestContext()));
        Expect("GET", $"/api/public/connections/{Id}", null);
    }

    [Fact]
    public async Task CreateOpenAI()
    {
        await _client.CreateAsync(new OpenAIDefinition { Name = "OpenAI GPT-4o", Model = "gpt-4o", ApiKey = Key("sk-abc") }, new RequestContext());
        Expect("POST", "/api/public/connections", """{ "provider": "Open AI", "connectionName": "OpenAI GPT-4o", "model": "gpt-4o", "fields": { "API_KEY": "sk-abc" } }""");
    }

    [Fact]
    public async Task CreateAzureOpenAI()
    {
        await _client.CreateAsync(
            new AzureOpenAIDefinition { Name = "Azure GPT-4", Model = "GPT-4", ApiKey = Key("abc"), ApiVersion = "2024-08-01-preview", ResourceName = "your-azure-resource", DeploymentId = "your-deployment-id" },
            new RequestContext());
        Expect("POST", "/api/public/connections", """
            { "connectionName": "Azure GPT-4", "provider": "Azure Open AI", "model": "GPT-4", "modelType": "EASY_INTEGRATION",
              "fields": { "API_KEY": "abc", "api_version": "2024-08-01-preview", "your_resource_name": "your-azure-resource", "deployment_id": "your-deployment-id" } }
            """);
    }

    [Fact]
    public async Task CreateAnthropic()
    {
        await _client.CreateAsync(new AnthropicDefinition { Name = "Anthropic Claude", Model = "claude-3-5-haiku-20241022", ApiKey = Key("abc") }, new RequestContext());
        Expect("POST", "/api/public/connections", """
            { "connectionName": "Anthropic Claude", "provider": "Anthropic", "model": "claude-3-5-haiku-20241022", "fields": { "API_KEY": "abc" }, "modelType": "EASY_INTEGRATION" }
            """);
    }

    [Fact]
    public async Task CreateCustomApi()
    {
        JsonNode sample = JsonNode.Parse(Custom)!;
        var settings = new CustomApiSettings
        {
            EndpointUrl = "https://llm.example.com/v1/messages",
            Headers = [new Header("x-api-key", Key("llm-key"))],
            Payload = Element(sample["payload"]!),
            OutputPath = "content[0].text",
            InputTokensPath = "usage.input_tokens",
            OutputTokensPath = "usage.output_tokens",
            PromptVariables = [new Variable("prompt") { Given = new Dictionary<string, System.Text.Json.JsonElement> { ["defaultValue"] = Element("hlo") } }],
        };
        foreach (string off in new[] { "system_prompt", "examples" })
        {
            settings.PromptVariables = [.. settings.PromptVariables, new Variable(off) { Given = new Dictionary<string, System.Text.Json.JsonElement> { ["status"] = Element(false) } }];
        }

        await _client.CreateAsync(new CustomApiDefinition(settings) { Name = "CustomProvider", Model = "CustomProvider" }, new RequestContext());
        Expect("POST", "/api/public/connections", Custom);
    }

    [Fact]
    public async Task CreateMappedApi()
    {
        var settings = new CustomApiSettings
        {
            EndpointUrl = "https://llm.example.com/v1/messages",
            Headers = [new Header("x-api-key", Key("llm-key"))],
            MapProvider = "anthropicmodel",
            Features = ["supportTools", "ParallelToolCalling", "structuredResponse", "streaming"],
            IOMappings = ["textToText", "texttoimage"],
        };
        await _client.CreateAsync(new CustomApiDefinition(settings) { Name = "Custom_Existingnew", Model = "some-model" }, new RequestContext());
        Expect("POST", "/api/public/connections", Mapped);
    }

    [Fact]
    public async Task Update()
    {
        await Assert.ThrowsAsync<KoreException>(() => _client.ChangeAsync(Id, new KeyChange(Key("sk-new")), new RequestContext()));
        Expect("PATCH", $"/api/public/connections/{Id}", """{ "fields": { "API_KEY": "sk-new" } }""");
    }

    public void Dispose()
    {
        _client.Dispose();
        _sandbox.Dispose();
    }

    private static Secret Key(string text) => Secret.FromPlainText(text);

    private static System.Text.Json.JsonElement Element(JsonNode node) => System.Text.Json.JsonDocument.Parse(node.ToJsonString()).RootElement;

    private void Expect(string method, string target, string? body)
    {
        SandboxRequest request = Assert.Single(_requests);
        Assert.Equal(method, request.Method);
        Assert.Equal(target, request.Target);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(_key, request.Headers["x-api-key"]);
        if (body is null)
        {
            Assert.Empty(request.Body);
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(request.Body)), request.Body);
        }
    }
}
