using CsCheck;

namespace KoreConnections.Tests.AsCode;

/// <summary>What YAML without quotation marks means, and what <c>${env:NAME}</c> does to it.</summary>
public sealed class YamlCoreSchemaTests
{
    [Theory]
    [InlineData("", NodeKind.Null, null)]
    [InlineData("~", NodeKind.Null, null)]
    [InlineData("Null", NodeKind.Null, null)]
    [InlineData("true", NodeKind.Flag, null)]
    [InlineData("FALSE", NodeKind.Flag, null)]
    [InlineData("yes", NodeKind.Text, null)]
    [InlineData("0", NodeKind.Number, "0")]
    [InlineData("-0", NodeKind.Number, "-0")]
    [InlineData("+007", NodeKind.Number, "7")]
    [InlineData("123456789012345678901234567890", NodeKind.Number, "123456789012345678901234567890")]
    [InlineData("1.10", NodeKind.Number, "1.10")]
    [InlineData(".5", NodeKind.Number, "0.5")]
    [InlineData("-5.", NodeKind.Number, "-5")]
    [InlineData("6.02e23", NodeKind.Number, "6.02e23")]
    [InlineData("0x1F", NodeKind.Number, "31")]
    [InlineData("0o17", NodeKind.Number, "15")]
    [InlineData(".inf", NodeKind.Number, null)]
    [InlineData("-.INF", NodeKind.Number, null)]
    [InlineData(".nan", NodeKind.Number, null)]
    [InlineData(".", NodeKind.Text, null)]
    [InlineData("-", NodeKind.Text, null)]
    [InlineData("e5", NodeKind.Text, null)]
    [InlineData("2024-08-01", NodeKind.Text, null)]
    [InlineData("1_000", NodeKind.Text, null)]
    [InlineData("0x", NodeKind.Text, null)]
    [InlineData("1.2.3", NodeKind.Text, null)]
    public void PlainScalarsFollowTheCoreSchema(string text, object kind, string? json) =>
        Assert.Equal(((NodeKind)kind, json), YamlCoreSchema.Kind(text));

    [Theory]
    [InlineData("a ${env:ONE} b", "a 1 b", true)]
    [InlineData("${ENV:ONE}${env:ONE}", "11", true)]
    [InlineData("$${env:ONE}", "${env:ONE}", false)]
    [InlineData("$$${env:ONE}", "$${env:ONE}", false)]
    [InlineData("${{ env:ONE }} {{env:ONE}} ${ONE} $env:ONE", "${{ env:ONE }} {{env:ONE}} ${ONE} $env:ONE", false)]
    [InlineData("${env:program(x86)}", "x86", true)]
    public void VariablesAreFilledIn(string text, string expected, bool isSubstituted)
    {
        var variables = new Dictionary<string, string> { ["ONE"] = "1", ["program(x86)"] = "x86" };
        (string filled, Substituted? origin) = VariableExpansion.Apply(text, variables.GetValueOrDefault, p => Assert.Fail(p));
        Assert.Equal((expected, isSubstituted ? text : null), (filled, origin?.Written));
    }

    [Theory]
    [InlineData("${env:}")]
    [InlineData("${env:A")]
    [InlineData("${env:A B}")]
    [InlineData("${env:MISSING}")]
    [InlineData("${env:EMPTY}")]
    public void WhatCannotBeFilledInIsAProblem(string text)
    {
        var problems = new List<string>();
        Assert.Equal((text, null), VariableExpansion.Apply(text, name => name == "EMPTY" ? "" : null, problems.Add));
        Assert.Single(problems);
    }

    [Fact]
    public void WhatIsEscapedIsReadBackAsItWas() => CsCheck.Check.Sample(
        Gen.OneOf("$", "{", "env:", "ENV:", "}", "A", "$${env:", " ").Array[0, 12],
        parts =>
        {
            string text = string.Concat(parts);
            Assert.Equal(text, VariableExpansion.Apply(VariableExpansion.Escape(text), _ => "no", p => Assert.Fail(p)).Text);
        });

    [Theory]
    [InlineData("modle", "model")]
    [InlineData("headers", "header")]
    [InlineData("apikey_", "apiKey")]
    [InlineData("nmae", "name")]
    [InlineData("resource", "resourceName")]
    [InlineData("zzzzzz", null)]
    [InlineData("", null)]
    public void TheNearestNameIsFound(string typed, string? nearest) =>
        Assert.Equal(nearest, SpellingSuggestion.Of(typed, Array.ConvertAll([.. ConnectionFields.All], p => p.Name)));

    /// <summary>The search gives up on a name early. It finds the same as one that compares them all to their ends.</summary>
    [Fact]
    public void TheNearestOfManyNamesIsFound() => CsCheck.Check.Sample(
        Gen.Select(Gen.Char["abc"].Array[1, 9].Select(string.Concat), Gen.Char["abc"].Array[1, 9].Select(string.Concat).Array[0, 6]),
        names =>
        {
            (string typed, string[] known) = names;
            (string Name, int Distance)[] near =
                [.. known.Select(n => (n, Distance(typed, n))).Where(n => n.Item2 <= Math.Max(1, Math.Max(typed.Length, n.n.Length) / 3)).OrderBy(n => n.Item2)];
            Assert.Equal(near.FirstOrDefault().Name, SpellingSuggestion.Of(typed, known));
        });

    private static int Distance(string a, string b) =>
        a.Length == 0 || b.Length == 0 ? a.Length + b.Length
        : new[]
        {
            Distance(a[1..], b) + 1,
            Distance(a, b[1..]) + 1,
            Distance(a[1..], b[1..]) + (a[0] == b[0] ? 0 : 1),
            a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0] ? Distance(a[2..], b[2..]) + 1 : int.MaxValue,
        }.Min();
}
