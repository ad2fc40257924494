using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace KoreConnections.Tests.Help;

/// <summary>What Get-Help tells of each cmdlet, and the about topics.</summary>
public sealed class HelpTests
{
    private const int TopicWidth = 80;

    private static readonly string[] Topics = ["about_KoreConnections", "about_KoreConnections_Errors", "about_KoreConnections_Issues", "about_KoreConnections_Keys", "about_KoreConnections_Manifest"];

    public static TheoryData<string> Cmdlets => new(Exported.Names);

    [Fact]
    public void EachCmdletHasItsPageAndEachPageItsCmdlet() =>
        Assert.Equal(Exported.Names, Directory.GetFiles(HelpPage.Folder, "*-*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void GetHelpIsComplete(string cmdlet)
    {
        using var shell = new Shell();
        HelpPage page = HelpPage.Of(cmdlet);
        shell.RunClean($"$help = Get-Help {cmdlet} -Full");
        Assert.All([page.Synopsis, page.Description], Assert.NotEmpty);
        Assert.Equal([page.Synopsis, page.Description], Texts("$help.Synopsis; $help.description.Text"));
        Assert.True(page.Examples.Count >= 3, $"{cmdlet} has {page.Examples.Count} examples.");
        Assert.Equal(page.Examples.Select(e => e.Code), Texts("$help.examples.example.code"));
        Assert.Equal(
            page.Parameters.Select(p => $"{p.Name}: {p.Description}"),
            Texts("foreach ($p in $help.parameters.parameter) { \"$($p.name): $($p.description.Text -join \"`n\")\" }"));
        Assert.All(page.Parameters, p => Assert.NotEmpty(p.Description));
        Assert.Equal(page.Inputs.Select(i => i.Heading), Texts("$help.inputTypes.inputType.type.name"));
        Assert.Equal(page.Outputs.Select(o => o.Heading), Texts("$help.returnValues.returnValue.type.name"));

        IEnumerable<string> Texts(string script) => shell.RunClean(script).Select(t => t.ToString());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ErrorsAndSourceAreTold(string cmdlet)
    {
        string notes = HelpPage.Of(cmdlet).Notes;
        Assert.True(notes.Contains("Errors, by id:", StringComparison.Ordinal) || notes.Contains("writes no errors", StringComparison.Ordinal), notes);
        Assert.True(notes.Contains("Source: ", StringComparison.Ordinal) || notes.Contains("has no counterpart in the API", StringComparison.Ordinal), notes);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ExamplesAreNumberedAndUseParametersThatThereAre(string cmdlet)
    {
        using var shell = new Shell();
        Runspace? before = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = shell.Runspace;
        try
        {
            IReadOnlyList<HelpExample> examples = HelpPage.Of(cmdlet).Examples;
            for (int i = 0; i < examples.Count; i++)
            {
                Assert.StartsWith($"Example {i + 1}: ", examples[i].Title, StringComparison.Ordinal);
                ScriptBlockAst script = Parser.ParseInput(examples[i].Code, out _, out ParseError[] errors);
                Assert.Empty(errors);
                CommandAst[] ours = script.FindAll(a => a is CommandAst command && Exported.Names.Contains(command.GetCommandName()), true).Cast<CommandAst>().ToArray();
                // A splatted table is not known here.
                Assert.All(ours, command => Assert.DoesNotContain(StaticParameterBinder.BindCommand(command).BindingExceptions.Keys, k => k[0] != '@'));
            }
        }
        finally
        {
            Runspace.DefaultRunspace = before;
        }
    }

    [Fact]
    public void NothingIsLeftToFillIn()
    {
        Assert.All(Directory.GetFiles(HelpPage.Folder), file => Assert.DoesNotMatch(@"\{\{ ?(Fill|Add|Insert|Update|Please|Enter)", File.ReadAllText(file)));
    }

    [Fact]
    public void TheModulesPageListsEachCmdletWithItsSynopsis()
    {
        string text = File.ReadAllText(Path.Combine(HelpPage.Folder, "KoreConnections.md")).Replace("\r", "", StringComparison.Ordinal);
        IEnumerable<string> entries = Exported.Names.Select(c => $"### [{c}]({c}.md)\n\n{HelpPage.Of(c).Synopsis}\n");
        Assert.EndsWith("## KoreConnections Cmdlets\n\n" + string.Join("\n", entries), text, StringComparison.Ordinal);
    }

    [Fact]
    public void GetHelpFindsTheTopics()
    {
        using var shell = new Shell();
        Assert.Equal(Topics, shell.RunClean("Get-Help about_KoreConnections*").Select(t => (string)t.Properties["Name"].Value).Order(StringComparer.Ordinal));
        foreach (string topic in Topics)
        {
            string text = File.ReadAllText(Path.Combine(HelpPage.Folder, topic + ".help.txt"));
            PSObject found = Assert.Single(shell.RunClean($"Get-Help {topic}"));
            Assert.Equal(text, found.BaseObject as string);
            string[] lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n');
            Assert.Equal(["TOPIC", "SHORT DESCRIPTION", "LONG DESCRIPTION", "EXAMPLES", "KEYWORDS", "SEE ALSO"], lines.Where(l => l.Length > 0 && l[0] != ' '));
            Assert.All(lines, l => Assert.True(l.Length <= TopicWidth && l.All(char.IsAscii), l));
        }
    }

    [Fact]
    public void TheTopicOnErrorsNamesEachId()
    {
        string text = File.ReadAllText(Path.Combine(HelpPage.Folder, "about_KoreConnections_Errors.help.txt"));
        Assert.All(Enum.GetNames<KoreErrorKind>(), kind => Assert.Contains($"\n    Kore{kind} (", text, StringComparison.Ordinal));
    }
}
