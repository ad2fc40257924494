using System.Reflection;

namespace KoreConnections.Tests.Help;

/// <summary>What the code has in one list and needs elsewhere, in other code or in the help: nothing of it is forgotten there.</summary>
public sealed class RegistryTests
{
    private static readonly string Topic = File.ReadAllText(Path.Combine(HelpPage.Folder, "about_KoreConnections_Errors.help.txt"));

    public static TheoryData<string> Schemes => [.. KeySources.All.Where(s => s.IsBuiltIn).Select(s => s.Scheme)];

    public static TheoryData<KoreErrorKind> Kinds => [.. Enum.GetValues<KoreErrorKind>()];

    /// <summary>A scheme without code in KeyResolver is a fault of the module, and no reference that leads nowhere.</summary>
    [Theory, MemberData(nameof(Schemes))]
    public void CodeAnswersForEachBuiltInScheme(string scheme)
    {
        using var place = new SandboxFixture();
        ShellResult result = place.Shell.Run($"New-Connection -OpenAI -Name A -Model gpt-5.5 -ApiKey '{scheme}:kore-none/such'");
        Assert.StartsWith("KoreInvalidInput,", Assert.Single(result.AllErrors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("kore-none/such", result.AllErrors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EachSourceOfTheModuleHasAScheme()
    {
        using var shell = new Shell();
        IEnumerable<Type> sources = ModuleOf(shell).GetTypes().Where(t => t.Name.EndsWith("Source", StringComparison.Ordinal) && t is { IsClass: true, IsNested: false });
        Assert.Equal(KeySources.All.Count(s => s.IsBuiltIn), sources.Count(t => t.BaseType != typeof(KeySource)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void EachKindOfErrorHasACategoryAndAnEntry(KoreErrorKind kind)
    {
        using var shell = new Shell();
        MethodInfo map = ModuleOf(shell).GetType("KoreConnections.Commands.Errors")!.GetMethod("ToRecord")!;
        var record = (ErrorRecord)map.Invoke(null, [new KoreException(kind, "It failed."), null, null, null])!;
        Assert.Equal($"Kore{kind}", record.FullyQualifiedErrorId);
        Assert.Contains($"\n    Kore{kind} ({record.CategoryInfo.Category})", Topic, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTopicCountsTheKindsOfErrors()
    {
        string[] numbers = ["twelve", "thirteen", "fourteen", "fifteen", "sixteen"];
        Assert.Contains($"one of {numbers[Enum.GetValues<KoreErrorKind>().Length - 12]} error ids", Topic, StringComparison.Ordinal);
    }

    private static Assembly ModuleOf(Shell shell) => ((CmdletInfo)shell.RunClean("Get-Command Get-Connection").Single().BaseObject).ImplementingType.Assembly;
}
