namespace KoreConnections.Tests.Keys;

/// <summary>Test-ConnectionKey: what it takes, what is read first, what comes out.</summary>
public sealed class TestConnectionKeyTests : RotationTestBase
{
    public TestConnectionKeyTests() : base("-RetryIntervalSec 0")
    {
        Shell.Set("gateway", _provider.BaseUri.AbsoluteUri);
        Shell.Set("good", Shell.Secure(FakeProviders.Key("good")));
        Shell.RunClean("$azure = @{ ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-08-01-preview' }; $custom = @{ EndpointUrl = \"${gateway}own\"; Payload = @{ prompt = '{{prompt}}' }; OutputPath = 'content[0].text' }");
    }

    [Theory]
    [InlineData("-OpenAI -Model gpt-4o -ApiKey $good", "Open AI")]
    [InlineData("-Anthropic -Model claude-3-5-haiku-20241022 -ApiKey $good", "Anthropic")]
    [InlineData("-AzureOpenAI -Model GPT-4o -ApiKey $good @azure", "Azure Open AI")]
    [InlineData("-CustomApi -Model any -Header @{ 'x-api-key' = $good } @custom", "API")]
    [InlineData("-CustomApi -EndpointUrl \"${gateway}v1/messages\" -Header @{ 'x-api-key' = $good } -MapProvider anthropicModel", "API")]
    public void EachProviderHasItsSet(string arguments, string provider)
    {
        string gateway = arguments.StartsWith("-CustomApi", StringComparison.Ordinal) ? "" : "-ProviderUri $gateway";
        KeyTestResult result = One($"Test-ConnectionKey {arguments} {gateway} -Name Mine");
        Assert.Equal((KeyVerdict.Valid, provider, "Mine"), (result.VerdictValue, result.Provider, result.ConnectionName));
        Assert.Empty(_place.Requests);
    }

    [Fact]
    public void APlanIsTestedWithTheKeysThatTheManifestRefersTo()
    {
        string manifest = Path.Combine(_folder.FullName, "connections.yaml");
        Environment.SetEnvironmentVariable("KORE_TEST_PLAN_GOOD", FakeProviders.Key("good"));
        Environment.SetEnvironmentVariable("KORE_TEST_PLAN_BAD", FakeProviders.Key("bad"));
        File.WriteAllText(manifest, """
            connections:
              - { name: New, provider: OpenAI, model: gpt-4o, apiKey: env:KORE_TEST_PLAN_BAD }
              - { name: There, provider: OpenAI, model: gpt-4o, apiKey: env:KORE_TEST_PLAN_GOOD }
            """);
        Shell.Set("manifest", manifest);
        Shell.RunClean("New-Connection -OpenAI -Name There -Model gpt-4o -ApiKey $good; New-Connection -OpenAI -Name Unmanaged -Model gpt-4o -ApiKey $bad");
        KeyTestResult[] results = Many("Compare-Connection $manifest | Test-ConnectionKey -ProviderUri $gateway");
        Assert.Equal([("New", KeyVerdict.InvalidKey, false), ("There", KeyVerdict.Valid, true)], results.Select(r => (r.ConnectionName, r.VerdictValue, r.ConnectionId is not null)));
    }

    [Theory]
    [InlineData("$id | Test-ConnectionKey -Header @{ 'x-api-key' = $plain } -ProviderUri $gateway")]
    [InlineData("Set-Connection $id -Header @{ 'x-api-key' = $plain }")]
    [InlineData("Set-Connection $id -Header @{ 'x-api-key' = $plain } -WhatIf")]
    [InlineData("Set-Connection $id -EndpointUrl https://x.example.com -Header @{ 'x-api-key' = $plain } -MapProvider openAIModel -Feature streaming -Name N -Replace")]
    [InlineData("Compare-Connection $manifest")]
    [InlineData("Sync-Connection $manifest")]
    [InlineData("Find-ConnectionIssue -ManifestPath $manifest")]
    [InlineData("Export-ConnectionReport ($manifest + '.html') -ManifestPath $manifest")]
    [InlineData("New-Connection -OpenAI -Name New -Model gpt-5.5 -ApiKey $plain -IfNotExists")]
    public void TheReadingThatComesFirstRepeatsNoKeyEither(string script)
    {
        string manifest = Path.Combine(_folder.FullName, "own.yaml");
        // Nothing in its look gives it away.
        const string Plain = "Correct7Horse9Battery";
        Environment.SetEnvironmentVariable("KORE_TEST_PLAN_PLAIN", Plain);
        Shell.Set("plain", Shell.Secure(Plain));
        File.WriteAllText(manifest, "connections: [{ provider: OpenAI, name: New, model: gpt-5.5, apiKey: env:KORE_TEST_PLAN_PLAIN }]\n");
        Shell.Set("manifest", manifest);
        Shell.RunClean("$id = (New-Connection -CustomApi -Name Own -Header @{ 'x-api-key' = $plain } @custom).ConnectionId");
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Status = 400, Times = 0, Body = $$$"""{"error":{"message":"The stored key {{{Plain}}} is in use"}}""" });
        ShellResult result = Shell.Run(script);
        Assert.Contains("The stored key", string.Concat(result.AllErrors), StringComparison.Ordinal);
        Assert.DoesNotContain(Plain, string.Concat(result.AllErrors), StringComparison.Ordinal);
    }

    [Fact]
    public void AListedConnectionIsReadFirstWhereAListTellsTooLittle()
    {
        Shell.RunClean("New-Connection -AzureOpenAI -Name A -Model GPT-4o -ApiKey $bad @azure; New-Connection -OpenAI -Name O -Model gpt-4o -ApiKey $bad");
        _place.Forget();
        KeyTestResult[] results = Many("Get-Connection | Test-ConnectionKey -ApiKey $good -ProviderUri $gateway");
        Assert.Equal([("A", KeyVerdict.Valid), ("O", KeyVerdict.Valid)], results.Select(r => (r.ConnectionName, r.VerdictValue)));
        Assert.All(results, r => Assert.StartsWith("cn-", r.ConnectionId, StringComparison.Ordinal));
        Assert.Equal(2, _place.Requests.Count); // the list, and Azure's fields
    }

    [Theory]
    [InlineData("$id | Test-ConnectionKey -ApiKey $good")]
    [InlineData("Test-ConnectionKey $id -ApiKey $good")]
    [InlineData("Test-ConnectionKey -ConnectionId $id -ApiKey $good")]
    [InlineData("@{ ConnectionId = $id } | Test-ConnectionKey -ApiKey $good")]
    [InlineData("[pscustomobject]@{ ConnectionId = $id; ApiKey = 'env:KORE_TEST_GOOD' } | Test-ConnectionKey")]
    [InlineData("Get-Connection -ConnectionId $id | Test-ConnectionKey -ApiKey $good")]
    [InlineData("@{ Provider = 'openai'; Model = 'gpt-4o'; ApiKey = $good } | Test-ConnectionKey")]
    public void ItTakesConnectionsIdsAndRows(string script)
    {
        Environment.SetEnvironmentVariable("KORE_TEST_GOOD", FakeProviders.Key("good"));
        Shell.Set("id", _place.Seed("Seeded")[0]);
        Assert.Equal(KeyVerdict.Valid, One($"{script} -ProviderUri $gateway").VerdictValue);
    }

    [Fact]
    public void ACustomApiIsCalledWithWhatThePlatformHasOfIt()
    {
        Shell.RunClean("$id = (New-Connection -CustomApi -Name C @custom -Header @{ 'x-api-key' = $bad; 'x-note' = 'plain' } -InputTokensPath usage.input_tokens -PromptVariable @{ name = 'prompt'; defaultValue = 'Say hello' }).ConnectionId");
        KeyTestResult result = One("$id | Test-ConnectionKey -Header @{ 'x-api-key' = $good; 'x-note' = 'plain' }");
        Assert.Equal(("You asked: Say hello", 7L), (result.Output, result.InputTokens!.Value));
        Assert.Equal("plain", _provider.Requests.Single().Headers["x-note"]);
    }

    [Fact]
    public void AHeaderThatCannotBeSentIsItsItemsError()
    {
        Environment.SetEnvironmentVariable("KORE_TEST_GOOD", FakeProviders.Key("good"));
        Shell.RunClean("$rows = 'Content-Length', 'x-fine', 'Connection', 'Content-Type' | ForEach-Object { @{ Provider = 'API'; Name = $_; Header = @{ Authorization = 'Bearer env:KORE_TEST_GOOD'; $_ = 'application/json' } } + $custom }");
        AssertEach(Shell.Run("$rows | Test-ConnectionKey"), "Test");
        Shell.RunClean("$made = $rows | New-Connection");
        AssertEach(Shell.Run("$made | ForEach-Object { @{ ConnectionId = $_.ConnectionId; Header = @{ Authorization = 'Bearer env:KORE_TEST_GOOD'; $_.ConnectionName = 'application/json' } } } | Update-ConnectionKey"), "Update");
        string manifest = Path.Combine(_folder.FullName, "connections.json");
        Shell.Set("manifest", manifest);
        Shell.RunClean("@{ connections = @($rows | ForEach-Object { @{ name = \"New $($_.Name)\"; provider = 'API'; endpointUrl = $_.EndpointUrl; header = $_.Header; payload = $_.Payload; outputPath = $_.OutputPath } }) } | ConvertTo-Json -Depth 9 | Set-Content $manifest");
        AssertEach(Shell.Run("Sync-Connection $manifest -VerifyKey"), "Sync");
    }

    [Theory]
    [InlineData("$c | Test-ConnectionKey", "Use -Header")]
    [InlineData("$c | Test-ConnectionKey -ApiKey $good", "Use -Header")]
    [InlineData("$c.ConnectionId | Test-ConnectionKey -ApiKey $good", "Use -Header")]
    [InlineData("$c | Test-ConnectionKey -Header @{ other = 'x' }", "does not include 'x-api-key'")]
    [InlineData("$o | Test-ConnectionKey", "needs a key")]
    [InlineData("$o.ConnectionId | Test-ConnectionKey", "needs a key")]
    [InlineData("Get-Connection -Provider OpenAI | Test-ConnectionKey", "needs a key")]
    [InlineData("'cn-1' | Test-ConnectionKey", "needs a key")]
    [InlineData("@{ a = 1 } | Test-ConnectionKey -ApiKey $good", "neither a ConnectionId nor a Name")]
    [InlineData("5 | Test-ConnectionKey -ApiKey $good", "neither a ConnectionId nor a Name")]
    [InlineData("'no id' | Test-ConnectionKey -ApiKey $good", "is not the id of a connection")]
    [InlineData("'' | Test-ConnectionKey -ApiKey $good", "-ConnectionId is empty")]
    [InlineData("@{ Provider = 'Acme' } | Test-ConnectionKey -ApiKey $good", "'Acme' is not valid")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey ''", "-ApiKey is empty")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey 'sk-***'", "is a mask")]
    [InlineData("Test-ConnectionKey -OpenAI -Model '' -ApiKey $good", "-Model is empty")]
    [InlineData("Test-ConnectionKey -OpenAI:$false -Model m -ApiKey $good", "does not select a provider")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey $good -ProviderUri ''", "-ProviderUri is empty")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey $good -ProviderUri 'ftp://x'", "is not a host")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey $good -ProviderUri 'http://gateway.example.com'", "unencrypted")]
    [InlineData("Test-ConnectionKey -OpenAI -Model m -ApiKey $good -ProviderUri 'https://gateway.example.com?key=1'", "a query")]
    [InlineData("Test-ConnectionKey -AzureOpenAI -Model m -ApiKey $good -ResourceName https://x.openai.azure.com -DeploymentId d -ApiVersion 2024-06-01", "is not a resource name")]
    [InlineData("Test-ConnectionKey -CustomApi -EndpointUrl http://llm.example.com -MapProvider openAIModel -Header @{ a = $good }", "unencrypted")]
    [InlineData("Test-ConnectionKey -CustomApi -EndpointUrl https://llm.example.com -Header @{ a = $good }", "either -Payload and -OutputPath")]
    [InlineData("Test-ConnectionKey -CustomApi -EndpointUrl https://llm.example.com -Payload @{ a = 1 } -Header @{ a = $good }", "-OutputPath is empty")]
    public void WhatIsMissingOrWrongIsSaid(string script, string words)
    {
        Shell.RunClean("$c = New-Connection -CustomApi -Name C @custom -Header @{ 'x-api-key' = $bad }; $o = New-Connection -OpenAI -Name O -Model gpt-4o -ApiKey $bad; $c = $c | Get-Connection; $o = $o | Get-Connection");
        ShellResult result = Shell.Run(script);
        result.AssertRefused(words);
        Assert.Empty(result.Output);
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public void AConnectionThatIsNotThereIsAnError()
    {
        Assert.Equal(["KoreConnectionNotFound"], Shell.Run("'cn-none' | Test-ConnectionKey -ApiKey $good").ErrorIds);
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public void ThePlatformKeyStaysAtThePlatform()
    {
        using var place = new SandboxFixture(new SandboxOptions());
        place.Seed("A");
        place.Shell.Set("good", Shell.Secure(FakeProviders.Key("good")));
        place.Shell.RunClean($"Get-Connection | Test-ConnectionKey -ApiKey $good -ProviderUri {_provider.BaseUri}");
        string platformKey = place.Requests[^1].Headers["x-api-key"];
        Assert.DoesNotContain(_provider.Requests, r => r.Headers.Values.Contains(platformKey) || r.Headers.ContainsKey("x-api-key"));
    }

    private KeyTestResult One(string script) => Assert.Single(Many(script));

    private KeyTestResult[] Many(string script) => Shell.RunClean(script).Select(Result).ToArray();

    // The shell has the module's own copy of the type.
    private static KeyTestResult Result(PSObject o)
    {
        var copy = new KeyTestResult();
        foreach (System.Reflection.PropertyInfo property in typeof(KeyTestResult).GetProperties().Where(p => p.CanWrite))
        {
            property.SetValue(copy, o.Properties[property.Name].Value);
        }

        copy.VerdictValue = Enum.Parse<KeyVerdict>((string)o.Properties["Verdict"].Value);
        return copy;
    }

    private void AssertEach(ShellResult result, string what)
    {
        Assert.Equal(["KoreInvalidInput", "KoreInvalidInput"], result.ErrorIds);
        Assert.All(result.AllErrors, e => Assert.Contains("applies to a single network connection", e.ErrorDetails.Message, StringComparison.Ordinal));
        Assert.Equal((what, 2), (what, _provider.Requests.Count(r => r.Headers["Authorization"] == "Bearer " + FakeProviders.Key("good"))));
        _provider.Requests.Clear();
    }
}
