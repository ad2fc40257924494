namespace KoreConnections.Tests.Help;

/// <summary>A page of docs/en-US as PlatyPS lays it out.</summary>
internal sealed class HelpPage
{
    private readonly string _text;

    private HelpPage(string path)
    {
        _text = File.ReadAllText(path).Replace("\r", "", StringComparison.Ordinal);
        Name = Path.GetFileNameWithoutExtension(path);
        Parameters = Headed(Section("PARAMETERS")).Where(p => p.Heading != "CommonParameters").Select(p => new HelpParameter(p.Heading.TrimStart('-'), p.Text)).ToArray();
        Examples = Headed(Section("EXAMPLES")).Select(e => new HelpExample(e.Heading, e.Text)).ToArray();
    }

    public static string Folder { get; } = Path.Combine(Repository.Root, "docs", "en-US");

    public string Name { get; }

    public IReadOnlyList<HelpParameter> Parameters { get; }

    public IReadOnlyList<HelpExample> Examples { get; }

    public string Synopsis => Section("SYNOPSIS");

    public string Description => Section("DESCRIPTION");

    public string Notes => Section("NOTES");

    /// <summary>Parameter sets with the text of their syntax; the default one is marked as PlatyPS does.</summary>
    public IReadOnlyList<(string Heading, string Text)> Syntax => Headed(Section("SYNTAX"));

    public IReadOnlyList<(string Heading, string Text)> Inputs => Headed(Section("INPUTS"));

    public IReadOnlyList<(string Heading, string Text)> Outputs => Headed(Section("OUTPUTS"));

    public IReadOnlyList<string> Links => Regex.Matches(Section("RELATED LINKS"), @"^- \[(.+?)\]\(.+?\)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToArray();

    public static HelpPage Of(string cmdlet) => new(Path.Combine(Folder, cmdlet + ".md"));

    public string? Metadata(string key) => Regex.Match(_text, $@"\A---\n(?:.*\n)*?{Regex.Escape(key)}: *(.*)\n(?:.*\n)*?---\n").Groups is [_, { Success: true } value] ? value.Value : null;

    private string Section(string heading) =>
        Regex.Match(_text, $@"^## {Regex.Escape(heading)}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value.Trim('\n');

    private static (string Heading, string Text)[] Headed(string section) =>
        Regex.Matches(section, @"^### ([^\n]+)\n(.*?)(?=^### |\z)", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value.Trim('\n')))
            .ToArray();
}

/// <summary>An example: blocks of PowerShell, what they show, and text.</summary>
internal sealed record HelpExample(string Title, string Text)
{
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.Singleline;

    public string Code { get; } = string.Join("\n", Regex.Matches(Text, @"^```powershell\n(.*?)\n```$", Lines).Select(m => m.Groups[1].Value));

    /// <summary>What is left without the code and the fences.</summary>
    public string Rest { get; } = Regex.Replace(
        Regex.Replace(Regex.Replace(Text, @"^```powershell\n.*?\n```$", "", Lines), "^```(Output)?$", "", RegexOptions.Multiline),
        "\n{3,}",
        "\n\n").Trim('\n');
}

/// <summary>A parameter: its text, and the facts below it.</summary>
internal sealed class HelpParameter
{
    private readonly string _facts;

    public HelpParameter(string name, string text)
    {
        Name = name;
        string[] parts = Regex.Split(text, @"\n*^```yaml\n", RegexOptions.Multiline);
        Description = parts[0];
        _facts = parts[1].Replace("\n```", "\n", StringComparison.Ordinal);
        Sets = Regex.Matches(_facts, @"^- Name: (.+)\n((?:  .+\n)+)", RegexOptions.Multiline).Select(m => new HelpParameterSet(m.Groups[1].Value, m.Groups[2].Value)).ToArray();
    }

    public string Name { get; }

    public string Description { get; }

    public IReadOnlyList<HelpParameterSet> Sets { get; }

    public string Type => Fact("Type");

    public string DefaultValue => Fact("DefaultValue").Trim('\'');

    public bool SupportsWildcards => bool.Parse(Fact("SupportsWildcards"));

    public bool IsHidden => bool.Parse(Fact("DontShow"));

    public IReadOnlyList<string> Aliases => List("Aliases");

    public IReadOnlyList<string> AcceptedValues => List("AcceptedValues");

    private string Fact(string name) => Regex.Match(_facts, $"^{name}: *(.*)$", RegexOptions.Multiline).Groups[1].Value;

    private string[] List(string name) =>
        Regex.Match(_facts, $@"^{name}:\n((?:- .+\n)+)", RegexOptions.Multiline).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[2..]).ToArray();
}

/// <summary>A parameter's part in one of the parameter sets.</summary>
internal sealed record HelpParameterSet(string Name, string Facts)
{
    public string Position => Fact("Position");

    public bool IsRequired => Flag("IsRequired");

    public bool ByValue => Flag("ValueFromPipeline");

    public bool ByPropertyName => Flag("ValueFromPipelineByPropertyName");

    private bool Flag(string name) => bool.Parse(Fact(name));

    private string Fact(string name) => Regex.Match(Facts, $"^  {name}: *(.*)$", RegexOptions.Multiline).Groups[1].Value;
}
