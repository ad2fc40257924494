namespace KoreConnections.Tests.Models;

/// <summary>The dated table of models: its data, and what is read from it.</summary>
public sealed class ModelTableTests
{
    private static readonly DateTime Day = new(2026, 11, 26);
    private static readonly ModelTable Table = ModelTable.Current;

    [Fact]
    public void EachRowHasItsSourceAndDate()
    {
        Assert.All(Table.Rows, row =>
        {
            Assert.Contains(row.Provider, ApiValues.Providers.Values.Except([ApiValues.CustomApi]));
            Assert.Equal(row.Model.Trim(), row.Model);
            Assert.StartsWith("https://", row.Source, StringComparison.Ordinal);
            Assert.Equal(row.Provider == ApiValues.AzureOpenAI, row.Version is not null);
            Assert.True(row.RetiresOn is null || row.NotSoonerThan is null, "a promise is no date");
            Assert.NotEqual(row.Model, row.Replacement);
        });
        Assert.Equal(Table.Rows.Count, Table.Rows.Select(r => (r.Provider, r.Model.ToUpperInvariant(), r.Version)).Distinct().Count());
        Assert.All(ApiValues.Providers.Values.Except([ApiValues.CustomApi]), p => Assert.Contains(Table.Rows, r => r.Provider == p));
    }

    /// <summary>Before a release, the pages are read again. A version without a date is about to be released.</summary>
    [Fact]
    public void TheTableIsNotOlderThanTheReleaseAllows()
    {
        Match release = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "docs", "CHANGELOG.md")), @"^## \[[^\]]+\] - (\S+)", RegexOptions.Multiline);
        Assert.True(release.Success);
        DateTime released = DateTime.TryParseExact(release.Groups[1].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) ? date : DateTime.Today;
        foreach (IGrouping<string, ModelRow> provider in Table.Rows.GroupBy(r => r.Provider))
        {
            DateTime newest = provider.Max(r => r.AsOf);
            Assert.True((released - newest).TotalDays <= 120, $"{provider.Key}: the newest row is of {newest:yyyy-MM-dd}. Read the pages again: src/KoreConnections.Client/Models/models.csv.");
            Assert.All(provider, r => Assert.True(r.AsOf <= released.AddDays(1), r.Model));
        }
    }

    [Theory]
    [InlineData("Open AI", "gpt-4", "Retired", "2026-10-23", "gpt-5.6-sol")]
    [InlineData("OpenAI", "GPT-4 ", "Retired", "2026-10-23", "gpt-5.6-sol")]
    [InlineData("Open AI", "gpt-5-mini", "Retiring", "2026-12-11", "gpt-6.1-terra")]
    [InlineData("Open AI", "gpt-4.1-2025-04-14", "Retiring", "2027-01-14", "gpt-6-luna")]
    [InlineData("Open AI", "ft:gpt-4o-2024-08-06:acme::9Kx", "Retiring", "2027-01-14", "gpt-6-luna")]
    [InlineData("Open AI", "ft:gpt-3.5-turbo-0125:acme:desk:1", "Retired", "2026-10-23", "gpt-5.6-terra")]
    [InlineData("Open AI", "gpt-5.5", "Active", null, null)]
    [InlineData("Anthropic", "claude-3-5-haiku-20241022", "Retired", "2026-02-19", "claude-haiku-4-5-20251001")]
    [InlineData("Anthropic", "claude-sonnet-4-5-20250929", "Retiring", "2026-11-30", "claude-sonnet-5-5")]
    // "Not sooner than" is a promise, and no date: not even when its day is past.
    [InlineData("Anthropic", "claude-haiku-4-5-20251001", "Active", null, null)]
    [InlineData("Anthropic", "claude-opus-4-5-20251101", "Active", null, null)]
    [InlineData("Azure Open AI", "gpt-4o", "Retiring", "2027-04-14", "GPT-5.1")]
    [InlineData("Azure Open AI", "O1", "Retired", "2026-10-21", "GPT-5.6-Sol")]
    // The replacement that the page names has ended itself.
    [InlineData("Azure Open AI", "o3-mini", "Retired", "2026-10-01", null)]
    [InlineData("Azure Open AI", "gpt-35-turbo", "Retired", "2025-02-13", "GPT-4o-Mini")]
    public void ModelsAreFoundAsConnectionsNameThem(string provider, string model, string status, string? retires, string? replacement)
    {
        ModelLifecycle found = Table.Find(provider, model, Day)!;
        Assert.Equal((status, retires, replacement), (found.StatusOn(Day).ToString(), found.RetiresOn is null ? null : ModelLifecycle.Day(found.RetiresOn), found.Replacement));
        Assert.Equal(found.Provider != ApiValues.AzureOpenAI, found.IsCertain);
        Assert.Equal(status == "Active", found.Describe(Day).Length == 0);
    }

    [Theory]
    [InlineData("Open AI", "no-such-model")]
    [InlineData("Open AI", "")]
    [InlineData("Open AI", null)]
    [InlineData("Open AI", "ft:")]
    [InlineData("Open AI", "claude-3-5-haiku-20241022")]
    [InlineData("API", "gpt-4")]
    [InlineData("Cohere", "gpt-4")]
    [InlineData(null, "gpt-4")]
    public void WhatIsNotKnownSaysNothing(string? provider, string? model) => Assert.Null(Table.Find(provider, model, Day));

    /// <summary>A finding disappeared on the day on which the first version ended.</summary>
    [Theory]
    [InlineData("GPT-4o", "2026-09-30", "Retiring", "2026-10-01")]
    [InlineData("GPT-4o", "2026-10-01", "Retired", "2026-10-01")]
    [InlineData("GPT-4o", "2026-11-26", "Retired", "2026-10-01")]
    [InlineData("GPT-4o", "2027-04-13", "Retired", "2026-10-01")]
    [InlineData("GPT-4o", "2027-04-14", "Retired", "2027-04-14")]
    [InlineData("gpt-audio-mini", "2027-04-05", "Retiring", "2027-04-06")]
    [InlineData("gpt-audio-mini", "2027-05-01", "Retired", "2027-04-06")]
    [InlineData("gpt-chat-latest", "2026-08-04", "Retiring", "2026-08-05")]
    [InlineData("gpt-chat-latest", "2026-11-26", "Retired", "2026-09-24")]
    [InlineData("GPT-5-Chat", "2026-06-01", "Retired", "2026-05-13")]
    [InlineData("GPT-5.5", "2026-11-26", "Retiring", "2027-10-26")]
    public void BetweenTheEndsOfItsVersionsAnAzureModelMayHaveRetired(string model, string on, string status, string end)
    {
        DateTime day = DateTime.Parse(on, CultureInfo.InvariantCulture);
        ModelLifecycle said = Table.Find(ApiValues.AzureOpenAI, model, day)!.ToReport;
        Assert.Equal((status, end, false), (said.StatusOn(day).ToString(), ModelLifecycle.Day(said.RetiresOn), said.IsCertain));
        Assert.Contains(status == "Retired" ? "may have retired" : "may retire", said.Describe(day), StringComparison.Ordinal);
        var connection = new Connection { ConnectionId = "cn-1", Provider = ApiValues.AzureOpenAI, Model = model };
        ConnectionIssue[] issues = [.. new[] { ModelRules.Retired, ModelRules.Retiring }.SelectMany(r => r.CheckAll([new ExaminedConnection(connection)], new IssueContext(day, 2000, 90)))];
        Assert.Equal(("Model" + status, "Warning", end), (Assert.Single(issues).Rule, issues[0].Severity, ModelLifecycle.Day(issues[0].DueOn)));
    }

    [Fact]
    public void AnAzureVersionIsCertainAndWithoutOneTheFirstEndToComeIsTold()
    {
        ModelLifecycle version = Table.Find(ApiValues.AzureOpenAI, "gpt-4o", Day, "2024-05-13")!;
        Assert.True(version is { IsCertain: true });
        Assert.Equal(ModelStatus.Retired, version.StatusOn(Day));
        Assert.Equal(new DateTime(2026, 10, 1), Table.Find(ApiValues.AzureOpenAI, "gpt-4o", new DateTime(2026, 9, 1))!.RetiresOn);
        Assert.False(Table.Find(ApiValues.AzureOpenAI, "gpt-4o", Day, "2099-01-01")!.IsCertain);
        Assert.Contains("may have retired", Table.Find(ApiValues.AzureOpenAI, "O1", Day)!.Describe(Day), StringComparison.Ordinal);
    }

    /// <summary>The resource's list and a deployment's answer name models so, and so do connections.</summary>
    [Theory]
    [InlineData("gpt-4o-2024-05-13", "Retired", "2026-10-01")]
    [InlineData(" GPT-4o-2024-05-13 ", "Retired", "2026-10-01")]
    [InlineData("gpt-4o-2024-11-20", "Retiring", "2027-04-14")]
    [InlineData("gpt-4.1-2025-04-14", "Retiring", "2027-04-14")]
    [InlineData("o1-2024-12-17", "Retired", "2026-10-21")]
    [InlineData("gpt-4-0613", "Retired", "2025-06-06")]
    [InlineData("gpt-35-turbo-0613", "Retired", "2025-02-13")]
    [InlineData("gpt-3.5-turbo-0301", "Retired", "2025-02-13")]
    // A version that the table does not know.
    [InlineData("gpt-4o-2099-01-01", "Retired", "2026-10-01", false)]
    [InlineData("gpt-5-2099-01-01", "Retiring", "2027-02-09", false)]
    [InlineData("no-such-2024-05-13", null, null)]
    [InlineData("gpt-4o-2024-13", null, null)]
    [InlineData("2024-05-13", null, null)]
    public void AnAzureModelIsFoundByItsNameAndVersion(string model, string? status, string? end, bool isCertain = true)
    {
        var connection = new Connection { ConnectionId = "cn-1", Provider = ApiValues.AzureOpenAI, Model = model };
        ModelLifecycle? said = ModelReference.Of(connection)!.Look(Day);
        Assert.Equal((status, end), (said?.StatusOn(Day).ToString(), said is null ? null : ModelLifecycle.Day(said.RetiresOn)));
        Assert.Equal(said?.RetiresOn, ProviderModels.AzureLifecycle(default(JsonElement), model.Trim(), Day)?.ToReport.RetiresOn);
        ConnectionIssue[] issues = [.. new[] { ModelRules.Retired, ModelRules.Retiring }.SelectMany(r => r.CheckAll([new ExaminedConnection(connection)], new IssueContext(Day, 2000, 90)))];
        Assert.Equal(status is null ? [] : [$"Model{status} {end}"], issues.Select(i => $"{i.Rule} {ModelLifecycle.Day(i.DueOn)}"));
        Assert.All(issues, i => Assert.Equal((isCertain, !isCertain, isCertain && status == "Retired"), (i.Message.Contains($"'{model.Trim()}'", StringComparison.Ordinal) && !ModelLifecycle.IsUncertain(i.Message), i.Message.Contains(" may ", StringComparison.Ordinal), i.Severity == "Error")));
        Assert.Null(Table.Find(ApiValues.OpenAI, "gpt-4o-2099-01-01", Day));
    }

    [Fact]
    public void SuggestionsHaveNoDeadModelAndThoseThatLiveOnFirst()
    {
        foreach (string provider in new[] { ApiValues.OpenAI, ApiValues.Anthropic })
        {
            ModelRow[] suggested = [.. Table.Suggest(provider, Day)];
            Assert.NotEmpty(suggested);
            Assert.DoesNotContain(suggested, r => r.RetiresOn <= Day);
            int first = Array.FindIndex(suggested, r => r.RetiresOn is not null);
            Assert.All(suggested.Skip(first), r => Assert.NotNull(r.RetiresOn));
            Assert.True(suggested[0].IsOnPlatform);
            // Years from now, what is announced has come.
            Assert.DoesNotContain(Table.Suggest(provider, Day.AddYears(2)), r => r.RetiresOn is not null);
        }

        Assert.Single(Table.Suggest(ApiValues.AzureOpenAI, Day), r => r.Model == "GPT-4o");
    }

    [Fact]
    public void ASuggestionAndAFindingNameTheSameDay() => Assert.All(
        Table.Suggest(null, Day), r => Assert.Equal((r.Model, Table.Find(r.Provider, r.Model, Day)!.RetiresOn), (r.Model, r.RetiresOn)));

    [Theory]
    [InlineData("Azure Open AI", "GPT-5.2-Chat", "2026-11-30", "recommends 'gpt-chat-latest', which may retire on 2026-12-02.")]
    [InlineData("Azure Open AI", "GPT-5-Chat", "2026-09-10", "recommends 'gpt-chat-latest', which may retire on 2026-12-02.")]
    [InlineData("Azure Open AI", "GPT-4", "2027-01-14", "recommends 'GPT-4o', which may retire on 2027-04-14.")]
    [InlineData("Azure Open AI", "GPT-4", "2027-01-13", "recommends 'GPT-4o'.")]
    [InlineData("Open AI", "o1-mini", "2026-11-30", "recommends 'gpt-5.6-terra'. Check that the platform offers it.")]
    [InlineData("Anthropic", "claude-2.1", "2026-11-30", "recommends 'claude-sonnet-4-6'.")]
    public void AdviceSaysThatTheReplacementEndsSoonToo(string provider, string model, string day, string advice) => Assert.EndsWith(
        advice, Table.Find(provider, model, DateTime.Parse(day, CultureInfo.InvariantCulture))!.Advice(provider), StringComparison.Ordinal);

    [Theory]
    [InlineData("GPT-4o", 365, "recommends 'GPT-5.1', which may retire on 2027-05-15.")]
    [InlineData("GPT-4o", 170, "recommends 'GPT-5.1', which may retire on 2027-05-15.")]
    [InlineData("GPT-4o", 169, "recommends 'GPT-5.1'.")]
    [InlineData("GPT-5.2-Chat", 6, "recommends 'gpt-chat-latest', which may retire on 2026-12-02.")]
    [InlineData("GPT-5.2-Chat", 5, "recommends 'gpt-chat-latest'.")]
    [InlineData("gpt-5.2-chat-2026-02-10", 3650, "recommends 'gpt-chat-latest', which may retire on 2026-12-02.")]
    public void AFindingAdvisesWithinItsOwnDays(string model, int days, string advice) => Assert.EndsWith(
        advice,
        Assert.Single(ModelRules.Retired.CheckAll([new ExaminedConnection(new Connection { ConnectionId = "cn-1", Provider = ApiValues.AzureOpenAI, Model = model })], new IssueContext(Day, days, 90))).Advice,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Open AI", "gpt-4", "Use another model. That of a connection cannot change, so later you would have to create a successor. OpenAI recommends")]
    [InlineData("Anthropic", "claude-2.1", "Use another model. That of a connection cannot change, so later you would have to create a successor. Anthropic recommends")]
    [InlineData("Azure Open AI", "gpt-4o-2024-05-13", "Change the deployment's model in Azure, or use another deployment. Azure OpenAI recommends")]
    [InlineData("Azure Open AI", "gpt-4o", "Check the deployment's model version in the Azure portal")]
    public void WhatDoesNotExistYetNeedsNoSuccessor(string provider, string model, string advice) =>
        Assert.StartsWith(advice, Table.Find(provider, model, Day)!.Advice(provider, isNew: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-07-23", "gpt-4o-audio-preview-2024-12-17", "gpt-4o-mini-audio-preview-2024-12-17", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-4o-search-preview-2025-03-11", "gpt-5-chat-latest")]
    [InlineData("2026-07-23", "gpt-5.1-chat-latest", "gpt-audio-mini-2025-10-06", "gpt-realtime-mini-2025-10-06")]
    [InlineData("2026-08-10", "gpt-5.2-chat-latest", "gpt-5.3-chat-latest")]
    [InlineData("2026-10-23", "gpt-3.5-turbo", "gpt-3.5-turbo-0125", "gpt-4", "gpt-4-0613", "gpt-4-1106-preview", "gpt-4-turbo", "gpt-4-turbo-2024-04-09", "gpt-4o-2024-05-13", "o1", "o1-2024-12-17")]
    [InlineData("2026-10-23", "o3-mini", "o3-mini-2025-01-31", "o4-mini", "o4-mini-2025-04-16", "gpt-4.1-nano", "gpt-4.1-nano-2025-04-14", "gpt-image-1")]
    [InlineData("2026-12-01", "gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest")]
    [InlineData("2026-12-11", "gpt-5", "gpt-5-2025-08-07", "gpt-5-mini", "gpt-5-mini-2025-08-07", "gpt-5-nano", "gpt-5-nano-2025-08-07", "gpt-5-pro", "o3", "o3-2025-04-16", "o3-pro")]
    [InlineData("2027-01-14", "gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", "gpt-4.1", "gpt-4.1-2025-04-14", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14")]
    [InlineData("2027-04-01", "gpt-5.1")]
    public void EachModelOfOpenAIsPageIsKnown(string retires, params string[] models) =>
        Assert.All(models, m => Assert.Equal((m, retires), (m, ModelLifecycle.Day(Table.Find(ApiValues.OpenAI, m, Day)?.RetiresOn))));

    [Theory]
    [InlineData("https://api.openai.com/v1/chat/completions", """{"model":"gpt-4"}""", null, "Open AI", "gpt-4")]
    [InlineData("https://api.openai.com/v1/chat/completions", null, "gpt-4", "Open AI", "gpt-4")]
    [InlineData("https://API.Anthropic.com/v1/messages", """{"model":"claude-2.1"}""", "CustomProvider", "Anthropic", "claude-2.1")]
    [InlineData("https://x.openai.azure.com/openai/deployments/d/chat/completions", "{}", "GPT-4o", "Azure Open AI", "GPT-4o")]
    [InlineData("https://gateway.example.com/v1/chat/completions", """{"model":"gpt-4"}""", "gpt-4", null, null)]
    [InlineData("https://api.openai.com.example.com/v1", """{"model":"gpt-4"}""", "gpt-4", null, null)]
    [InlineData("https://api.openai.com/v1/chat/completions", """{"model":"{{model}}"}""", null, null, null)]
    [InlineData("not an address", """{"model":"gpt-4"}""", "gpt-4", null, null)]
    public void ACustomApiTellsItsModelByHostAndPayload(string endpoint, string? payload, string? model, string? provider, string? expected)
    {
        var definition = new CustomApiDefinition(new CustomApiSettings { EndpointUrl = endpoint, Payload = payload is null ? null : JsonDocument.Parse(payload).RootElement }) { Model = model };
        Assert.Equal(provider is null ? null : new ModelReference(provider, expected!), ModelReference.Of(definition));
        var connection = new Connection { Provider = ApiValues.CustomApi, Model = model };
        connection.AdditionalProperties["endpointUrl"] = endpoint;
        if (payload is not null)
        {
            connection.AdditionalProperties["payload"] = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(JsonSerializer.SerializeToUtf8Bytes(new { connectionId = "cn-1", payload = JsonDocument.Parse(payload).RootElement }))!.AdditionalProperties["payload"];
        }

        Assert.Equal(ModelReference.Of(definition), ModelReference.Of(connection));
    }

    [Theory]
    [InlineData("\"2026-10-23\"", "2026-10-23")]
    [InlineData("\"2026-10-23T00:00:00Z\"", "2026-10-23")]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("\"2026-13-45\"", null)]
    [InlineData("\"0001-01-01\"", null)]
    [InlineData("\"9999-12-31\"", null)]
    [InlineData("\"23.10.2026\"", null)]
    [InlineData("\"2026-10-23-beta\"", null)]
    [InlineData("1792713600", null)]
    [InlineData("[\"2026-10-23\"]", null)]
    [InlineData("\"\\ud83d\"", null)]
    public void OddDatesSayNothing(string json, string? date) =>
        Assert.Equal(date, ModelDate.OfText(JsonDocument.Parse(json).RootElement) is DateTime read ? ModelLifecycle.Day(read) : null);

    [Theory]
    [InlineData("1792713600", "2026-10-23")]
    [InlineData("1792713600.5", "2026-10-23")]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("1e300", null)]
    [InlineData("1792713600000", null)]
    [InlineData("\"1792713600\"", null)]
    [InlineData("null", null)]
    public void OddSecondsSayNothing(string json, string? date) =>
        Assert.Equal(date, ModelDate.OfUnixSeconds(JsonDocument.Parse(json).RootElement) is DateTime read ? ModelLifecycle.Day(read) : null);
}
