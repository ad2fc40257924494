namespace KoreConnections.Tests.AsCode;

/// <summary>A plan needs no keys: what is unknown without them is said, and only what is sent needs its key.</summary>
public sealed class KeylessPlanTests : ManifestTestBase
{
    private const string Own = """
          - provider: API
            name: Own
            endpointUrl: https://llm.example.com
            header: { x-api-key: env:KORE_TEST_KEY, x-team: a }
            payload: { model: in-house, max_tokens: 1024, messages: [{ role: user, content: "{{prompt}}" }] }
            outputPath: content[0].text

        """;

    private const string Named = "  - { provider: OpenAI, name: A, model: gpt-4o, apiKey: env:KORE_TEST_KEY }\n  - { provider: Anthropic, name: B, model: claude, apiKey: env:KORE_TEST_KEY }\n";
    private const string Both = "connections:\n" + Named + Own;

    /// <summary>References that lead to no key, each of another kind.</summary>
    public static TheoryData<string> Unset => ["env:KORE_TEST_NOT_SET", "file:none.key", "file:empty.key", "file:/none/such/folder/key", "secret:none", "secret:vault/none"];

    [Theory, MemberData(nameof(Unset))]
    public void AnUnresolvedReferenceIsAnUnknownKey(string reference)
    {
        File.WriteAllText(Path.Combine(_place.Folder, "empty.key"), " \n");
        _place.Sync(Both);
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run("Compare-Connection", Without(reference));
        Assert.All(plan, i => Assert.Equal((PlanAction.InSync, KeyLikeness.Unknown), (i.ActionValue, i.KeyStateValue)));
        Assert.All(plan, i => Assert.Contains($"these references have no key here: {reference}", i.Reason, StringComparison.Ordinal));
        Assert.Contains($"3 references of the manifest have no key here, so these keys were not compared: {reference}", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(errors);

        // What is not sent needs no key.
        _place.Place.Forget();
        (plan, _, errors) = Run("Sync-Connection", Without(reference).Replace("1024", "2048", StringComparison.Ordinal));
        Assert.Equal([(PlanAction.Update, SyncOutcome.Done), (PlanAction.InSync, SyncOutcome.Unchanged), (PlanAction.InSync, SyncOutcome.Unchanged)], plan.Select(i => (i.ActionValue, i.OutcomeValue!.Value)));
        Assert.Empty(errors);
        Assert.Single(_place.Place.Writes);
    }

    [Theory]
    [InlineData("x-team: a", "x-other: b")]
    [InlineData("x-team: a", "x-team: a, x-more: c")]
    [InlineData("name: Own", "name: New")]
    public void SyncWritesNothingWhenAKeyThatItSendsIsMissing(string from, string to)
    {
        _place.Sync(Both);
        _place.Place.Forget();
        string text = Without("env:KORE_TEST_NOT_SET").Replace(from, to, StringComparison.Ordinal) + "  - { provider: OpenAI, name: Z, model: m, apiKey: env:KORE_TEST_KEY }\n";
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run("Sync-Connection", text);
        Assert.Empty(plan);
        Assert.Contains("header.x-api-key: header refers to the environment variable 'KORE_TEST_NOT_SET', which is not set or empty.", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Single(warnings);
        Assert.Empty(_place.Place.Writes);

        (plan, warnings, errors) = Run("Sync-Connection", text, "-WhatIf");
        Assert.Contains(plan, i => i.ActionValue is PlanAction.Update or PlanAction.Create);
        Assert.Contains("Without -WhatIf, nothing would be changed", warnings[1], StringComparison.Ordinal);
        Assert.Empty(errors);
        Assert.Empty(_place.Place.Writes);
    }

    [Theory]
    [InlineData("Compare-Connection", "-RequireKey", 3)]
    [InlineData("Sync-Connection", "-RequireKey", 3)]
    [InlineData("Compare-Connection", "-RequireKey -Name A", 1)]
    [InlineData("Sync-Connection", "-RequireKey -Name A, Own", 2)]
    [InlineData("Compare-Connection", "-RequireKey -Name [AB]", 2)]
    [InlineData("Compare-Connection", "-RequireKey -Provider Anthropic", 1)]
    public void RequireKeyMakesEachAnErrorOfTheConnectionsThatAreMeant(string cmdlet, string arguments, int count)
    {
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run(cmdlet, Without("env:KORE_TEST_NOT_SET"), arguments);
        Assert.Empty(plan);
        Assert.Empty(warnings);
        Assert.Equal(count, errors.Length);
        Assert.All(errors, e => Assert.Contains("'KORE_TEST_NOT_SET', which is not set or empty", e, StringComparison.Ordinal));
        Assert.Empty(_place.Place.Requests);
    }

    [Fact]
    public void NameNarrowsWhichReferencesHaveToLeadToAKey()
    {
        string text = Both.Replace("model: gpt-4o, apiKey: env:KORE_TEST_KEY", "model: gpt-4o, apiKey: env:KORE_TEST_NOT_SET", StringComparison.Ordinal);
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run("Sync-Connection", text, "-RequireKey -Name B, Own");
        Assert.Equal([("B", SyncOutcome.Done), ("Own", SyncOutcome.Done)], plan.Select(i => (i.Name!, i.OutcomeValue!.Value)));
        Assert.Empty(warnings);
        Assert.Empty(errors);
    }

    [Fact]
    public void IgnoreKeysComparesNoneAndFollowsNoReference()
    {
        _place.Sync(Both);
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run("Compare-Connection", Without("secret:none"), "-IgnoreKeys");
        Assert.All(plan, i => Assert.Equal((PlanAction.InSync, null), (i.ActionValue, i.KeyStateValue)));
        Assert.Empty(warnings);
        Assert.Empty(errors);

        // Other keys than the platform's.
        _place.Place.Forget();
        Environment.SetEnvironmentVariable("KORE_TEST_OTHER", "zz-other-0123456789abcdefghijk");
        (plan, _, errors) = Run("Sync-Connection", Without("env:KORE_TEST_OTHER").Replace("1024", "4096", StringComparison.Ordinal), "-IgnoreKeys");
        Assert.Equal([PlanAction.Update, PlanAction.InSync, PlanAction.InSync], plan.Select(i => i.ActionValue));
        Assert.Equal("payload.max_tokens", Assert.Single(plan[0].Difference).Property);
        Assert.Empty(errors);
        (_, _, errors) = Run("Compare-Connection", Both, "-IgnoreKeys -RequireKey");
        Assert.Contains("Use only one of them", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://llm.example.com/run?code=${env:KORE_TEST_NOT_SET}", "https://llm.example.com/run?code=secret-0123456789", true)]
    [InlineData("https://llm.example.com/go?code=${env:KORE_TEST_NOT_SET}", "https://llm.example.com/run?code=secret-0123456789", false)]
    [InlineData("https://llm.example.com/run?sig=${env:KORE_TEST_NOT_SET}&v=2", "https://llm.example.com/run?sig=secret-0123456789&v=2", true)]
    [InlineData("https://llm.example.com/run?sig=${env:KORE_TEST_NOT_SET}&v=3", "https://llm.example.com/run?sig=secret-0123456789&v=2", false)]
    public void WhatIsFilledIntoAnAddressMayBeMissingToo(string written, string there, bool isSame)
    {
        Environment.SetEnvironmentVariable("KORE_TEST_ADDRESS", there);
        _place.Sync("connections:\n" + Own.Replace("https://llm.example.com", "${env:KORE_TEST_ADDRESS}", StringComparison.Ordinal));
        string text = "connections:\n" + Own.Replace("https://llm.example.com", written, StringComparison.Ordinal);
        (IReadOnlyList<ConnectionPlanItem> plan, string[] warnings, string[] errors) = Run("Compare-Connection", text);
        Assert.Equal(isSame ? PlanAction.InSync : PlanAction.Update, Assert.Single(plan).ActionValue);
        Assert.Contains("1 reference of the manifest has no key here, so these keys were not compared: ${env:KORE_TEST_NOT_SET}", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(errors);
        if (!isSame)
        {
            _place.Place.Forget();
            (_, _, errors) = Run("Sync-Connection", text);
            Assert.Contains("endpointUrl refers to the environment variable 'KORE_TEST_NOT_SET'", Assert.Single(errors), StringComparison.Ordinal);
            Assert.Empty(_place.Place.Writes);
        }
    }

    [Theory, MemberData(nameof(Unset))]
    public void EachIsNamedWithItsPlaceAndTheReason(string reference)
    {
        File.WriteAllText(Path.Combine(_place.Folder, "empty.key"), " \n");
        _place.Sync(Both);
        _place.Write(Without(reference));
        foreach ((string command, int count) in new[]
        {
            ("Compare-Connection $manifest", 3), ("Sync-Connection $manifest", 3), ("Sync-Connection $manifest -WhatIf", 3), ("Compare-Connection $manifest -Name A", 1),
            ("Compare-Connection $manifest -IgnoreKeys", 0), ("Compare-Connection $manifest -RequireKey", 0),
        })
        {
            ManifestProblem[] said = [.. _place.Shell.Run(command).Streams.Information.Select(i => i.MessageData).OfType<ManifestProblem>()];
            Assert.Equal(count, said.Length);
            Assert.All(said, p => Assert.Matches("^(apiKey|header) (refers to |'secret:)", p.Message));
            Assert.Equal(new[] { 2, 3, 7 }.Take(count), said.Select(p => p.Line));
        }
    }

    [Fact]
    public void APlanWithoutKeysAsksNoProvider()
    {
        string[] errors = Run("Compare-Connection", Without("env:KORE_TEST_NOT_SET"), "| Test-ConnectionKey -ProviderUri http://127.0.0.1:9").Errors;
        Assert.Equal(3, errors.Length);
        Assert.All(errors, e => Assert.Contains("'KORE_TEST_NOT_SET', which is not set", e, StringComparison.Ordinal));
    }

    private static string Without(string reference) => Both.Replace("env:KORE_TEST_KEY", reference, StringComparison.Ordinal);

    private (IReadOnlyList<ConnectionPlanItem> Plan, string[] Warnings, string[] Errors) Run(string cmdlet, string text, string arguments = "")
    {
        _place.Write(text);
        ShellResult result = _place.Shell.Run($"{cmdlet} $manifest {arguments}");
        return (
            [.. result.Output.Select(o => o.BaseObject).OfType<ConnectionPlanItem>()],
            [.. result.Streams.Warning.Select(w => w.Message).Where(w => !w.Contains("can read the key file", StringComparison.Ordinal))],
            [.. result.AllErrors.Select(e => e.Exception.Message)]);
    }
}
