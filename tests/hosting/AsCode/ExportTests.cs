using System.Collections.Specialized;

namespace KoreConnections.Tests.AsCode;

/// <summary>Export-Connection: what is written, and that nothing is lost by writing it.</summary>
public sealed class ExportTests : ManifestTestBase
{
    [Fact]
    public void EachShapeIsWrittenToBeReadByPeople()
    {
        CreateOneOfEach();
        Assert.Equal(
            """
            # Connections of the Kore.ai Agent Platform. Review changes, then use Compare-Connection and Sync-Connection.
            # Do not put keys here. Use references: env:NAME, file:PATH, azkv:VAULT/NAME.
            version: 1
            connections:
              - provider: Anthropic
                name: "Contract: review"
                model: claude-3-5-haiku-20241022
                apiKey: env:KORE_KEY_CONTRACT_REVIEW

              - provider: Azure Open AI
                name: Finance
                model: GPT-4o
                apiKey: env:KORE_KEY_FINANCE
                resourceName: contoso
                deploymentId: eu
                apiVersion: "2024-08-01-preview"

              - provider: API
                name: Own gateway
                endpointUrl: https://gateway.example.com
                mapProvider: anthropicModel
                feature: [supportTools, streaming]
                ioMapping: [textToText]
                authorizationProfile: none
                draft: true

              - provider: API
                name: Own model
                endpointUrl: https://llm.example.com/v1
                header:
                  x-api-key: env:KORE_KEY_OWN_MODEL_X_API_KEY
                payload:
                  max_tokens: 1024
                  api_token: "${env:KORE_KEY_OWN_MODEL_PAYLOAD_API_TOKEN}"
                  text: "{{prompt}} $${env:X} \"q\"\n"
                outputPath: "content[0].text"
                promptVariable:
                  - name: system_prompt
                    defaultValue: be kind
                customVariable: [tone]
                disabled: true

              - provider: Open AI
                name: Support desk
                model: gpt-4o
                apiKey: env:KORE_KEY_SUPPORT_DESK

            """,
            Export("c.yaml"));
        Assert.StartsWith("{\n  \"version\": 1,\n  \"connections\": [\n", Export("c.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void AVariableIsNamedByItsConnectionAlone()
    {
        _place.Place.Seed("営業", "Zürich & Straße", "Ångström", "!!!", "Desk");
        Dictionary<string, string> before = VariablesOf(Export("before.yaml"));
        _place.Place.Seed("人事", "a b", "A-B", "???", "営 業", "Desk 2");
        Dictionary<string, string> after = VariablesOf(Export("after.yaml"));
        Assert.Equal(11, after.Values.Distinct().Count());
        Assert.All(before, b => Assert.Equal(b.Value, after[b.Key]));
        Assert.Equal(("KORE_KEY_DESK", "KORE_KEY_ZURICH_STRASSE", "KORE_KEY_ANGSTROM", "KORE_KEY_DESK_2"), (after["Desk"], after["Zürich & Straße"], after["Ångström"], after["Desk 2"]));
        // Where two would have one name, both have a hash; so has what no letter of is left.
        Assert.All(["a b", "A-B"], n => Assert.Matches("^KORE_KEY_A_B_[0-9A-F]{8}$", after[n]));
        Assert.All(["営業", "人事", "!!!", "???", "営 業"], n => Assert.Matches("^KORE_KEY_[0-9A-F]{8}$", after[n]));
        // A part of the platform names them as the whole does.
        Assert.Equal(after["A-B"], VariablesOf(Export("part.yaml", " -Name A-B"))["A-B"]);
        _place.Shell.RunClean("Get-Connection A-B | Export-Connection $folder/piped.yaml");
        Assert.Equal(after["A-B"], VariablesOf(System.IO.File.ReadAllText(File("piped.yaml")))["A-B"]);
    }

    [Fact]
    public void AFileThatIsReplacedKeepsTheReferencesOfItsKeys()
    {
        _place.Place.Seed("a b", "Desk");
        System.IO.File.WriteAllText(File("c.yaml"), "connections:\n  - { provider: OpenAI, name: a b, model: m, apiKey: env:KORE_KEY_DESK }\n  - { provider: OpenAI, name: Gone, model: m, apiKey: env:GONE }\n");
        Dictionary<string, string> after = VariablesOf(Export("c.yaml"));
        Assert.Equal("KORE_KEY_DESK", after["a b"]);
        // Its own name belongs to another one now.
        Assert.Matches("^KORE_KEY_DESK_[0-9A-F]{8}$", after["Desk"]);
        Assert.Equal(after, VariablesOf(Export("c.yaml")));
    }

    [Theory]
    [InlineData("\"env:OPENAI_KEY_${env:STAGE}\"", "env:OPENAI_KEY_${env:STAGE}", "")]
    [InlineData("\"file:keys/${env:STAGE}.txt\"", "file:keys/${env:STAGE}.txt", "")]
    [InlineData("env:KEPT, modell: m", "env:KORE_KEY_DESK", "The file that was replaced had mistakes*modell*")]
    public void AReferenceIsKeptAsItIsWrittenOrMissed(string written, string kept, string warning)
    {
        _place.Place.Seed("Desk");
        System.IO.File.WriteAllText(File("c.yaml"), $"connections:\n  - {{ provider: OpenAI, name: Desk, model: m, apiKey: {written} }}\n");
        ShellResult result = _place.Shell.Run("$env:STAGE = 'test'; Export-Connection $folder/c.yaml -Force");
        Assert.Empty(result.AllErrors);
        Assert.Matches($"apiKey: \"?{Regex.Escape(kept)}\"?\n", System.IO.File.ReadAllText(File("c.yaml")));
        string warned = string.Join("\n", result.Streams.Warning);
        Assert.Matches("^" + Regex.Escape(warning).Replace("\\*", ".*", StringComparison.Ordinal), warned);
        Assert.Equal(warning.Length == 0, warned.Length == 0);
    }

    private static Dictionary<string, string> VariablesOf(string manifest) =>
        Regex.Matches(manifest, "name: (?<name>.*)\n(?:    .*\n)*?    apiKey: env:(?<key>KORE_KEY_\\w+)").ToDictionary(m => m.Groups["name"].Value.Trim('\'', '"'), m => m.Groups["key"].Value);

    [Theory]
    [InlineData("Export-Connection $folder/c.yaml -Name S*", "Support desk")]
    [InlineData("Export-Connection $folder/c.yaml -Provider anthropic", "Contract: review")]
    [InlineData("Get-Connection Own* | Export-Connection $folder/c.yaml", "Own gateway,Own model")]
    [InlineData("(Get-Connection Finance).ConnectionId | Export-Connection -Path $folder/c.yaml", "Finance")]
    public void SomeAreWritten(string script, string names)
    {
        CreateOneOfEach();
        _place.Shell.RunClean(script);
        Assert.Equal(names, string.Join(",", Regex.Matches(System.IO.File.ReadAllText(File("c.yaml")), "(?m)^    name: \"?([^\"\r\n]+)").Select(m => m.Groups[1].Value)));
    }

    [Fact]
    public void APipelineInWhichNothingCameWritesNothing()
    {
        _place.Place.Seed("A");
        _place.Shell.RunClean("Get-Connection none* | Export-Connection $folder/c.yaml");
        Assert.False(System.IO.File.Exists(File("c.yaml")));
    }

    [Fact]
    public void AnExistingFileIsKeptUnlessForced()
    {
        _place.Place.Seed("A");
        string path = _place.Write("mine");
        ShellResult refused = _place.Shell.Run("Export-Connection $manifest");
        refused.AssertRefused("already exists. Use -Force to replace it");
        Assert.Equal("mine", System.IO.File.ReadAllText(path));
        Assert.Empty(_place.Place.Requests);

        _place.Shell.RunClean("Export-Connection $manifest -Force -WhatIf");
        Assert.Equal("mine", System.IO.File.ReadAllText(path));
        Assert.Empty(_place.Place.Requests);

        FileInfo written = (FileInfo)_place.Shell.RunClean("Export-Connection $manifest -Force -PassThru").Single().BaseObject;
        Assert.Equal(path, written.FullName);
        Assert.StartsWith("# Connections", System.IO.File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_place.Folder));
    }

    [Theory]
    [InlineData("$folder/c.txt", "Use one of .yaml, .yml, .json")]
    [InlineData("$folder", "has no file extension that identifies a format")]
    [InlineData("$folder/none/c.yaml", "a folder that does not exist")]
    [InlineData("''", "-Path is empty")]
    [InlineData("env:c.yaml", "is not in the file system")]
    [InlineData("\"$folder/a`0.yaml\"", "null character")]
    public void APathThatCannotBeWrittenIsRefusedBeforeAnythingIsSent(string path, string words)
    {
        ShellResult result = _place.Shell.Run($"Export-Connection {path}");
        result.AssertRefused(words);
        Assert.Empty(_place.Place.Requests);
    }

    [Fact]
    public void WhereSomethingCannotBeReadNothingIsWritten()
    {
        IReadOnlyList<string> ids = _place.Place.Seed("A", "B");
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = ids[1], Status = 404 });
        Assert.Equal(["KoreConnectionNotFound"], _place.Shell.Run("Export-Connection $folder/c.yaml").ErrorIds);
        Assert.Empty(Directory.GetFiles(_place.Folder));
    }

    [Fact]
    public void WhatAManifestCannotHoldIsLeftOutWithAWarning()
    {
        var export = new ManifestExport();
        ManifestNode manifest = export.Make(
        [
            new Connection { ConnectionName = "Twin", Provider = ApiValues.OpenAI, ConnectionId = "cn-1" },
            new Connection { ConnectionName = "Twin", Provider = ApiValues.OpenAI, ConnectionId = "cn-2" },
            new Connection { ConnectionName = "Other", Provider = "Google", ConnectionId = "cn-3" },
            new Connection { ConnectionName = "Bare", Provider = ApiValues.CustomApi, ConnectionId = "cn-4" },
            new Connection { ConnectionName = "Azure", Provider = ApiValues.AzureOpenAI, Model = "m", ConnectionId = "cn-5" },
        ]);
        Assert.Equal(2, manifest.Entries[1].Value.Items.Count);
        Assert.Equal(
            [
                "'Azure' is incomplete: the platform did not return resourceName, deploymentId, apiVersion. Add it before you use the manifest.",
                "'Bare' is incomplete: the platform returned neither a payload nor a mapping. Add one before you use the manifest.",
                "'Bare' is incomplete: the platform did not return endpointUrl. Add it before you use the manifest.",
                "'Other' (cn-3) was not exported because a manifest does not support its provider 'Google' or its name.",
                "'Twin' was not exported because the platform has 2 connections with this name. Rename all but one in the platform's web UI.",
            ],
            export.Warnings);
    }

    /// <summary>A payload as the text of JSON was said not to be there.</summary>
    [Theory]
    [InlineData("""{"q":"{{prompt}}","n":1.50,"api_key":"a9b8c7d6e5f4a3b2c1d0"}""", "q,n,api_key", null)]
    [InlineData(""" { "q": { "r": ["{{prompt}}"] } } """, "q", null)]
    [InlineData("""["{{prompt}}"]""", null, "a payload that is not a JSON object")]
    [InlineData("""{"q":"{{prompt}}" """, null, "a payload that is not a JSON object")]
    [InlineData("{{prompt}}", null, "a payload that is not a JSON object")]
    [InlineData("", null, "neither a payload nor a mapping")]
    public void APayloadThatIsTextIsAPayload(string payload, string? names, string? warning)
    {
        var export = new ManifestExport();
        var own = new Connection { ConnectionName = "Own", Provider = ApiValues.CustomApi, ConnectionId = "cn-1" };
        own.AdditionalProperties["endpointUrl"] = "https://llm.example.com";
        own.AdditionalProperties["payload"] = payload;
        own.AdditionalProperties["outputPath"] = "a";
        ManifestNode? written = ManifestExport.Connections(export.Make([own]))[0].Find("payload");
        Assert.Equal(names, written is null ? null : string.Join(",", written.Entries.Select(e => e.Key.Text)));
        Assert.Equal(warning is not null, export.Warnings.Any(w => w.Contains(warning ?? "is incomplete", StringComparison.Ordinal)));
        Assert.DoesNotContain("a9b8", written is null ? "" : ManifestWriter.Write(written, isJson: false, []), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeReadBackAtAllIsLeftOutAlone()
    {
        object payload = "{{prompt}}";
        for (int i = 0; i < 150; i++)
        {
            payload = new OrderedDictionary { ["a"] = payload };
        }

        const string Key = "sk-made-up-0123456789abcdef";
        var export = new ManifestExport();
        ManifestNode manifest = export.Make([Own("Deep", payload), Own("Flat", new OrderedDictionary { ["p"] = "{{prompt}}" }), Own(Key, new OrderedDictionary())]);
        Assert.Equal("Flat", ManifestExport.NameOf(Assert.Single(ManifestExport.Connections(manifest))));
        Assert.Equal(2, export.Warnings.Count);
        Assert.Contains(export.Warnings, w => w.StartsWith("'Deep' was not exported because a manifest cannot contain it: This is nested more than", StringComparison.Ordinal));
        Assert.All(export.Warnings, w => Assert.DoesNotContain(Key, w, StringComparison.Ordinal));

        static Connection Own(string name, object payload)
        {
            var connection = new Connection { ConnectionName = name, Provider = ApiValues.CustomApi, ConnectionId = "cn-" + name };
            connection.AdditionalProperties["endpointUrl"] = "https://llm.example.com";
            connection.AdditionalProperties["payload"] = payload;
            connection.AdditionalProperties["outputPath"] = "a";
            return connection;
        }
    }

    [Fact]
    public void NothingInvisibleIsWritten()
    {
        string yaml = ManifestWriter.Write(ManifestNode.Mapping([new(ManifestNode.Of("a\u202eb"), ManifestNode.Of("\u0000\u001b\u0085\u2028\ufeff\u00a0\u3164\U000e0041 é 日本 😀"))]), isJson: false, []);
        Assert.Equal("\"a\\u202Eb\": \"\\u0000\\u001B\\u0085\\u2028\\uFEFF\\u00A0\\u3164\\U000E0041 é 日本 😀\"\n", yaml);
    }

    private void CreateOneOfEach()
    {
        _place.Shell.RunClean("""
            $null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-4o -ApiKey $key
            $null = New-Connection -Anthropic -Name 'Contract: review' -Model claude-3-5-haiku-20241022 -ApiKey $key
            $null = New-Connection -AzureOpenAI -Name Finance -Model GPT-4o -ApiKey $key -ResourceName contoso -DeploymentId eu -ApiVersion 2024-08-01-preview
            # As a platform has it: what looks like a variable of a shell is refused where somebody gives it.
            $own = @{ AdditionalProperties = @{ region = 'eu' }; Payload = [ordered]@{ max_tokens = 1024; api_token = 'sk-0123456789abcdefghij'; text = "{{prompt}} `${env:X} ""q""`n" } }
            $null = $own + @{ Provider = 'API'; Name = 'Own model'; EndpointUrl = 'https://llm.example.com/v1'; OutputPath = 'content[0].text'; CustomVariable = 'tone'; PromptVariable = @{ name = 'system_prompt'; defaultValue = 'be kind' }; Disabled = $true } | New-Connection -Header @{ 'x-api-key' = $key }
            $null = New-Connection -CustomApi -Name 'Own gateway' -EndpointUrl https://gateway.example.com -MapProvider anthropicModel -Feature streaming, supportTools -Draft
            """);
        _place.Place.Forget();
    }

    private string Export(string name, string options = "")
    {
        _place.Shell.RunClean($"Export-Connection $folder/{name} -Force{options}");
        return System.IO.File.ReadAllText(File(name));
    }

    private string File(string name) => Path.Combine(_place.Folder, name);
}
