namespace KoreConnections.Tests.Packaging;

/// <summary>What can be told of Windows PowerShell 5.1 without it: whether everything that is shipped finds what it refers to.</summary>
public sealed class WindowsPowerShellTests
{
    private static readonly string Dependencies = Path.Combine(Repository.Module, "Dependencies");

    [Fact]
    public void EveryReferenceIsAnsweredByTheFrameworkOrByWhatIsShipped()
    {
        using ReferenceCheck check = Check(Dependencies);
        Assert.Empty(Shipped().SelectMany(check.Missing));
    }

    [Fact]
    public void TheCheckNoticesADependencyThatIsTakenAway()
    {
        string folder = Directory.CreateTempSubdirectory("kore").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(Dependencies).Where(f => !f.EndsWith("System.Text.Json.dll", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            using ReferenceCheck check = Check(folder);
            Assert.Contains("KoreConnections.Client: assembly System.Text.Json", Shipped().SelectMany(check.Missing));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void NothingOfTheShellsOwnIsShipped()
    {
        string[] names = [.. Shipped().Select(Path.GetFileNameWithoutExtension)!];
        Assert.DoesNotContain("System.Management.Automation", names);
        Assert.DoesNotContain("netstandard", names);
    }

    private static string[] Shipped() => [.. Directory.GetFiles(Repository.Module, "*.dll"), .. Directory.GetFiles(Dependencies, "*.dll")];

    private static ReferenceCheck Check(string dependencies) =>
        new(Repository.Module, dependencies, Metadata("DesktopPowerShell"), Metadata("DesktopFramework"), Path.Combine(Metadata("DesktopFramework"), "Facades"));

    private static string Metadata(string key) => Repository.Metadata(typeof(WindowsPowerShellTests).Assembly, key);
}
