namespace KoreConnections.Tests.Models;

/// <summary>The models that a key may use, as the providers list them.</summary>
public sealed class ModelListerTests : IDisposable
{
    private readonly FakeProviders _provider = new();
    private readonly ModelLister _lister = new(new TransportOptions { RetryInterval = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(5), TimeProvider = new LiveLifecycleTests.FixedTime() });

    public void Dispose()
    {
        _lister.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task OpenAI()
    {
        IReadOnlyList<ProviderModel> models = await ListAsync(new OpenAIDefinition());
        Assert.Equal(
            ["compatible Active ", "gpt-4 Retired 2026-10-23", "gpt-4o Retiring 2027-03-31", "gpt-5.5 Active ", "odd-day Active ", "odd-number Active ", "odd-text Active "],
            models.Select(Line));
        Assert.Equal("gpt-5.6-sol", models[1].Replacement);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1715367049).LocalDateTime, models[0].CreatedOn);
    }

    [Fact]
    public async Task AnthropicsPagesAreFollowed()
    {
        IReadOnlyList<ProviderModel> models = await ListAsync(new AnthropicDefinition());
        Assert.Equal(
            ["claude-haiku-4-5-20251001 Active ", "claude-opus-4-7 Active ", "claude-opus-4-8 Active ", "claude-sonnet-4-5-20250929 Retiring 2026-11-30", "claude-sonnet-4-6 Active "],
            models.Select(Line));
        Assert.Equal(["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude-sonnet-4-6", "/v1/models?limit=1000&after_id=claude-haiku-4-5-20251001"], _provider.Requests.Select(r => r.Target));
        Assert.Equal(new DateTime(2026, 2, 17, 0, 0, 0, DateTimeKind.Utc).ToLocalTime(), models[0].CreatedOn);
    }

    [Fact]
    public async Task Azure() => Assert.Equal(
        ["gpt-35-turbo-0125 Retired 2026-02-14", "gpt-4o-2024-05-13 Retired 2026-10-01", "gpt-4o-2024-11-20 Retiring 2030-01-01", "gpt-5.4-2026-03-05 Active "],
        (await ListAsync(new AzureOpenAIDefinition { ResourceName = "eu-west", DeploymentId = "any", ApiVersion = "2024-10-21" })).Select(Line));

    [Theory]
    [InlineData("gpt-4o", "MayBeRetired 2026-10-01")]
    [InlineData("gpt-chat-latest", "MayBeRetired 2026-09-24")]
    [InlineData("O1", "MayBeRetired 2026-10-21")]
    [InlineData("gpt-4o-2099-01-01", "MayBeRetired 2026-10-01")]
    [InlineData("gpt-5", "Retiring 2027-02-09")]
    [InlineData("gpt-4o-2024-05-13", "Retired 2026-10-01")]
    [InlineData("our-own", "Active ")]
    public async Task WhereAzureGivesNoDateTheVersionDecides(string id, string line)
    {
        _provider.Instead = _ => (200, $$"""{"data":[{"id":"{{id}}"}]}""");
        ProviderModel model = Assert.Single(await ListAsync(new AzureOpenAIDefinition { ResourceName = "eu-west", DeploymentId = "any", ApiVersion = "2024-10-21" }));
        Assert.Equal($"{id} {line}", Line(model));
    }

    [Theory]
    [InlineData("""{"data":[{"id":"a"}],"has_more":true,"last_id":"a"}""")]
    [InlineData("""{"data":[{"id":"a"}],"has_more":true}""")]
    [InlineData("""{"data":[{"id":"a"},{"id":"a"},{"id":7},{},"text",null],"has_more":"yes","last_id":"a"}""")]
    public async Task PagesThatLeadNowhereEnd(string page)
    {
        _provider.Instead = _ => (200, page);
        Assert.Equal("a", Assert.Single(await ListAsync(new AnthropicDefinition())).ModelId);
        Assert.InRange(_provider.Requests.Count, 1, 2);
        Assert.Equal(page.Contains("true", StringComparison.Ordinal), _lister.IsIncomplete);
    }

    /// <summary>Only Anthropic documents pages: elsewhere, the next request would be the same.</summary>
    [Fact]
    public async Task WhatCannotBeAskedForIsNotAskedForAgain()
    {
        int page = 0;
        _provider.Instead = _ => (200, $$"""{"data":[{"id":"m{{++page}}"}],"has_more":true,"last_id":"m{{page}}"}""");
        Assert.Equal("m1", Assert.Single(await ListAsync(new OpenAIDefinition())).ModelId);
        Assert.Equal((1, true), (_provider.Requests.Count, _lister.IsIncomplete));
    }

    [Theory]
    [InlineData(200, "<html>Sign in</html>", KoreErrorKind.UnexpectedResponse, "is not a list of models")]
    [InlineData(200, """{"models":[]}""", KoreErrorKind.UnexpectedResponse, "is not a list of models")]
    [InlineData(200, """{"object":"error","error":{"message":"bad key"},"data":[]}""", KoreErrorKind.UnexpectedResponse, "says that the request failed")]
    [InlineData(200, """{"data":[{"id":"a"}],"error":{"message":"half of it"}}""", KoreErrorKind.UnexpectedResponse, "says that the request failed")]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}""", KoreErrorKind.InvalidInput, "Create a new key")]
    [InlineData(403, """{"error":{"message":"Missing scopes: api.model.read"}}""", KoreErrorKind.UnexpectedResponse, null)]
    [InlineData(404, "{}", KoreErrorKind.UnexpectedResponse, "Check -ProviderUri")]
    [InlineData(429, "{}", KoreErrorKind.Throttled, null)]
    [InlineData(502, "<html>Bad Gateway</html>", KoreErrorKind.ServerError, "Try again later")]
    public async Task ARefusalSaysWhatToDo(int status, string body, KoreErrorKind kind, string? action)
    {
        _provider.Instead = _ => (status, body);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => ListAsync(new OpenAIDefinition()));
        Assert.Equal(kind, error.Kind);
        Assert.StartsWith($"{_provider.BaseUri.Authority} ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"HTTP {status}", error.Message, StringComparison.Ordinal);
        Assert.Contains(action ?? "", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeProviders.Key(FakeModels.Situation), error.ToString(), StringComparison.Ordinal);
    }

    private static string Line(ProviderModel model) => $"{model.ModelId} {model.Status} {ModelLifecycle.Day(model.RetiresOn)}";

    private Task<IReadOnlyList<ProviderModel>> ListAsync(NamedProviderDefinition definition)
    {
        definition.Model = "any";
        definition.ApiKey = Secret.FromPlainText(FakeProviders.Key(FakeModels.Situation));
        return _lister.ListAsync(definition, _provider.BaseUri, new RequestContext());
    }
}
