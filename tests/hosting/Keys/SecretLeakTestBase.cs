namespace KoreConnections.Tests.Keys;

/// <summary>A sandbox, providers and a shell that hold keys, and the scanner that looks for them.</summary>
public abstract class SecretLeakTestBase : IDisposable
{
    /// <summary>One hunt after the other: it listens to the event sources of the process, and its keys are in environment variables.</summary>
    private protected const string Hunt = "SecretLeak";

    // With characters that each disguise writes differently.
    private protected const string Key = "sk-HUNT/ed+Key=<0123456789&abcdef>XYZ";
    // What may stand in a name and in an address.
    private protected const string Words = "hunted-plain-words-of-a-passphrase";
    private protected const string Previous = "sk-HUNT/ed+Prev=<9876543210&fedcba>ZYX";

    // A new one, one whose key may be another, and one with a key in its payload.
    private protected const string Manifest = """
        connections:
          - { provider: Anthropic, name: As code, model: m, apiKey: env:HUNT_KEY }
          - { provider: OpenAI, name: A, model: gpt-4o, apiKey: env:HUNT_KEY }
          - provider: API
            name: Own
            endpointUrl: https://llm.example.com
            header: { x-api-key: env:HUNT_KEY }
            payload: { api_key: "${env:HUNT_KEY}", text: "Say ${env:HUNT_KEY} twice", list: ["${env:HUNT_KEY}", { deep: "${env:HUNT_KEY}" }] }
            outputPath: x
            customVariable: [{ name: style, defaultValue: "${env:HUNT_KEY}", hint: "as ${env:HUNT_KEY}" }]
          - provider: API
            name: "Named ${env:HUNT_WORDS}"
            model: "${env:HUNT_WORDS}"
            endpointUrl: "https://llm.example.com/v1?tier=${env:HUNT_WORDS}"
            payload: "{ \"a\": \"${env:HUNT_WORDS}\" }"
            outputPath: x

        """;

    private protected readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-hunt");
    // What holds the key on purpose is not in the folder that is searched for it.
    private readonly DirectoryInfo _given = Directory.CreateTempSubdirectory("kore-given");
    private protected readonly FakeProviders _provider = new();
    private protected readonly SandboxServer _sandbox;
    private protected readonly string _platformKey;
    private protected readonly Shell _shell;
    private protected readonly SecretLeakScanner _hunt;

    /// <param name="timeout">How many seconds an answer may take.</param>
    private protected SecretLeakTestBase(int timeout)
    {
        _sandbox = SandboxServer.Start(new SandboxOptions { Path = Path.Combine(_folder.FullName, "sandbox.json") });
        _platformKey = _sandbox.Keys.Issue();
        _shell = Shell.ConnectedTo(_sandbox, options: $"-TimeoutSec {timeout} -MaximumRetryCount 0");
        _hunt = new SecretLeakScanner(Key, Previous, _platformKey, Words);
        Environment.SetEnvironmentVariable("HUNT_KEY", Key);
        Environment.SetEnvironmentVariable("HUNT_WORDS", Words);
        Environment.SetEnvironmentVariable("HUNT_PLATFORM", _platformKey);
        string file = Path.Combine(_given.FullName, "key");
        File.WriteAllText(file, Key);
        _shell.Set("key", Shell.Secure(Key)).Set("text", Key).Set("previous", Shell.Secure(Previous)).Set("previousText", Previous).Set("platform", Shell.Secure(_platformKey));
        File.WriteAllText(Path.Combine(_folder.FullName, "connections.yaml"), Manifest);
        File.WriteAllText(file + ".yaml", Manifest.Replace("env:HUNT_KEY", $"\"{Key}\"", StringComparison.Ordinal) + $"    {Key}: {Key}\n");
        _shell.Set("manifest", Path.Combine(_folder.FullName, "connections.yaml")).Set("badManifest", file + ".yaml");
        _shell.Set("file", file).Set("folder", _folder.FullName).Set("gateway", _provider.BaseUri.AbsoluteUri).Set("address", _sandbox.BaseUri.AbsoluteUri);
        // Seeded with keys of which nothing is looked for: masks of the new ones have to come from the cmdlets under test.
        _shell.RunClean("""
            function New-Guid { [guid]::NewGuid().ToString() }
            $prints = { Write-Verbose "got $text" -Verbose; Write-Warning $text; Write-Debug $text -Debug; Write-Information $text; Write-Host $text; Write-Progress $text; try { throw $text } catch { }; [Console]::Error.Write(''); $text }
            Register-KeySource leakprints $prints
            Register-KeySource leakfails { $text; Write-Error "no $text" }
            Register-KeySource leakthrows { $text; throw $text }
            Register-KeySource leakobject { [pscustomobject]@{ Name = 'x'; SecretValue = $key } }
            New-Module Az.KeyVault { function Get-AzKeyVaultSecret($VaultName, $Name) { & $global:prints } } | Import-Module
            New-Module Microsoft.PowerShell.SecretManagement { function Get-Secret($Vault, $Name) { & $global:prints } } | Import-Module
            $ids = 'A', 'B' | ForEach-Object { @{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-4o'; ApiKey = 'sk-seed-0123456789abcdef' } } | New-Connection | ForEach-Object ConnectionId
            $custom = (New-Connection -CustomApi -Name Own -EndpointUrl "${gateway}own" -Payload @{ prompt = '{{prompt}}' } -OutputPath content[0].text -Header @{ 'x-api-key' = 'seed-0123456789' }).ConnectionId
            """);
    }

    public void Dispose()
    {
        _hunt.Dispose();
        _shell.Dispose();
        _sandbox.Dispose();
        _provider.Dispose();
        _given.Delete(recursive: true);
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
