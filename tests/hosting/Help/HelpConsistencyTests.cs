using System.Reflection;
using System.Xml.Linq;

namespace KoreConnections.Tests.Help;

/// <summary>
/// The pages, what Get-Help reads, and the real parameters agree. Where the second differs from the first: ./build.ps1
/// -Task Docs.
/// </summary>
public sealed class HelpConsistencyTests
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Lazy<XDocument> Help = new(() => XDocument.Load(Path.Combine(Repository.Module, "en-US", "KoreConnections.dll-Help.xml"), LoadOptions.PreserveWhitespace));

    public static TheoryData<string> Cmdlets => new(Exported.Names);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ThePageTellsTheRealParameters(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        IReadOnlyList<ParameterMetadata> real = Exported.Parameters(cmdlet);
        Assert.Equal(real.Select(p => p.Name), page.Parameters.Select(p => p.Name));
        foreach ((ParameterMetadata expected, HelpParameter told) in real.Zip(page.Parameters))
        {
            Type type = Nullable.GetUnderlyingType(expected.ParameterType) ?? expected.ParameterType;
            Assert.Equal((expected.Name, type.FullName), (told.Name, told.Type));
            Assert.Equal(expected.Aliases, told.Aliases);
            Assert.Equal((expected.Name, expected.Attributes.OfType<SupportsWildcardsAttribute>().Any()), (told.Name, told.SupportsWildcards));
            Assert.Equal((expected.Name, expected.Attributes.OfType<ParameterAttribute>().All(a => a.DontShow)), (told.Name, told.IsHidden));
            Assert.Equal(
                expected.ParameterSets.Select(s => $"{expected.Name}: {SetName(s.Key)} {Position(s.Value.Position)} {s.Value.IsMandatory} {s.Value.ValueFromPipeline} {s.Value.ValueFromPipelineByPropertyName}").Order(StringComparer.Ordinal),
                told.Sets.Select(s => $"{told.Name}: {s.Name} {s.Position} {s.IsRequired} {s.ByValue} {s.ByPropertyName}").Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ThePageTellsTheRealDefaults(string cmdlet)
    {
        Type type = Exported.Of(cmdlet).ImplementingType;
        object instance = Activator.CreateInstance(type)!;
        foreach (HelpParameter told in HelpPage.Of(cmdlet).Parameters)
        {
            // -WhatIf and -Confirm are PowerShell's, and a reference that is null leaves the default to the code behind.
            if (type.GetProperty(told.Name) is PropertyInfo property && property.PropertyType.IsValueType)
            {
                Assert.Equal((told.Name, property.GetValue(instance)?.ToString() ?? ""), (told.Name, told.DefaultValue));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ThePageTellsTheAcceptedValues(string cmdlet)
    {
        foreach (HelpParameter told in HelpPage.Of(cmdlet).Parameters)
        {
            IReadOnlyList<string> accepted = told.Name switch
            {
                "MapProvider" => ApiValues.MapProviders.Values,
                "Feature" => ApiValues.Features.Values,
                "IOMapping" => ApiValues.IOMappings.Values,
                "Status" when cmdlet == "Set-Connection" => ApiValues.CustomApiStatuses.Values,
                _ => [.. Exported.Of(cmdlet).Parameters[told.Name].Attributes.OfType<ValidateSetAttribute>().SelectMany(v => v.ValidValues)],
            };
            Assert.Equal(accepted, told.AcceptedValues);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void ThePageTellsTheRealSyntax(string cmdlet)
    {
        IReadOnlyList<CommandParameterSetInfo> sets = Exported.Of(cmdlet).ParameterSets;
        IReadOnlyList<(string Heading, string Text)> told = HelpPage.Of(cmdlet).Syntax;
        Assert.Equal(sets.Select(s => s.Name + (s.IsDefault ? " (Default)" : "")), told.Select(t => t.Heading));
        foreach ((CommandParameterSetInfo set, (_, string text)) in sets.Zip(told))
        {
            string[] words = text.Trim('`', '\n').Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(cmdlet, words[0]);
            Assert.Equal("[<CommonParameters>]", words[^1]);
            Assert.Equal(
                Shown(set).Select(Syntax).Order(StringComparer.Ordinal),
                words.Where(w => w.TrimStart('[')[0] == '-').Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void GetHelpReadsTheTextsOfThePage(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        XElement help = HelpOf(cmdlet);
        Assert.Equal(page.Synopsis, Text(help.Element(Command + "details")?.Element(Maml + "description")));
        Assert.Equal(page.Description, Text(help.Element(Maml + "description")));
        Assert.Equal(page.Notes, Text(help.Element(Maml + "alertSet")?.Element(Maml + "alert")));
        Assert.Equal(
            page.Examples.Select(e => (e.Title, e.Code, e.Rest)),
            help.Descendants(Command + "example").Select(e => (Text(e.Element(Maml + "title")).Trim('-', ' '), e.Element(Dev + "code")!.Value, Text(e.Element(Dev + "remarks")))));
        Assert.Equal(page.Inputs, Types(help.Descendants(Command + "inputType")));
        Assert.Equal(page.Outputs, Types(help.Descendants(Command + "returnValue")));
        Assert.Equal(["Online Version", .. page.Links], help.Descendants(Maml + "linkText").Select(l => l.Value));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void GetHelpReadsTheParametersOfThePage(string cmdlet)
    {
        Assert.Equal(
            HelpPage.Of(cmdlet).Parameters.Select(p => (
                p.Name,
                p.Type,
                p.Description,
                p.DefaultValue,
                Required: p.Sets.Any(s => s.IsRequired),
                p.Sets[0].Position,
                Pipeline: PipelineInput(p),
                p.SupportsWildcards,
                Aliases: p.Aliases.Count == 0 ? "none" : string.Join(", ", p.Aliases),
                Accepted: string.Join(", ", p.AcceptedValues))),
            HelpOf(cmdlet).Element(Command + "parameters")!.Elements(Command + "parameter").Select(p => (
                Name: p.Element(Maml + "name")!.Value,
                Type: p.Element(Dev + "type")!.Element(Maml + "name")!.Value,
                Description: Text(p.Element(Maml + "description")),
                DefaultValue: p.Element(Dev + "defaultValue")?.Value ?? "",
                Required: (bool)p.Attribute("required")!,
                Position: p.Attribute("position")!.Value,
                Pipeline: p.Attribute("pipelineInput")!.Value,
                SupportsWildcards: (bool)p.Attribute("globbing")!,
                Aliases: p.Attribute("aliases")!.Value,
                Accepted: string.Join(", ", p.Element(Command + "parameterValueGroup")?.Elements().Select(v => v.Value) ?? []))));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void GetHelpReadsTheRealSyntax(string cmdlet) => Assert.Equal(
        Exported.Of(cmdlet).ParameterSets.Select(set => string.Join(" ", Shown(set).Select(p => $"{p.Name}:{p.IsMandatory}:{Position(p.Position)}").Order(StringComparer.Ordinal))),
        HelpOf(cmdlet).Descendants(Command + "syntaxItem").Select(item => string.Join(" ", item.Elements(Command + "parameter")
            .Select(p => $"{p.Element(Maml + "name")!.Value}:{(bool)p.Attribute("required")!}:{(p.Attribute("position")!.Value is "named" ? "Named" : p.Attribute("position")!.Value)}")
            .Order(StringComparer.Ordinal))));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void OnlineHelpIsTheSameEverywhere(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        Assert.StartsWith("https://", page.Metadata("HelpUri"), StringComparison.Ordinal);
        Assert.Equal(page.Metadata("HelpUri"), Exported.Of(cmdlet).ImplementingType.GetCustomAttribute<CmdletAttribute>()!.HelpUri);
        Assert.Equal(page.Metadata("HelpUri"), HelpOf(cmdlet).Descendants(Maml + "uri").First().Value);
        Assert.Equal(cmdlet, page.Metadata("title"));
        Assert.Equal("KoreConnections.dll-Help.xml", page.Metadata("external help file"));
    }

    private static XElement HelpOf(string cmdlet) => Help.Value.Root!.Elements(Command + "command").Single(c => c.Element(Command + "details")!.Element(Command + "name")!.Value == cmdlet);

    private static IEnumerable<CommandParameterInfo> Shown(CommandParameterSetInfo set) => set.Parameters
        .Where(p => !Cmdlet.CommonParameters.Contains(p.Name) && !p.Attributes.OfType<ParameterAttribute>().Any(a => a.DontShow && a.ParameterSetName == set.Name));

    // [-Name] where the name can be left out, [[-Name] where all can; a value that follows in <> is told apart by type.
    private static string Syntax(CommandParameterInfo parameter)
    {
        bool isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        string name = parameter.Position >= 0 ? $"[-{parameter.Name}]" : $"-{parameter.Name}";
        return parameter.IsMandatory ? name : isSwitch ? $"[{name}]" : $"[{name}";
    }

    private static string PipelineInput(HelpParameter parameter) => (parameter.Sets.Any(s => s.ByValue), parameter.Sets.Any(s => s.ByPropertyName)) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };

    private static IEnumerable<(string, string)> Types(IEnumerable<XElement> types) =>
        types.Select(t => (t.Element(Dev + "type")!.Element(Maml + "name")!.Value, Text(t.Element(Maml + "description"))));

    private static string Text(XElement? element) =>
        element is null ? "" : element.HasElements ? string.Join("\n\n", element.Elements(Maml + "para").Select(p => p.Value)).Trim('\n') : element.Value;

    private static string SetName(string name) => name == ParameterAttribute.AllParameterSets ? "(All)" : name;

    private static string Position(int position) => position < 0 ? "Named" : position.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
