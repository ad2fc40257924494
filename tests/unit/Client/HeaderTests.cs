namespace KoreConnections.Tests.Client;

/// <summary>Which values of headers are looked for in answers: those that are shown as masks, and those that came by a reference.</summary>
public sealed class HeaderTests
{
    [Theory]
    [InlineData("azureml-model-deployment", "gpt-4o-blue"), InlineData("api-version", "2024-08-01-preview"), InlineData("x-region", "westeurope"), InlineData("Host", "llm.contoso.com")]
    [InlineData("Content-Type", "application/json"), InlineData("X-Title", "Support desk"), InlineData("HTTP-Referer", "https://contoso.com"), InlineData("x-model", "{{prompt}}"), InlineData("Authorization", "Bearer {{token}}")]
    [InlineData("x-tenant-id", "3f2b1c4d-0000-4000-8000-abcdef012345"), InlineData("X-Rating", "*****"), InlineData("X-Auth-Type", "api_key")]
    [InlineData("x-pin", "7302", true), InlineData("Cookie", "lang=de", true), InlineData("Authorization", "letmein", true), InlineData("X-Api-Key", "<abc123DEF456ghi789>", true), InlineData("x-password", "none", true)]
    [InlineData("x-any", "hT8vQx2LmZ9rKp4W", true), InlineData("x-any", "for sk-a1b2c3d4e5f6g7h8 only", true), InlineData("x-link", "https://u:p@contoso.com/", true), InlineData("x-link", "https://contoso.com/?code=abc", true)]
    [InlineData("x-meta", "{\"password\":\"hT8vQx2LmZ9rKp4W\"}", true)]
    public void AValueMayBeAKeyIfItIsShownAsAMask(string name, string value, bool mayBeKey = false)
    {
        var header = new Header(name, Secret.FromPlainText(value));
        var credential = new ConnectionCredential(null, [header]);
        var settings = new CustomApiSettings { Headers = [header] };
        var request = new ProbeRequest(HttpMethod.Post, new Uri("https://contoso.com/"), [header], new Uri("https://contoso.com/"));
        Assert.Equal(mayBeKey, header.MayBeKey);
        Assert.Equal(mayBeKey ? [header.Value] : [], credential.Keys);
        Assert.Equal(mayBeKey ? [header.Value] : [], settings.Redacted);
        Assert.Equal(mayBeKey ? [header.Value] : [], request.Keys());
        Assert.Equal([header.Value], settings.Secrets);
        var referred = new Header(name, Secret.FromPlainText(value)) { Value = { Origin = "env:NAME" } };
        Assert.Equal([referred.Value], new CustomApiSettings { Headers = [referred] }.Redacted);
    }

    [Fact]
    public void WhatIsUnresolvedIsNoKey()
    {
        var header = new Header("Authorization", Secret.Unresolved(KoreException.InvalidInput("Header", "is not set.")));
        Assert.False(header.MayBeKey || header.IsRedacted);
        Assert.Equal([header.Value], new CustomApiSettings { Headers = [header] }.Secrets);
    }

    /// <summary>As in the API document's sample requests.</summary>
    [Fact]
    public async Task EachRequestHasThePlatformKeyAndTheTypeOfJson()
    {
        List<SandboxRequest> requests = [];
        using var sandbox = SandboxServer.Start(new SandboxOptions { OnRequest = requests.Add });
        string key = sandbox.Keys.Issue();
        using var client = new ConnectionsClient(new SessionOptions(sandbox.BaseUri, Secret.FromPlainText(key)));
        await client.ListAsync(null, new RequestContext());
        await Assert.ThrowsAsync<KoreException>(() => client.GetAsync("cn-1", new RequestContext()));
        await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        await Assert.ThrowsAsync<KoreException>(() => client.ChangeAsync("cn-1", new KeyChange(Secret.FromPlainText("sk-new")), new RequestContext()));
        Assert.Equal(["GET", "GET", "POST", "PATCH"], requests.Select(r => r.Method));
        Assert.All(requests, r => Assert.Equal(("application/json", key), (r.Headers["Content-Type"], r.Headers["x-api-key"])));
        Assert.All(requests[..2], r => Assert.Empty(r.Body));
    }

    /// <summary>A platform key is no provider's key, whatever the header is called.</summary>
    [Fact]
    public async Task APlatformKeyIsRefusedInAHeaderOfAnyName()
    {
        using var sandbox = SandboxServer.Start();
        const string Key = "platform-key-of-words";
        using var client = new ConnectionsClient(new SessionOptions(sandbox.BaseUri, Secret.FromPlainText(Key)) { MaximumRetryCount = 0 });
        var headers = new[] { new Header("x-region", Secret.FromPlainText(Key)) };
        Assert.False(headers[0].MayBeKey);
        var change = new CustomApiChange(new CustomApiSettings { Headers = headers }, replace: false);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ChangeAsync("cn-1", change, new RequestContext()));
        Assert.Contains("platform key", error.Message, StringComparison.Ordinal);
    }

    // Its client refuses a GET that has a content, even an empty one: each reading of Windows PowerShell failed.
    [Theory]
    [InlineData("GET", false, false, true), InlineData("GET", false, true, false), InlineData("PATCH", true, true, true), InlineData("POST", true, false, true)]
    public void OnDotNetFrameworkOnlyABodyIsAContent(string method, bool hasBody, bool isDesktop, bool hasContent)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://platform.example.com/");
        SecretJsonContent.AttachTo(request, hasBody ? static (writer, _) => writer.WriteStringValue("x") : null, () => { }, isDesktop);
        Assert.Equal(hasContent, request.Content is not null);
    }
}
