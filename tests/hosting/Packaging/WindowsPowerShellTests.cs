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

    /// <summary>Without its own sentence, the error would name an assembly that could not be found.</summary>
    [Theory]
    [InlineData(unchecked((int)0x80131515), true)] // a file from elsewhere
    [InlineData(unchecked((int)0x80131040), false)] // another version
    [InlineData(unchecked((int)0x8007000B), false)] // no assembly
    [InlineData(0, false)]
    public void AFileThatWindowsBlocksIsNamedAsSuch(int problem, bool isBlocked)
    {
        Type initializer = System.Reflection.Assembly.LoadFrom(Path.Combine(Repository.Module, "KoreConnections.Resolver.dll")).GetType("KoreConnections.Resolver.ModuleInitializer", throwOnError: true)!;
        var require = initializer.GetMethod("RequireUnblocked", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.CreateDelegate<Action<Action>>();
        Exception? error = Record.Exception(() => require(() =>
        {
            if (problem != 0)
            {
                throw new FileLoadException("Could not load file or assembly.") { HResult = problem };
            }
        }));
        Assert.Equal(isBlocked, error is not null);
        Assert.True(error is null || (error.Message.StartsWith("Windows blocks files of this module. Run: Get-ChildItem '", StringComparison.Ordinal) && error.Message.Contains("| Unblock-File. ", StringComparison.Ordinal)));
    }

    private static string[] Shipped() => [.. Directory.GetFiles(Repository.Module, "*.dll"), .. Directory.GetFiles(Dependencies, "*.dll")];

    private static ReferenceCheck Check(string dependencies) =>
        new(Repository.Module, dependencies, Metadata("DesktopPowerShell"), Metadata("DesktopFramework"), Path.Combine(Metadata("DesktopFramework"), "Facades"));

    private static string Metadata(string key) => Repository.Metadata(typeof(WindowsPowerShellTests).Assembly, key);
}
