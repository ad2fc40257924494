namespace KoreConnections.Tests.AsCode;

/// <summary>Test-ConnectionManifest: what is accepted, and what is said of the rest.</summary>
public sealed class ManifestTests : ManifestTestBase
{
    private const string Whole = """
        # A comment.
        $schema: ./connections.schema.json
        version: 1
        x-azure: &azure
          provider: AzureOpenAI
          apiKey: env:KORE_TEST_KEY
          apiVersion: 2024-08-01-preview
          model: GPT-4o
        x-cloud: &cloud { resourceName: contoso }
        connections:
          - provider: OpenAI
            name: Support desk
            model: gpt-4o
            apiKey: ENV:KORE_TEST_KEY
          - { PROVIDER: anthropic, Name: "Contract: review", model: claude, ApiKey: "env:KORE_TEST_KEY" }
          - <<: [*azure, *cloud]
            name: Finance
            model: GPT-5
            deploymentId: 007
          - provider: API
            name: Own
            endpointUrl: https://llm.example.com/${env:KORE_TEST_STAGE}
            header:
              x-api-key: env:KORE_TEST_KEY
              anthropic-version: 2023-06-01
            payload:
              model: in-house
              max_tokens: 1024
              temperature: .5
              stop: null
              messages: [{ role: user, content: "{{prompt}} ${{ pipeline }} $${env:KEPT}" }]
            outputPath: content[0].text
            promptVariable: [prompt, { name: system_prompt, defaultValue: be kind }]
            customVariable: tone
          - provider: api
            name: Gateway
            endpointUrl: https://gateway.example.com
            header:
              - { key: x-api-key, value: env:KORE_TEST_KEY }
            mapProvider: ANTHROPICMODEL
            feature: [streaming, toolcalling]
            ioMapping: textToText
            authorizationProfile: none
            draft: true
            disabled: false
        """;

    public ManifestTests() => Environment.SetEnvironmentVariable("KORE_TEST_STAGE", "stage");

    /// <summary>The properties of a connection to OpenAI but one, and what is said.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "provider: Gogle", "1:27: connections[0].provider: provider 'Gogle' is not valid. Accepted values: Open AI, Azure Open AI, Anthropic, API." },
        { "name: ''", "1:23: connections[0].name: name is empty. Specify a value." },
        { "name: [a]", "1:23: connections[0].name: name is a list. Use a string." },
        { "name: null", "1:23: connections[0].name: name is missing. Specify a value." },
        { "model: {a: b}", "1:24: connections[0].model: model is a table. Use a string." },
        { "apiKey: sk-0123456789abcdef", "1:25: connections[0].apiKey: apiKey must be a reference, not the key itself. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME." },
        { "apiKey: 'sk-***************'", "1:25: connections[0].apiKey: apiKey is a mask, which the platform shows instead of a key. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME." },
        { "apiKey: '${env:KORE_TEST_KEY}'", "1:25: connections[0].apiKey: apiKey uses ${env:…}, which would put the key itself into the manifest. Write env:NAME instead of ${env:NAME}. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME." },
        { "apiKey: 'env:'", "1:25: connections[0].apiKey: apiKey 'env:' does not name anything. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME." },
        { "apiKey: [env:KORE_TEST_KEY]", "1:25: connections[0].apiKey: apiKey is a list. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME." },
        { "apiKey: env:KORE_TEST_NOT_SET", "1:25: connections[0].apiKey: apiKey refers to the environment variable 'KORE_TEST_NOT_SET', which is not set or empty." },
        { "apiKey: secret:/", "1:25: connections[0].apiKey: apiKey 'secret:/' is not a valid reference. Use secret:NAME, secret:VAULT/NAME, or secret:/GROUP/NAME for a name with a slash in the default vault." },
        { "apiKey: azkv:team", "1:25: connections[0].apiKey: apiKey 'azkv:team' is not a valid reference. Use azkv:VAULT/NAME or azkv:VAULT/NAME/VERSION, where VAULT and NAME consist of letters, digits and hyphens." },
        { "apiKey: op://vault/item/field", "1:25: connections[0].apiKey: apiKey is a reference to a secret of 1Password, which cannot be resolved directly. Run Register-KeySource op { param($Name) op read \"op://$Name\" }, and use op:VAULT/ITEM/FIELD." },
        { "apiKey: '@Microsoft.KeyVault(SecretUri=x)'", "1:25: connections[0].apiKey: apiKey is a reference to a secret of Azure App Service, which cannot be resolved directly. Use azkv:VAULT/NAME." },
        { "model: '${env:KORE_TEST_NOT_SET}'", "1:24: connections[0].model: model refers to the environment variable 'KORE_TEST_NOT_SET', which is not set or empty." },
        { "model: '${env:'", "1:24: connections[0].model: model contains '${env:' without a variable name and a closing brace. Use ${env:NAME}. To write the characters themselves, use $${env:." },
        { "modle: gpt-4o", "1:17: connections[0].modle: 'modle' is not a property of Open AI connections. Did you mean model? Accepted names: provider, name, model, apiKey." },
        { "resourceName: contoso", "1:17: connections[0].resourceName: resourceName does not apply to Open AI, only to Azure Open AI." },
        { "name: a, NAME: b", "1:26: connections[0].name: name is given twice, in different case. Keep one of them." },
        { "name: a, name: b", "1:26: connections[0].name: name is given twice, first on line 1. Keep one of them." },
    };

    [Fact]
    public void AWholeManifestHasNoProblem()
    {
        Assert.Empty(_place.Problems(Whole));
        Assert.Empty(_place.Place.Requests);
    }

    [Fact]
    public void ItsValuesAreSentAsTheParametersWouldBe()
    {
        _place.Sync(Whole);
        string bodies = string.Join("\n", _place.Place.Writes.Select(w => w.Body));
        Assert.Contains("\"deployment_id\":\"007\"", bodies, StringComparison.Ordinal);
        Assert.Contains("\"your_resource_name\":\"contoso\"", bodies, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"GPT-5\"", bodies, StringComparison.Ordinal);
        Assert.Contains("\"endpointUrl\":\"https://llm.example.com/stage\"", bodies, StringComparison.Ordinal);
        Assert.Contains("{\"key\":\"anthropic-version\",\"value\":\"2023-06-01\"}", bodies, StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\":1024,\"temperature\":0.5,\"stop\":null", bodies, StringComparison.Ordinal);
        Assert.Contains("{{prompt}} ${{ pipeline }} ${env:KEPT}", bodies, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"DRAFT\"", bodies, StringComparison.Ordinal);
        Assert.Equal(5, _place.Place.Writes.Count);
    }

    [Theory, MemberData(nameof(Values))]
    public void WhatIsWrongIsSaid(string property, string problem)
    {
        string name = property.Split(':')[0];
        string[] others = [.. new[] { "provider: OpenAI", "name: n", "model: m", "apiKey: env:KORE_TEST_KEY" }.Where(o => o.Split(':')[0] != name && !(name == "modle" && o == "model: m"))];
        Assert.Equal(["connections.yaml:" + problem], _place.Problems($"connections: [{{ {property}, {string.Join(", ", others)} }}]\n"));
    }

    [Theory]
    [InlineData("", "1:1: The file is empty. A manifest needs a list named connections.")]
    [InlineData("# nothing\n", "1:1: The file is empty. A manifest needs a list named connections.")]
    [InlineData("- a\n", "1:1: The file is a list. A manifest is a table with a list named connections.")]
    [InlineData("x-a: 1\n", "1:1: The file has no list named connections. Add one.")]
    [InlineData("name: app\nversion: 1.0.3\nscripts: { a: b }\n", "1:1: The file has no list named connections. Add one.")]
    [InlineData("conections: []\nconnections: []\n", "1:1: conections: 'conections' is not a property of a manifest. Did you mean connections? Accepted names: connections, version, $schema, and any name that begins with x-, to hold anchors.")]
    [InlineData("version: 2\nconnections: []\n", "1:10: version: version is '2'. This module supports version 1. Update the module, or correct the version.")]
    [InlineData("connections: text\n", "1:14: connections: connections is a string. Use a list of tables, each with provider, name and the properties of that provider.")]
    [InlineData("connections: [text]\n", "1:15: connections[0]: This is a string. Use a table with provider, name and the properties of that provider.")]
    public void TheFrameIsChecked(string text, string problem) => Assert.Equal(["connections.yaml:" + problem], _place.Problems(text));

    [Theory]
    [InlineData("apiKey: ${env:KORE_TEST_KEY}", "1:25", "${env:NAME}")]
    [InlineData("model: v-${env:KORE_TEST_STAGE}-x", "1:26", "${env:NAME}")]
    [InlineData("feature: [chat, ${env:KORE_TEST_STAGE}]", "1:33", "${env:NAME}")]
    [InlineData("header: { Authorization: Bearer ${env:KORE_TEST_KEY}, a: b }", "1:49", "${env:NAME}")]
    [InlineData("x: 1,\n    apiKey: $${env:X}", "2:14", "${env:NAME}")]
    [InlineData("payload: { a: say {{prompt}} }", "1:35", "{{prompt}}")]
    [InlineData("payload: [ask: {b: x{c}}]", "1:37", "{{prompt}}")]
    public void ABraceInsideBracesIsExplained(string property, string place, string example) => Assert.Equal(
        [$"connections.yaml:{place}: Between {{ }} or [ ], quote strings that contain a brace: \"{example}\". Or put each value on its own line."],
        _place.Problems($"connections: [{{ {property} }}]\n"));

    [Theory]
    [InlineData("provider: OpenAI, name: n, model: '${env:KORE_TEST_NOT_SET}', apiKey: env:KORE_TEST_KEY")]
    [InlineData("provider: OpenAI, name: '${env:KORE_TEST_NOT_SET}', model: m, apiKey: env:KORE_TEST_KEY")]
    [InlineData("provider: OpenAI, name: n, model: m, apiKey: '${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: OpenAI, name: n, model: m, apiKey: 'env:${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: OpenAI, name: n, model: m, apiKey: 'file:${env:KORE_TEST_NOT_SET}/key'")]
    [InlineData("provider: '${env:KORE_TEST_NOT_SET}', name: n, model: m, apiKey: env:KORE_TEST_KEY")]
    [InlineData("provider: '${env:KORE_TEST_NOT_SET}', name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: a")]
    [InlineData("provider: AzureOpenAI, name: n, model: m, apiKey: env:KORE_TEST_KEY, resourceName: '${env:KORE_TEST_NOT_SET}', deploymentId: d, apiVersion: 2024-06-01")]
    [InlineData("provider: AzureOpenAI, name: n, model: m, apiKey: env:KORE_TEST_KEY, resourceName: r1, deploymentId: d, apiVersion: '${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://${env:KORE_TEST_NOT_SET}/x', payload: { a: '{{prompt}}' }, outputPath: a")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: '${env:KORE_TEST_NOT_SET}', outputPath: a")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: '${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: a, header: { x-api-key: 'env:${env:KORE_TEST_NOT_SET}' }")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: a, header: { Authorization: 'Bearer ${env:KORE_TEST_NOT_SET}' }")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', mapProvider: '${env:KORE_TEST_NOT_SET}', feature: [streaming]")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', mapProvider: ANTHROPICMODEL, feature: ['${env:KORE_TEST_NOT_SET}']")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', mapProvider: ANTHROPICMODEL, feature: '${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: a, draft: '${env:KORE_TEST_NOT_SET}'")]
    [InlineData("provider: API, name: n, endpointUrl: 'https://h/x', payload: { a: '{{prompt}}' }, outputPath: a, customVariable: [{ name: '${env:KORE_TEST_NOT_SET}' }]")]
    public void AVariableThatIsNotSetIsOneProblem(string connection)
    {
        string problem = Assert.Single(_place.Problems($"connections: [{{ {connection} }}]\n"));
        Assert.Contains("'KORE_TEST_NOT_SET', which is not set or empty", problem, StringComparison.Ordinal);
        Assert.Single(_place.Problems("connections: ['${env:KORE_TEST_NOT_SET}']\n"));
        Assert.Single(_place.Problems("connections: '${env:KORE_TEST_NOT_SET}'\n"));
    }

    [Theory]
    [InlineData("connections: []\n")]
    [InlineData("connections:\n")]
    [InlineData("version: 1\nconnections:\n  # - all commented out\n")]
    public void AnEmptyListIsAManifest(string text) => Assert.Empty(_place.Problems(text));

    [Fact]
    public void NamesAreUniqueOverAllFiles()
    {
        const string One = "connections: [{ provider: OpenAI, name: Twin, model: m, apiKey: env:KORE_TEST_KEY }]\n";
        _place.Write(One, "a.yaml");
        _place.Write(One, "b.yml");
        _place.Write("{\"connections\":[{\"provider\":\"OpenAI\",\"name\":\"third\",\"model\":\"m\",\"apiKey\":\"env:KORE_TEST_KEY\"}]}", "c.json");
        _place.Write("{ \"type\": \"object\" }", "connections.schema.json");
        _place.Write("not a manifest", "readme.txt");
        string problem = $"{Path.Combine(_place.Folder, "b.yml")}:1:41: connections[0].name: 'Twin' is already defined at {Path.Combine(_place.Folder, "a.yaml")}:1:41. Names must be unique in an account.";
        foreach (string script in new[] { "Test-ConnectionManifest $folder", "Test-ConnectionManifest $folder/*", "Test-ConnectionManifest $folder/*.y*", "'a.yaml', 'b.yml' | ForEach-Object { \"$folder/$_\" } | Test-ConnectionManifest", "Test-ConnectionManifest -Path $folder/a.yaml, $folder/b.yml, $folder/a.yaml" })
        {
            Assert.Equal([problem], _place.Shell.RunClean(script).Select(p => p.ToString()));
        }
    }

    [Fact]
    public void FilesOfAListingArePiped()
    {
        _place.Write("connections: text\n", "a [1].yaml");
        _place.Shell.Set("files", new DirectoryInfo(_place.Folder).GetFiles());
        Assert.Single(_place.Shell.RunClean("$files | Test-ConnectionManifest"));
        Assert.Single(_place.Shell.RunClean("Test-ConnectionManifest \"$folder/a [1].yaml\""));
    }

    [Theory]
    [InlineData("$folder/none.yaml")]
    [InlineData("$folder")]
    [InlineData("$folder/*.yaml")]
    [InlineData("$folder/[")]
    [InlineData("''")]
    [InlineData("env:")]
    [InlineData("nosuchdrive:/x.yaml")]
    public void APathWithoutAManifestIsAnError(string path)
    {
        _place.Write("x", "notes.txt");
        ShellResult result = _place.Shell.Run($"Test-ConnectionManifest {path}");
        Assert.Equal(["KoreInvalidInput"], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Equal([false], _place.Shell.Run($"Test-ConnectionManifest {path} -Quiet").Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void AnotherEndingIsAProblem() =>
        Assert.Equal(["notes.txt:1:1: The file extension does not identify a format. Use one of .yaml, .yml, .json."], _place.Problems("connections: []", "notes.txt"));

    [Fact]
    public void ItNeedsNoSessionAndOpensNoVault()
    {
        using var shell = new Shell();
        _place.Write("connections: [{ provider: OpenAI, name: n, model: m, apiKey: secret:vault/name }]\n");
        shell.Set("manifest", _place.Shell.Get("manifest"));
        Assert.Empty(shell.RunClean("Test-ConnectionManifest $manifest"));
    }

    [Fact]
    public void FilesOfKeysStandBesideTheManifest()
    {
        Directory.CreateDirectory(Path.Combine(_place.Folder, "keys"));
        File.WriteAllText(Path.Combine(_place.Folder, "keys", "openai"), ManifestFixture.Key + "\n");
        Assert.Empty(_place.Problems("connections: [{ provider: OpenAI, name: n, model: m, apiKey: file:keys/openai }]\n"));
        string problem = Assert.Single(_place.Problems("connections: [{ provider: OpenAI, name: n, model: m, apiKey: file:keys/none }]\n"));
        Assert.StartsWith("connections.yaml:1:62: connections[0].apiKey: apiKey refers to the file 'keys/none', which cannot be read", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void OtherEncodingsAndLineEndsAreRead(string encoding)
    {
        string path = _place.Write("");
        File.WriteAllText(path, Whole.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("Support desk", "Hilfe für 日本 😀", StringComparison.Ordinal), Encoding.GetEncoding(encoding));
        Assert.Empty(_place.Shell.RunClean("Test-ConnectionManifest $manifest"));
    }

    [Theory]
    [InlineData("*hunter2Battery9Correct")]
    [InlineData("!hunter2Battery9Correct x")]
    public void AKeyThatYamlReadsAsItsOwnIsNotRepeated(string key) =>
        Assert.DoesNotContain("hunter2", string.Concat(_place.Problems($"connections: [{{ provider: OpenAI, name: n, model: m, apiKey: {key} }}]\n")), StringComparison.Ordinal);

    [Fact]
    public void JsonHasPlacesToo()
    {
        IReadOnlyList<string> problems = _place.Problems("""
            {
              "connections": [
                { "provider": "OpenAI", "näme": "日本", "model": "m", "apiKey": "sk-0123456789abcdef" },
                { "provider": "API", "name": "c", "name": "d",
                  "endpointUrl": 5, "payload": [], "outputPath": "x" }
              ]
            }
            """, "c.json");
        Assert.Equal(
            [
                "c.json:3:29: connections[0].näme: 'näme' is not a property of Open AI connections. Did you mean name? Accepted names: provider, name, model, apiKey.",
                "c.json:3:67: connections[0].apiKey: apiKey must be a reference, not the key itself. Use a reference: env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME.",
                "c.json:4:39: connections[1].name: name is given twice, first on line 4. Keep one of them.",
                "c.json:5:22: connections[1].endpointUrl: endpointUrl is not an absolute http or https address. Use an address such as https://api.example.com/v1/chat.",
                "c.json:5:36: connections[1].payload: payload is a list. Use a table, or a string that contains a JSON object.",
            ],
            problems);
    }

    [Theory]
    [InlineData("{ \"connections\": [ }", 1, 20)]
    [InlineData("{\n  \"connections\": [],\n}", 3, 1)]
    [InlineData("{\n \"ä\": x }", 2, 7)]
    [InlineData("{ \"connections\": [] } {}", 1, 23)]
    [InlineData("{ // no comments\n}", 1, 3)]
    public void BrokenJsonIsAProblemWithItsPlace(string text, int line, int column) =>
        Assert.StartsWith($"c.json:{line}:{column}: This is not valid JSON. ", Assert.Single(_place.Problems(text, "c.json")), StringComparison.Ordinal);
}
