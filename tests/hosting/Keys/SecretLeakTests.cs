using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>No key in anything that any cmdlet leaves, however it goes.</summary>
[Collection(SecretLeakTestBase.Hunt)]
// One of the situations is a server that takes too long.
public sealed class SecretLeakTests() : SecretLeakTestBase(timeout: 1)
{
    // Each cmdlet in each of its shapes. The current session belongs to the process, so none of other tests is ended.
    private static readonly string[] Scripts =
    [
        "Connect-KorePlatform $address $platform -TimeoutSec 1 -MaximumRetryCount 0 -PassThru -OutVariable own; if ($own) { Disconnect-KorePlatform -Session $own[0] }",
        "Connect-KorePlatform $address env:HUNT_PLATFORM -TimeoutSec 1 -MaximumRetryCount 0 -ErrorAction Stop",
        "Get-KoreSession; $session",
        "Select-KoreSession -Session $session -PassThru; Get-KoreSession -All",
        "Get-KeySource; Register-KeySource leakregistered { $text } -PassThru; Unregister-KeySource leakregistered",
        // A source that prints its secret wherever it can, that fails with it, and that gives it in each way.
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey leakprints:x",
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey leakfails:x",
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey leakthrows:x",
        "@{ Provider = 'OpenAI'; Name = 'sourced'; Model = 'm'; ApiKey = 'leakobject:x' } | New-Connection",
        "Set-Connection $custom -Header @{ Authorization = 'Bearer leakprints:x' } -PassThru",
        "$ids | Update-ConnectionKey -ApiKey leakprints:x -PreviousApiKey leakobject:x -ProviderUri $gateway",
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey azkv:leak/x",
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey secret:leak/x",
        "Get-Connection", "Get-Connection -Detailed", "Get-Connection -ConnectionId $ids", "Get-Connection -Name none",
        "New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey $key",
        "New-Connection -Anthropic -Name n -Model m -ApiKey $text -IfNotExists",
        "New-Connection -AzureOpenAI -Name z -Model m -ApiKey env:HUNT_KEY -ResourceName res -DeploymentId d -ApiVersion 2024-06-01",
        "New-Connection -CustomApi -Name c -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ Authorization = \"Bearer $text\" }",
        "@{ Provider = 'OpenAI'; Name = 'row'; Model = 'm'; ApiKey = $text } | New-Connection",
        "[pscustomobject]@{ Provider = 'OpenAI'; Name = 'row2'; Model = 'm'; ApiKey = \"file:$file\" } | New-Connection",
        "$ids | Set-Connection -ApiKey $key -PassThru",
        "[pscustomobject]@{ ConnectionId = $ids[0]; ApiKey = $text } | Set-Connection -PassThru",
        "Set-Connection $custom -Header @{ 'x-api-key' = $text } -PassThru",
        "Test-ConnectionKey -OpenAI -Model gpt-4o -ApiKey $key -ProviderUri $gateway",
        "Test-ConnectionKey -Anthropic -Model m -ApiKey $text -ProviderUri $gateway",
        "Test-ConnectionKey -AzureOpenAI -Model m -ApiKey env:HUNT_KEY -ResourceName res -DeploymentId d -ApiVersion 2024-06-01 -ProviderUri $gateway",
        "Test-ConnectionKey -CustomApi -EndpointUrl \"${gateway}own\" -Payload @{ prompt = '{{prompt}}' } -OutputPath content[0].text -Header @{ 'x-api-key' = $text }",
        "$ids | Test-ConnectionKey -ApiKey $text -ProviderUri $gateway",
        "[pscustomobject]@{ ConnectionId = $ids[0]; ApiKey = $text } | Test-ConnectionKey -ProviderUri $gateway -Quiet",
        "$custom | Test-ConnectionKey -Header @{ 'x-api-key' = $key } -ProviderUri $gateway",
        "$ids | Update-ConnectionKey -ApiKey $key -PreviousApiKey $previous -ProviderUri $gateway -ReportPath \"$folder/$(New-Guid).jsonl\"",
        "[pscustomobject]@{ ConnectionId = $ids[0]; ApiKey = $text; PreviousApiKey = $previousText } | Update-ConnectionKey -SkipVerification -ReportPath \"$folder/$(New-Guid).jsonl\"",
        "$custom | Update-ConnectionKey -Header @{ 'x-api-key' = $text } -PreviousHeader @{ 'x-api-key' = $previousText } -SkipVerification -ErrorAction Stop",
        "Test-ConnectionManifest $manifest; Test-ConnectionManifest $manifest -Quiet",
        "Export-Connection \"$folder/$(New-Guid).yaml\" -PassThru",
        "Compare-Connection $manifest -InformationAction Continue",
        "Compare-Connection $manifest | Test-ConnectionKey -ProviderUri $gateway",
        "Find-ConnectionIssue; Get-Connection | Find-ConnectionIssue -ManifestPath $manifest -VerifyKey -ProviderUri $gateway",
        "Export-ConnectionReport \"$folder/$(New-Guid).html\" -ManifestPath $manifest -VerifyKey -ProviderUri $gateway -PassThru; Get-Connection -Detailed | Export-ConnectionReport \"$folder/$(New-Guid).html\" -Title $text",
        "Get-ProviderModel -OpenAI -ApiKey $key -ProviderUri $gateway; Get-ProviderModel -Anthropic -ApiKey $text -ProviderUri $gateway",
        "Sync-Connection $manifest -VerifyKey -ProviderUri $gateway",
    ];

    // Of all kinds, with a key within reach.
    private static readonly string[] BadInput =
    [
        "New-Connection -OpenAI -Name '' -Model m -ApiKey $text", "New-Connection -OpenAI -Name n -Model '' -ApiKey $key",
        "New-Connection -OpenAI -Name n -Model m -ApiKey \"$text two\"", "New-Connection -OpenAI -Name n -Model m -ApiKey \"***$text\"",
        "New-Connection -OpenAI -Name n -Model m -ApiKey @{ key = $text }", "New-Connection -OpenAI -Anthropic -Name n -Model m -ApiKey $text",
        "@{ Provider = 'Acme'; Name = 'n'; ApiKey = $text } | New-Connection", "@{ Name = 'n'; ApiKey = $text } | New-Connection",
        "[pscustomobject]@{ Provider = 'Anthropic'; Name = 'n'; Model = 'm'; ApiKey = $text } | New-Connection -OpenAI",
        "@{ Provider = 'API'; Name = 'n'; ApiKey = $text; EndpointUrl = 'x' } | New-Connection", "[pscustomobject]@{ Provider = 'OpenAI'; Name = ''; Model = 'm'; ApiKey = $text } | New-Connection",
        "New-Connection -CustomApi -Name n -EndpointUrl no-address -Header @{ a = $text }", "New-Connection -CustomApi -Name n -EndpointUrl https://x -Header \"{ $text\"",
        "New-Connection -CustomApi -Name n -EndpointUrl https://x -Header @{ 'x-api-key' = \"$text`n\" } -MapProvider openAIModel -Feature streaming",
        "New-Connection -CustomApi -Name n -EndpointUrl https://x -Header @{ 'bad name' = $text } -MapProvider openAIModel -Feature streaming",
        "New-Connection -CustomApi -Name n -EndpointUrl https://x -Payload \"{ broken $text\" -OutputPath x -Header @{ a = $text }",
        "Set-Connection '' $text", "Set-Connection 'no id' $key", "[pscustomobject]@{ ConnectionId = ''; ApiKey = $text } | Set-Connection",
        "[pscustomobject]@{ ConnectionId = 'cn-1'; Provider = 'API'; ApiKey = $text } | Set-Connection",
        "@{ a = $text } | Test-ConnectionKey", "[pscustomobject]@{ Provider = 'Acme'; ApiKey = $text } | Test-ConnectionKey",
        "Test-ConnectionKey -OpenAI -Model m -ApiKey $text -ProviderUri http://gateway.example.com", "Test-ConnectionKey -OpenAI -Model m -ApiKey 5,6",
        "$custom | Test-ConnectionKey -ApiKey $text", "'' | Update-ConnectionKey -ApiKey $text", "@{ ApiKey = $text } | Update-ConnectionKey",
        "'cn-1' | Update-ConnectionKey -ApiKey $text -ReportPath nowhere:/x", "'cn-1' | Update-ConnectionKey -ApiKey $text -ReportPath /no/such/folder",
        "'cn-1' | Update-ConnectionKey -ApiKey $text -BatchSize 0", "$ids | Update-ConnectionKey -ApiKey $text -NoSuchParameter 1",
        "Connect-KorePlatform '' $text", "Connect-KorePlatform 'http://platform.example.com' $text", "Connect-KorePlatform localhost:1 \"$text $text\"", "Connect-KorePlatform localhost:1 $text -MaximumRetryCount 0",
        "New-Connection -OpenAI -Name n -Model m -ApiKey env:$text", "New-Connection -OpenAI -Name n -Model m -ApiKey file:$text", "New-Connection -OpenAI -Name n -Model m -ApiKey secret:$text/x",
        "New-Connection -CustomApi -Name n -EndpointUrl https://x -Header @{ $text = 'x-api-key' } -MapProvider openAIModel -Feature streaming",
        "New-Connection -CustomApi -Name n -EndpointUrl \"https://user:$text@llm.example.com\" -MapProvider openAIModel -Feature streaming -Header @{ a = 'b' }",
        "New-Connection -CustomApi -Name n -EndpointUrl https://x -MapProvider $text -Feature $text", "Get-Connection -ConnectionId $text",
        "Set-Connection $text cn-1", "Connect-KorePlatform $text localhost:1", "$text | Update-ConnectionKey -ApiKey env:HUNT_KEY -SkipVerification",
        "[pscustomobject]@{ ApiKey = $text } | Set-Connection", "[pscustomobject]@{ Header = $text } | Get-Connection",
        "@{ Provider = 'OpenAI'; ApiKey = $text } | Test-ConnectionManifest", "[pscustomobject]@{ Name = 'n'; ApiKey = $text } | Compare-Connection", "@(1, @{ ApiKey = $text }) | Sync-Connection",
        "[pscustomobject]@{ Name = 'n'; ApiKey = $text } | Export-Connection -Path \"$folder/none/$text.yaml\"", "Export-Connection $text", "Export-ConnectionReport $text.html -Issue $text", "[pscustomobject]@{ ApiKey = $text } | Export-ConnectionReport \"$folder/none/x.html\" -Issue @{ ApiKey = $text }", "Compare-Connection $text",
        "Test-ConnectionManifest $badManifest", "Compare-Connection $badManifest", "Sync-Connection $badManifest -ErrorAction Stop", "Sync-Connection $manifest -ProviderUri $text",
    ];

    private static readonly string[] PlainInput = ["Get-Connection $text", "Get-Connection -Provider $text", "Compare-Connection $manifest -Name $text"];

    public static TheoryData<string> Situations => new()
    {
        "well", "what if", "400 JSON", "401 JSON", "403 JSON", "404 JSON", "409 JSON", "429 JSON", "500 JSON", "503 HTML", "401 HTML", "200 HTML", "200 broken", "302", "timeout",
    };

    [Theory, MemberData(nameof(Situations))]
    public void NothingIsFoundHoweverItGoes(string situation)
    {
        Prepare(situation);
        List<string> found = [];
        foreach (string script in Scripts)
        {
            found.AddRange(_hunt.Run(_shell, situation == "what if" ? $"$WhatIfPreference = $true; {script}" : script).Select(f => $"{script}: {f}"));
        }

        found.AddRange(_hunt.Files(_folder, except: Words));
        Assert.True(found.Count == 0, string.Join("\n", found.Distinct()));
    }

    [Fact]
    public void NothingIsFoundAfterBadInput()
    {
        List<string> found = [];
        foreach (string script in BadInput.Concat(PlainInput))
        {
            _hunt.IsGivenAsPlainText = PlainInput.Contains(script);
            found.AddRange(_hunt.Run(_shell, script).Select(f => $"{script}: {f}"));
        }

        Assert.True(found.Count == 0, string.Join("\n", found.Distinct()));
    }

    [Fact]
    public void NothingIsFoundWhereNobodyAnswers()
    {
        _shell.Set("platform", Shell.Secure(Key));
        string connect = "$closed = Connect-KorePlatform http://localhost:1 $platform -SkipVerification -PassThru -MaximumRetryCount 0; ";
        List<string> found = [];
        foreach (string script in Scripts.Where(s => s.Contains("-Connection", StringComparison.Ordinal)))
        {
            string elsewhere = connect + Shell.SessionOf("$closed") + "; $gateway = 'http://localhost:1/'; " + script;
            found.AddRange(_hunt.Run(_shell, elsewhere).Select(f => $"{script}: {f}"));
            // The key of an open session is refused as a provider's, also in the tests that follow.
            _shell.RunClean("Disconnect-KorePlatform -Session $closed");
        }

        Assert.True(found.Count == 0, string.Join("\n", found.Distinct()));
    }

    [Fact]
    public void EveryCmdletIsHunted() => Assert.All(Help.Exported.Names, name => Assert.Contains(Scripts, s => s.Contains(name, StringComparison.Ordinal)));

    /// <summary>Platform and providers repeat the keys that they are sent, as a page or as a message.</summary>
    private void Prepare(string situation)
    {
        string[] parts = situation.Split(' ');
        if (situation is "well" or "what if")
        {
            _provider.Instead = _ => (200, """{ "id": "m", "choices": [], "content": [{ "text": "OK" }] }""");
            return;
        }

        if (situation == "timeout")
        {
            // Of less patience than -TimeoutSec can say, since each script waits for its end.
            _shell.Set("session", new KoreSession(new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_platformKey)) { MaximumRetryCount = 0, Timeout = TimeSpan.FromMilliseconds(200) })));
            _shell.RunClean(Shell.SessionOf("$session"));
            _sandbox.Faults.Add(new Fault { DelayMilliseconds = 1300, Times = 0 });
            _provider.Instead = _ => (0, "");
            return;
        }

        int status = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        string kind = parts.ElementAtOrDefault(1) ?? "";
        AddEcho("GET", _platformKey);
        AddEcho("POST", Key, _platformKey);
        AddEcho("PATCH", Key, _platformKey);
        _provider.Instead = _ => (status, Echo(kind, Key));

        void AddEcho(string method, string key, string other = "") => _sandbox.Faults.Add(new Fault
        {
            Method = method,
            Status = status,
            Body = Echo(kind, key, other),
            Times = 0,
            Headers = new Dictionary<string, string> { ["x-request-id"] = key, ["Location"] = "https://elsewhere.example.com/" + key },
        });
    }

    /// <summary>What was sent, sent back: a request's own keys, in each place of an answer that is shown.</summary>
    private static string Echo(string kind, string key, string other = "")
    {
        string echo = $"You sent {key}, Bearer {key.ToUpperInvariant()} and {other}";
        return kind switch
        {
            "JSON" => new JsonObject { ["error"] = new JsonObject { ["code"] = key, ["type"] = key, ["message"] = echo }, ["request_id"] = key }.ToJsonString(),
            "broken" => $$"""{"id":"m","connectionId":"{{key}}","connectionName":"{{echo}}" """,
            _ => $"<html>{echo}</html>",
        };
    }
}
