namespace KoreConnections.Tests.AsCode;

/// <summary>A workplace with a folder for manifests. Scripts find the folder in $folder.</summary>
internal sealed class ManifestFixture : IDisposable
{
    public const string Key = "sk-as-code-0123456789abcdefMQAA";

    private static readonly Regex Placeholder = new("KORE_KEY_[A-Z0-9_]+");

    public ManifestFixture(SandboxOptions? options = null)
    {
        Place = new SandboxFixture(options);
        Folder = Directory.CreateTempSubdirectory("kore").FullName;
        Shell.Set("folder", Folder).Set("key", Shell.Secure(Key));
        // The process has one environment, so a name has one value wherever it is used.
        Environment.SetEnvironmentVariable("KORE_TEST_KEY", Key);
    }

    public SandboxFixture Place { get; }

    public Shell Shell => Place.Shell;

    public string Folder { get; }

    /// <summary>Writes a manifest and tells its path; scripts find the last one in $manifest.</summary>
    public string Write(string text, string name = "connections.yaml")
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        Shell.Set("manifest", path);
        return path;
    }

    /// <summary>What is wrong with a manifest, without its file.</summary>
    public IReadOnlyList<string> Problems(string text, string name = "connections.yaml")
    {
        Write(text, name);
        return [.. Shell.RunClean("Test-ConnectionManifest $manifest").Select(p => ((ManifestProblem)p.BaseObject).ToString()[(Folder.Length + 1)..])];
    }

    /// <summary>The plan for a manifest.</summary>
    public IReadOnlyList<ConnectionPlanItem> Compare(string text, string arguments = "")
    {
        Write(text);
        return Items(Shell.RunClean($"Compare-Connection $manifest {arguments}"));
    }

    /// <summary>What applying a manifest gave.</summary>
    public IReadOnlyList<ConnectionPlanItem> Sync(string text, string arguments = "")
    {
        Write(text);
        return Items(Shell.RunClean($"Sync-Connection $manifest {arguments}"));
    }

    public static IReadOnlyList<ConnectionPlanItem> Items(IEnumerable<PSObject> output) => [.. output.Select(o => (ConnectionPlanItem)o.BaseObject)];

    /// <summary>Sets every variable that an exported manifest refers to: a name has one value in the whole process.</summary>
    public static void SetKeys(string manifest)
    {
        foreach (Match match in Placeholder.Matches(manifest))
        {
            Environment.SetEnvironmentVariable(match.Value, KeyOf(match.Value));
        }
    }

    public static string KeyOf(string variable) => $"sk-{variable.ToLowerInvariant().Replace('_', '-')}-0123456789";

    public void Dispose()
    {
        Place.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
