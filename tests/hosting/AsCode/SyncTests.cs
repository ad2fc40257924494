namespace KoreConnections.Tests.AsCode;

/// <summary>Sync-Connection: its order, when it stops, how it fails, what narrows it.</summary>
public sealed class SyncTests : ManifestTestBase
{
    [Fact]
    public void CreatesStandBeforeChangesBegin()
    {
        _place.Shell.RunClean("'a', 'b', 'c' | ForEach-Object { New-Connection -CustomApi -Name $_ -EndpointUrl https://old.example.com -Payload @{ p = 1 } -OutputPath x }");
        _place.Place.Forget();
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "POST", Times = 1, DelayMilliseconds = 400 });
        IReadOnlyList<ConnectionPlanItem> done = _place.Sync("connections:\n" + string.Concat("azbycx".Select(n => $"  - {{ provider: API, name: {n}, endpointUrl: https://new.example.com, payload: {{ p: 1 }}, outputPath: x }}\n")));
        Assert.Equal(["z", "y", "x", "a", "b", "c"], done.Select(i => i.Name));
        Assert.Equal(["POST", "POST", "POST", "PATCH", "PATCH", "PATCH"], _place.Place.Writes.Select(w => w.Method));
    }

    [Fact]
    public void MasksThatNeverFitAreToldOnce()
    {
        const string Body = """{ "connectionId": "{id}", "connectionName": "{name}", "provider": "Open AI", "model": "gpt-5.4-mini", "fields": { "API_KEY": "{mask}" } }""";
        string Shows(string name, string mask) => Body.Replace("{id}", _place.Place.Seed(name)[0], StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal).Replace("{mask}", mask, StringComparison.Ordinal);
        foreach ((string name, string mask) in new[] { ("A", "#1***************"), ("B", "#2***************"), ("C", "") })
        {
            string body = Shows(name, mask.Length > 0 ? mask : "zz***************zzzz");
            string id = body.Split('"')[3];
            _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = body });
            _place.Place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = id, Times = 0, Status = 200, AfterWork = true, Body = mask.Length > 0 ? body : body.Replace("zz***************zzzz", "sk***************MQAA", StringComparison.Ordinal) });
        }

        _place.Write(OpenAI("A", "B", "C"));
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest");
        Assert.Empty(result.AllErrors);
        Assert.Equal(
            [("A", KeyLikeness.Different, SyncOutcome.Done), ("B", KeyLikeness.Different, SyncOutcome.Done), ("C", KeyLikeness.LikelySame, SyncOutcome.Done)],
            ManifestFixture.Items(result.Output).Select(i => (i.Name!, i.KeyStateValue!.Value, i.OutcomeValue!.Value)));
        string warning = Assert.Single(result.Streams.Warning).Message;
        Assert.Contains("'A', 'B', but its masks", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIfIsThePlanAndSendsReadsOnly()
    {
        _place.Place.Seed("Kept", "Other");
        string text = OpenAI("New", "Kept");
        string[] compared = [.. _place.Compare(text).Select(Shown)];
        _place.Place.Forget();
        _place.Write(text);
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest -WhatIf");
        Assert.Equal(compared, ManifestFixture.Items(result.Output).Select(Shown));
        Assert.All(ManifestFixture.Items(result.Output), i => Assert.Null(i.Outcome));
        Assert.Equal(["GET"], _place.Place.Requests.Select(r => r.Method).Distinct());
        Assert.Contains("Performing the operation \"Create connection (Open AI, gpt-5.4-mini)\" on target \"New\"", result.Shown, StringComparison.Ordinal);
        Assert.Equal(compared, ManifestFixture.Items(_place.Shell.RunClean("$WhatIfPreference = $true; Sync-Connection $manifest; $WhatIfPreference = $false")).Select(Shown));
        Assert.Empty(_place.Place.Writes);
    }

    [Fact]
    public void AnIncompleteListingIsNoPlan()
    {
        using var place = new ManifestFixture();
        place.Place.Seed("A", "B", "C");
        place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 0, Status = 200, Body = """{ "connections": [{ "connectionId": "cn-1", "connectionName": "A" }], "total": 3 }""" });
        place.Write(OpenAI("New"));
        foreach (string cmdlet in new[] { "Compare-Connection", "Sync-Connection" })
        {
            ShellResult result = place.Shell.Run($"{cmdlet} $manifest");
            Assert.Equal(["KoreUnexpectedResponse"], result.ErrorIds);
            Assert.Contains("reports 3 connections but returned only 1", result.AllErrors[0].ToString(), StringComparison.Ordinal);
            Assert.Empty(result.Output);
        }

        Assert.Empty(place.Place.Writes);
    }

    [Fact]
    public void WhatCannotBeReadStopsTheSyncAndLeavesAHoleInTheComparison()
    {
        IReadOnlyList<string> ids = _place.Place.Seed("A", "B");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = ids[0], Times = 0, Status = 404 });
        _place.Write(OpenAI("A", "B", "New"));
        ShellResult sync = _place.Shell.Run("Sync-Connection $manifest");
        Assert.Equal(["KoreConnectionNotFound"], sync.ErrorIds);
        Assert.Equal("A", sync.AllErrors[0].TargetObject);
        Assert.Empty(sync.Output);
        Assert.Empty(_place.Place.Writes);
        ShellResult compare = _place.Shell.Run("Compare-Connection $manifest");
        Assert.Equal(["KoreConnectionNotFound"], compare.ErrorIds);
        Assert.Equal(["New", "B"], ManifestFixture.Items(compare.Output).Select(i => i.Name));
    }

    [Fact]
    public void AFailureIsAnErrorAndAnOutcome()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "POST", Skip = 1, Times = 1, Status = 400, Body = """{ "error": { "code": "VALIDATION_ERROR", "message": "no" } }""" });
        _place.Write(OpenAI("A", "B", "C"));
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest -ThrottleLimit 1");
        Assert.Equal(["KoreInvalidRequest"], result.ErrorIds);
        Assert.Equal("B", result.AllErrors[0].TargetObject);
        IReadOnlyList<ConnectionPlanItem> items = ManifestFixture.Items(result.Output);
        Assert.Equal([SyncOutcome.Done, SyncOutcome.Failed, SyncOutcome.Done], items.Select(i => i.OutcomeValue!.Value));
        Assert.Equal("KoreInvalidRequest", items[1].Error!.ErrorId);
        Assert.Equal([SyncOutcome.Unchanged, SyncOutcome.Done, SyncOutcome.Unchanged], _place.Sync(OpenAI("A", "B", "C")).OrderBy(i => i.Name).Select(i => i.OutcomeValue!.Value));
    }

    [Fact]
    public void UnderErrorActionStopWhatWasDoneIsEmittedFirst()
    {
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "POST", Skip = 1, Times = 1, Status = 400 });
        _place.Write(OpenAI("A", "B", "C"));
        ShellResult result = _place.Shell.Run("$done = [System.Collections.Generic.List[object]]::new(); try { Sync-Connection $manifest -ThrottleLimit 1 -ErrorAction Stop | ForEach-Object { $done.Add($_) } } catch { }; $done");
        Assert.Equal([("A", SyncOutcome.Done), ("B", SyncOutcome.Failed)], ManifestFixture.Items(result.Output).Select(i => (i.Name!, i.OutcomeValue!.Value)));
        Assert.Equal(2, _place.Place.Writes.Count);
        Assert.Contains("Because the command ends here, nothing was changed for 'C'.", result.Streams.Warning.Select(w => w.Message));
    }

    /// <summary>What is answered once nothing can be read any more may have been made.</summary>
    [Theory]
    [InlineData(504, null, SyncOutcome.Unconfirmed)]
    [InlineData(500, null, SyncOutcome.Unconfirmed)]
    [InlineData(200, "<html>", SyncOutcome.Unconfirmed)]
    [InlineData(409, null, SyncOutcome.Failed)]
    public void UnderErrorActionStopWhatMayHaveBeenMadeIsUnconfirmed(int status, string? body, SyncOutcome outcome)
    {
        _place.Shell.RunClean("'a', 'b', 'c' | ForEach-Object { New-Connection -CustomApi -Name $_ -EndpointUrl https://old.example.com -Payload @{ p = 1 } -OutputPath x }");
        string first = (string)_place.Shell.RunClean("Get-Connection a")[0].Properties["ConnectionId"].Value;
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = first, Status = 400, DelayMilliseconds = 400 });
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Times = 0, Status = status, Body = body, DelayMilliseconds = 1500, AfterWork = true });
        _place.Write("connections:\n" + string.Concat("abc".Select(n => $"  - {{ provider: API, name: {n}, endpointUrl: https://new.example.com, payload: {{ p: 1 }}, outputPath: x }}\n")));
        ShellResult result = _place.Shell.Run("$done = [System.Collections.Generic.List[object]]::new(); try { Sync-Connection $manifest -ErrorAction Stop | ForEach-Object { $done.Add($_) } } catch { }; $done");
        Assert.Equal([("a", SyncOutcome.Failed), ("b", outcome), ("c", outcome)], ManifestFixture.Items(result.Output).Select(i => (i.Name!, i.OutcomeValue!.Value)));
    }

    [Fact]
    public async Task WhatIsAnsweredAfterAStopIsUnknownOrRefused()
    {
        _place.Shell.RunClean("'a', 'b' | ForEach-Object { New-Connection -CustomApi -Name $_ -EndpointUrl https://old.example.com -Payload @{ p = 1 } -OutputPath x }");
        string refused = (string)_place.Shell.RunClean("Get-Connection a")[0].Properties["ConnectionId"].Value;
        _place.Place.Forget();
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Path = refused, Status = 409, DelayMilliseconds = 1500 });
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 504, DelayMilliseconds = 1500, AfterWork = true });
        _place.Write("connections:\n" + string.Concat("ab".Select(n => $"  - {{ provider: API, name: {n}, endpointUrl: https://new.example.com, payload: {{ p: 1 }}, outputPath: x }}\n")));
        await _place.Shell.RunAndStopAsync("Sync-Connection $manifest", () => _place.Place.Writes.Count == 2);
        Assert.Contains("Change 'a': failed. ", _place.Shell.Host.Shown, StringComparison.Ordinal);
        Assert.Contains("Change 'b': unknown. ", _place.Shell.Host.Shown, StringComparison.Ordinal);
        Assert.Contains("Check the connection and its ModifiedOn with Get-Connection", _place.Shell.Host.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void AConnectionThatSomeoneMadeMeanwhileIsAConflict()
    {
        _place.Place.Seed("A");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Times = 1, Status = 200, Body = """{ "connections": [], "total": 0 }""" });
        _place.Write(OpenAI("A"));
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest");
        Assert.Equal(["KoreConflict"], result.ErrorIds);
        Assert.Contains("Run Sync-Connection again", result.AllErrors.Single().ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(SyncOutcome.Failed, Assert.Single(ManifestFixture.Items(result.Output)).OutcomeValue);
    }

    [Theory]
    [InlineData("POST", 409, "A connection with this name already exists", true)]
    [InlineData("POST", 409, "Connection limit reached", false)]
    [InlineData("POST", 400, "The name is reserved", false)]
    [InlineData("PATCH", 409, "A connection with this name already exists", false)]
    public void OnlyACreateThatMeetsItsNameWasMadeMeanwhile(string method, int status, string message, bool isMade)
    {
        _place.Shell.RunClean(method == "POST" ? "" : "New-Connection -CustomApi -Name a -EndpointUrl https://old.example.com -Payload @{ p = 1 } -OutputPath x");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = method, Status = status, Body = $$"""{ "error": { "message": "{{message}}" } }""" });
        _place.Write("connections: [{ provider: API, name: a, endpointUrl: https://new.example.com, payload: { p: 1 }, outputPath: x }]\n");
        string action = _place.Shell.Run("Sync-Connection $manifest").AllErrors.Single().ErrorDetails.RecommendedAction;
        Assert.Equal(isMade, action.Contains("Run Sync-Connection again", StringComparison.Ordinal));
    }

    [Fact]
    public void DecliningSkips()
    {
        // The choices are yes, yes to all, no, no to all.
        _place.Shell.Host.Answers.Enqueue(0);
        _place.Shell.Host.Answers.Enqueue(2);
        Assert.Equal([("A", SyncOutcome.Done), ("B", SyncOutcome.Skipped)], _place.Sync(OpenAI("A", "B"), "-Confirm").Select(i => (i.Name!, i.OutcomeValue!.Value)));
        Assert.Single(_place.Place.Writes);
    }

    [Theory]
    [InlineData("-Name New1", "New1")]
    [InlineData("-Name New*, other", "New1 New2 Other")]
    [InlineData("-Name 'New[1]'", "New1")]
    [InlineData("-Name none*", "")]
    [InlineData("-Provider anthropic", "New2")]
    [InlineData("-Provider OpenAI -Name *e*", "New1 Kept Other")]
    public void NameAndProviderNarrow(string arguments, string names)
    {
        _place.Place.Seed("Kept", "Other");
        string text = OpenAI("New1", "Kept") + "  - { provider: Anthropic, name: New2, model: m, apiKey: env:KORE_TEST_KEY }\n";
        Assert.Equal(names, string.Join(" ", _place.Compare(text, arguments).Select(i => i.Name)));
        _place.Sync(text, arguments);
        Assert.Equal(names.Split(' ').Count(n => n.StartsWith("New", StringComparison.Ordinal)), _place.Place.Writes.Count);
    }

    [Theory]
    [InlineData("-Name none", "KoreConnectionNotFound")]
    [InlineData("-Name ''", "KoreInvalidInput")]
    [InlineData("-Provider x", "KoreInvalidInput")]
    public void WhatNarrowsHasToBeSomething(string arguments, string errorId)
    {
        _place.Write(OpenAI("A"));
        ShellResult result = _place.Shell.Run($"Sync-Connection $manifest {arguments}");
        Assert.Equal([errorId], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Empty(_place.Place.Writes);
    }

    [Fact]
    public void TheSummaryIsInformationThatNobodyHasToSee()
    {
        _place.Place.Seed("Kept", "Other");
        _place.Write(OpenAI("New", "Kept"));
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest");
        Assert.Equal("", result.Shown);
        Assert.Equal(["1 to create, 1 in sync, 1 unmanaged.", "1 done, 0 failed, 0 skipped, 2 unchanged."], result.Streams.Information.Select(i => i.ToString()));
    }

    [Fact]
    public void FromOnePlatformToAnother()
    {
        using SandboxServer other = SandboxServer.Start();
        _place.Shell.Set("other", Shell.Secure(other.Keys.Issue())).Set("address", other.BaseUri.AbsoluteUri);
        _place.Shell.RunClean("$prod = Connect-KorePlatform $address $other -SkipVerification -PassThru");
        _place.Place.Seed("A", "B");
        _place.Shell.RunClean("Export-Connection -Path $folder/c.yaml -Session $session");
        ManifestFixture.SetKeys(System.IO.File.ReadAllText(System.IO.Path.Combine(_place.Folder, "c.yaml")));
        _place.Place.Forget();
        Assert.All(ManifestFixture.Items(_place.Shell.RunClean("Sync-Connection $folder/c.yaml -Session $prod")), i => Assert.Equal(SyncOutcome.Done, i.OutcomeValue));
        Assert.Empty(_place.Place.Requests);
        Assert.Equal(["A", "B"], _place.Shell.RunClean("Get-Connection -Session $prod | ForEach-Object ConnectionName").Select(n => n.ToString()).Order());
    }

    [Theory]
    [InlineData("good", SyncOutcome.Done, "")]
    [InlineData("bad", SyncOutcome.Failed, "KoreInvalidInput")]
    public void VerifyKeyAsksTheProviderFirst(string situation, object outcome, string errorId)
    {
        using var provider = new FakeProviders();
        string variable = $"KORE_TEST_VERIFY_{situation.ToUpperInvariant()}";
        Environment.SetEnvironmentVariable(variable, FakeProviders.Key(situation));
        _place.Place.Seed("Kept");
        _place.Write(OpenAI("New", "Kept").Replace("KORE_TEST_KEY", variable, StringComparison.Ordinal));
        ShellResult result = _place.Shell.Run($"Sync-Connection $manifest -VerifyKey -ProviderUri {provider.BaseUri}");
        Assert.Equal(errorId, string.Join(",", result.ErrorIds));
        Assert.Equal([outcome, SyncOutcome.Unchanged], ManifestFixture.Items(result.Output).Select(i => (object)i.OutcomeValue!.Value));
        // What is in sync brings no key, so nobody is asked about it.
        Assert.Single(provider.Requests);
        Assert.Equal(situation == "good" ? 1 : 0, _place.Place.Writes.Count);
    }

    [Fact]
    public void WhatIfAsksNoProvider()
    {
        using var provider = new FakeProviders();
        _place.Write(OpenAI("New"));
        _place.Shell.RunClean($"Sync-Connection $manifest -VerifyKey -ProviderUri {provider.BaseUri} -WhatIf");
        Assert.Empty(provider.Requests);
    }

    [Theory]
    [InlineData("-ProviderUri https://gateway.example.com")]
    [InlineData("-VerifyKey -ProviderUri http://gateway.example.com")]
    [InlineData("-VerifyKey -ProviderUri ''")]
    public void AGatewayHasToBeOne(string arguments)
    {
        _place.Write(OpenAI("New"));
        Assert.Equal(["KoreInvalidInput"], _place.Shell.Run($"Sync-Connection $manifest {arguments}").ErrorIds);
        Assert.Empty(_place.Place.Requests);
    }

    [Fact]
    public void NoKeyIsShownAnywhere()
    {
        _place.Place.Seed("A");
        _place.Shell.RunClean("New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Payload @{ api_key = 'other' } -OutputPath x");
        _place.Write(OpenAI("A", "B") + "  - { provider: API, name: Own, endpointUrl: https://llm.example.com, payload: { api_key: \"${env:KORE_TEST_KEY}\", token: [\"${env:KORE_TEST_KEY}\"] }, outputPath: x }\n");
        ShellResult result = _place.Shell.Run("Sync-Connection $manifest -Verbose -Debug -WhatIf; Sync-Connection $manifest -Verbose -Debug");
        string all = string.Join("\n", result.Output.Select(o => PSSerializer.Serialize(o, 5))
            .Concat(result.Streams.Verbose.Select(v => v.Message)).Concat(result.Streams.Debug.Select(d => d.Message)).Concat(result.Streams.Information.Select(i => i.ToString())).Append(result.Shown));
        Assert.DoesNotContain("0123456789abcdef", all, StringComparison.Ordinal);
        Assert.Contains(ManifestFixture.Items(result.Output), i => i is { Name: "Own", ActionValue: PlanAction.Update, OutcomeValue: SyncOutcome.Done });
    }

    private static string OpenAI(params string[] names) =>
        "connections:\n" + string.Concat(names.Select(n => $"  - {{ provider: OpenAI, name: {n}, model: gpt-5.4-mini, apiKey: env:KORE_TEST_KEY }}\n"));

    private static string Shown(ConnectionPlanItem item) => $"{item} {item.ConnectionId} {item.KeyState} {item.Reason} {item.Line}";
}
