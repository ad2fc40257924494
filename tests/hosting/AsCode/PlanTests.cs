namespace KoreConnections.Tests.AsCode;

/// <summary>Each action, from the manifest's text to the requests on the wire.</summary>
public sealed class PlanTests : PlanTestBase
{
    /// <summary>A change of the text, and what is sent for it.</summary>
    public static TheoryData<string, string, string, string> Updates => new()
    {
        { "https://llm.example.com", "https://new.example.com", "endpointUrl", """{ "endpointUrl": "https://new.example.com" }""" },
        { "content[0].text", "text", "outputPath", """{ "outputPath": "text" }""" },
        { "1024", "2048", "payload.max_tokens", """{ "payload": { "model": "in-house", "max_tokens": 2048, "messages": [{ "role": "user", "content": "{{prompt}}" }] } }""" },
        { "role: user, ", "", "payload.messages[0].role", """{ "payload": { "model": "in-house", "max_tokens": 1024, "messages": [{ "content": "{{prompt}}" }] } }""" },
        { "outputPath:", "draft: true\n    outputPath:", "draft", """{ "status": "DRAFT" }""" },
        { "outputPath:", "model: m\n    outputPath:", "model", """{ "model": "m" }""" },
        { "outputPath:", "inputTokensPath: usage.in\n    outputPath:", "inputTokensPath", """{ "inputTokensPath": "usage.in" }""" },
        { "outputPath:", "outputTokensPath: usage.out\n    outputPath:", "outputTokensPath", """{ "outputTokensPath": "usage.out" }""" },
        { "outputPath:", "customVariable: [tone]\n    outputPath:", "customVariable.tone", """{ "customVars": [{ "name": "tone", "displayName": "Tone", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }] }""" },
        { "{ x-api-key: env:KORE_TEST_KEY }", "{ x-api-key: env:KORE_TEST_KEY, Accept: text/plain }", "header.Accept", """{ "headers": [{ "key": "x-api-key", "value": "KEY" }, { "key": "Accept", "value": "text/plain" }] }""" },
        { "{ x-api-key: env:KORE_TEST_KEY }", "{}", "header.x-api-key", """{ "headers": [] }""" },
    };

    [Fact]
    public void CreateIsSentAsAPost()
    {
        ConnectionPlanItem planned = Assert.Single(_place.Compare(Named));
        Assert.Equal((PlanAction.Create, "A", "Open AI", "gpt-4o", null, 1), (planned.ActionValue, planned.Name, planned.Provider, planned.Model, planned.ConnectionId, planned.Line));
        Assert.Equal(["GET /api/public/connections"], Sent());

        ConnectionPlanItem done = Assert.Single(_place.Sync(Named));
        Assert.Equal((PlanAction.Create, SyncOutcome.Done), (done.ActionValue, done.OutcomeValue));
        Assert.StartsWith("cn-", done.ConnectionId, StringComparison.Ordinal);
        AssertBody("POST", "", $$"""{ "provider": "Open AI", "connectionName": "A", "model": "gpt-4o", "fields": { "API_KEY": "{{ManifestFixture.Key}}" } }""");
        AssertInSync(Named);
    }

    [Fact]
    public void ChangeKeyIsSentAsAPatchOfTheKeyAlone()
    {
        string id = Create("New-Connection -OpenAI -Name A -Model gpt-4o -ApiKey other-key-0123456789");
        // The mask of that key shows nothing; a platform that shows its end tells more.
        ShowsMask(id, "ot***************6789");
        ConnectionPlanItem planned = Assert.Single(_place.Compare(Named));
        Assert.Equal((PlanAction.ChangeKey, KeyLikeness.Different), (planned.ActionValue, planned.KeyStateValue));
        ConnectionDifference difference = Assert.Single(planned.Difference);
        Assert.Equal(("apiKey", "ot***************6789", "env:KORE_TEST_KEY"), (difference.Property, difference.Old, difference.New));

        _place.Place.Sandbox.Faults.Clear();
        ShowsMask(id, "ot***************6789");
        _place.Place.Forget();
        Assert.Equal(SyncOutcome.Done, Assert.Single(_place.Sync(Named)).OutcomeValue);
        AssertBody("PATCH", id, $$"""{ "fields": { "API_KEY": "{{ManifestFixture.Key}}" } }""");
        Assert.True(_place.Place.Sandbox.HasKey(id, ManifestFixture.Key));
    }

    /// <summary>What the platform tells of the headers, the manifest's headers, what differs, what is sent again, what is known of the key.</summary>
    [Theory]
    [InlineData("x-api-key=***************MQAA;x-team=a", "x-api-key: env:KORE_TEST_KEY, x-team: b", "header.x-team", "header.x-api-key (env:KORE_TEST_KEY)", KeyLikeness.LikelySame)]
    [InlineData("x-api-key=***************;x-team=a;x-zone=eu", "x-api-key: env:KORE_TEST_KEY, x-team: b, x-zone: eu", "header.x-team", "header.x-api-key (env:KORE_TEST_KEY), header.x-zone", KeyLikeness.Unknown)]
    [InlineData("Authorization=Bearer ***************MQAA", "Authorization: Bearer env:KORE_TEST_KEY, Accept: text/plain", "header.Accept", "header.Authorization (Bearer env:KORE_TEST_KEY)", KeyLikeness.LikelySame)]
    [InlineData("x-api-key=***************MQAA;x-old=1", "X-API-KEY: env:KORE_TEST_KEY", "header.x-old", "header.X-API-KEY (env:KORE_TEST_KEY)", KeyLikeness.LikelySame)]
    [InlineData("x-api-key=***************ZZZZ;x-team=a", "x-api-key: env:KORE_TEST_KEY, x-team: b", "header.x-api-key, header.x-team", "", KeyLikeness.Different)]
    public void AHeaderThatIsChangedSendsAllAndThePlanSaysSo(string told, string headers, string differ, string again, object key)
    {
        string text = Own.Replace("x-api-key: env:KORE_TEST_KEY", headers, StringComparison.Ordinal);
        _place.Sync(Own);
        string id = Id("Own");
        string list = string.Join(", ", told.Split(';').Select(h => h.Split('=')).Select(h => $$"""{ "key": "{{h[0]}}", "value": "{{h[1]}}" }"""));
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Path = id, Status = 200, Body = $$"""{ "connectionId": "{{id}}", "connectionName": "Own", "provider": "API", "headers": [{{list}}] }""" });
        ConnectionPlanItem item = Assert.Single(_place.Compare(text));
        Assert.Equal((differ, again, key), (string.Join(", ", item.Difference.Select(d => d.Property)), string.Join(", ", item.SentAgain), (object)item.KeyStateValue!));
        _place.Shell.RunClean("Sync-Connection $manifest -WhatIf | Out-Null");
        foreach (string named in differ.Split(", ").Concat(again.Split(", ", StringSplitOptions.RemoveEmptyEntries)))
        {
            Assert.Contains(named, item.Reason, StringComparison.Ordinal);
            Assert.Contains(named, _place.Shell.Host.Shown, StringComparison.Ordinal);
        }

        string view = string.Join("\n", _place.Shell.RunClean("Compare-Connection $manifest | Out-String -Width 200"));
        Assert.Equal(again.Length > 0, view.Contains("sent again: ", StringComparison.Ordinal));
        Assert.Equal(key is KeyLikeness.Unknown, item.Reason.Contains("Sync-Connection sends the current key of the reference", StringComparison.Ordinal));
    }

    [Fact]
    public void APayloadThatIsChangedSendsItsKeysAgain()
    {
        string text = Own.Replace("model: in-house", "api_key: '${env:KORE_TEST_KEY}'", StringComparison.Ordinal);
        _place.Sync(text);
        ConnectionPlanItem item = Assert.Single(_place.Compare(text.Replace("1024", "2048", StringComparison.Ordinal)));
        Assert.Equal(("payload.max_tokens", "payload.api_key (${env:KORE_TEST_KEY})"), (Assert.Single(item.Difference).Property, Assert.Single(item.SentAgain)));
    }

    [Theory, MemberData(nameof(Updates))]
    public void UpdateIsSentAsAPatchOfWhatDiffers(string from, string to, string property, string body)
    {
        _place.Sync(Own);
        string id = Id("Own");
        string changed = Own.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Own, changed);
        ConnectionPlanItem planned = Assert.Single(_place.Compare(changed));
        Assert.Equal((PlanAction.Update, property), (planned.ActionValue, Assert.Single(planned.Difference).Property));
        _place.Place.Forget();
        Assert.Equal(SyncOutcome.Done, Assert.Single(_place.Sync(changed)).OutcomeValue);
        AssertBody("PATCH", id, body.Replace("KEY", ManifestFixture.Key, StringComparison.Ordinal));
        AssertInSync(changed);
    }

    [Theory]
    [InlineData("[streaming]", "[streaming, toolCalling]", "feature", "streaming", "streaming, toolCalling")]
    [InlineData("openAIModel", "geminiModel", "mapProvider", "openAIModel", "geminiModel")]
    [InlineData("feature:", "ioMapping: [audioToText]\n    feature:", "ioMapping", "textToText", "audioToText")]
    [InlineData("feature:", "authorizationProfile: p\n    feature:", "authorizationProfile", "none", "p")]
    public void AMappedOneIsUpdatedToo(string from, string to, string property, string old, string now)
    {
        _place.Sync(Mapped);
        string changed = Mapped.Replace(from, to, StringComparison.Ordinal);
        ConnectionDifference difference = Assert.Single(Assert.Single(_place.Compare(changed)).Difference);
        Assert.Equal((property, old, now), (difference.Property, difference.Old, difference.New));
        _place.Sync(changed);
        AssertInSync(changed);
    }

    [Fact]
    public void WhatTheManifestDoesNotNameIsUnmanagedAndNotRead()
    {
        _place.Place.Seed("Z", "B");
        IReadOnlyList<ConnectionPlanItem> done = _place.Sync(Named);
        Assert.Equal([(PlanAction.Create, "A", SyncOutcome.Done), (PlanAction.Unmanaged, "B", SyncOutcome.Unchanged), (PlanAction.Unmanaged, "Z", SyncOutcome.Unchanged)], done.Select(i => (i.ActionValue, i.Name!, i.OutcomeValue!.Value)));
        Assert.Equal(["GET /api/public/connections", "POST /api/public/connections"], Sent());
        Assert.All(done.Skip(1), i => Assert.Null(i.File));
    }

    [Fact]
    public void WhatThePlatformDoesNotTellIsNoDifference()
    {
        _place.Sync(Own);
        string id = Id("Own");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Status = 200, Body = $$"""{ "connectionId": "{{id}}", "connectionName": "Own", "provider": "API", "status": "ACTIVE" }""" });
        ConnectionPlanItem item = Assert.Single(_place.Compare(Own.Replace("1024", "2048", StringComparison.Ordinal)));
        Assert.Equal((PlanAction.InSync, KeyLikeness.Unknown), (item.ActionValue, item.KeyStateValue));
        Assert.Contains("The key could not be compared", item.Reason, StringComparison.Ordinal);
    }

    /// <summary>What is there, what the manifest has in its place, what differs, what is sent.</summary>
    [Theory]
    [InlineData("inputTokensPath: usage.in", "inputTokensPath: ~", "inputTokensPath: usage.in -> (none)", """{ "inputTokensPath": null }""")]
    [InlineData("outputTokensPath: usage.out", "outputTokensPath:", "outputTokensPath: usage.out -> (none)", """{ "outputTokensPath": null }""")]
    [InlineData("outputTokensPath: usage.out", "outputTokensPath: null", "outputTokensPath: usage.out -> (none)", """{ "outputTokensPath": null }""")]
    [InlineData("customVariable: [tone]", "customVariable: ~", "customVariable.tone: ", """{ "customVars": [] }""")]
    public void WhatIsGivenAsEmptyIsCleared(string there, string now, string difference, string body)
    {
        string before = Own.Replace("outputPath:", there + "\n    outputPath:", StringComparison.Ordinal);
        string after = before.Replace(there, now, StringComparison.Ordinal);
        _place.Sync(before);
        AssertInSync(Own);
        string id = Id("Own");
        ConnectionPlanItem planned = Assert.Single(_place.Compare(after));
        Assert.Equal(PlanAction.Update, planned.ActionValue);
        Assert.StartsWith(difference, Assert.Single(planned.Difference).ToString(), StringComparison.Ordinal);
        _place.Place.Forget();
        Assert.Equal(SyncOutcome.Done, Assert.Single(_place.Sync(after)).OutcomeValue);
        AssertBody("PATCH", id, body);
        AssertInSync(after);
    }

    [Theory]
    [InlineData("ioMapping: [audioToText]", "ioMapping: ~", "ioMapping: audioToText -> textToText")]
    [InlineData("authorizationProfile: p", "authorizationProfile: ~", "authorizationProfile: p -> none")]
    public void OfAMappedOneThatIsTheDefault(string there, string now, string difference)
    {
        string before = Mapped.Replace("feature:", there + "\n    feature:", StringComparison.Ordinal);
        string after = before.Replace(there, now, StringComparison.Ordinal);
        _place.Sync(before);
        Assert.Equal(difference, Assert.Single(Assert.Single(_place.Compare(after)).Difference).ToString());
        _place.Sync(after);
        AssertInSync(after);
    }

    [Theory]
    [InlineData("inputTokensPath: ~")]
    [InlineData("customVariable: ~")]
    [InlineData("customVariable: []")]
    [InlineData("model: ~")]
    public void WhatIsNotThereNeedsNoClearing(string given)
    {
        string text = Own.Replace("outputPath:", given + "\n    outputPath:", StringComparison.Ordinal);
        _place.Sync(Own);
        AssertInSync(text);
    }

    [Fact]
    public void WhatTheManifestDoesNotSayIsLeftAlone()
    {
        Create("New-Connection -CustomApi -Name Own -Model m -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = $key } -Payload '{\"a\":\"{{prompt}}\"}' -OutputPath t -InputTokensPath i -CustomVariable tone");
        const string OwnOne = "{ provider: API, name: Own, endpointUrl: https://llm.example.com, payload: { a: '{{prompt}}' }, outputPath: t }";
        AssertInSync($"connections: [{OwnOne}]\n");
        Create("New-Connection -CustomApi -Name Mapped -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -IOMapping audioToText -AuthorizationProfile p");
        AssertInSync($"connections: [{OwnOne}, {{ provider: API, name: Mapped, endpointUrl: https://llm.example.com, mapProvider: openAIModel, feature: [streaming] }}]\n");
    }

    [Theory]
    [InlineData("***************", KeyLikeness.Unknown, PlanAction.InSync)]
    [InlineData("sk-***************", KeyLikeness.Unknown, PlanAction.InSync)]
    [InlineData("sk*****************MQAA", KeyLikeness.LikelySame, PlanAction.InSync)]
    [InlineData("sk***************ZZZZ", KeyLikeness.Different, PlanAction.ChangeKey)]
    [InlineData("pk-***************", KeyLikeness.Different, PlanAction.ChangeKey)]
    public void KeysAreJudgedByWhatTheMaskShows(string mask, object likeness, object action)
    {
        _place.Sync(Named);
        ShowsMask(Id("A"), mask);
        ConnectionPlanItem item = Assert.Single(_place.Compare(Named));
        Assert.Equal((likeness, action), ((object)item.KeyStateValue!, (object)item.ActionValue));
    }
}
