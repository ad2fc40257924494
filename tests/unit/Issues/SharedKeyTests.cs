namespace KoreConnections.Tests.Issues;

/// <summary>SharedKey, where the manifest knows some of the keys, and masks show the ends of some.</summary>
public sealed class SharedKeyTests
{
    /// <param name="connections">The end of each mask, and its key as the manifest knows it.</param>
    /// <param name="found">Of each that is found, the others that it names.</param>
    [Theory]
    [InlineData("AAA1 -, AAA1 -", "1: 2 by mask, 2: 1 by mask")]
    [InlineData("AAA1 a, AAA1 -", "1: 2 by mask, 2: 1 by mask")]
    [InlineData("AAA1 -, AAA1 a", "1: 2 by mask, 2: 1 by mask")]
    [InlineData("AAA1 a, AAA1 a", "1: 2 by manifest, 2: 1 by manifest")]
    [InlineData("AAA1 a, AAA1 b", "")]
    [InlineData("AAA1 a, BBB1 -", "")]
    [InlineData("AAA1 a, BBB1 a", "1: 2 by manifest, 2: 1 by manifest")]
    [InlineData("- a, AAA1 -", "")]
    [InlineData("- a, - a", "1: 2 by manifest, 2: 1 by manifest")]
    [InlineData("- -, - -", "")]
    [InlineData("AA1 a, AA1 -", "")]
    [InlineData("AAA1 a, AAA1 -, AAA1 -", "1: 2+3 by mask, 2: 1+3 by mask, 3: 1+2 by mask")]
    [InlineData("AAA1 a, AAA1 b, AAA1 -", "1: 3 by mask, 2: 3 by mask, 3: 1+2 by mask")]
    [InlineData("AAA1 a, AAA1 a, AAA1 -", "1: 2+3 by both, 2: 1+3 by both, 3: 1+2 by mask")]
    [InlineData("AAA1 a, - a, AAA1 -", "1: 2+3 by both, 2: 1 by manifest, 3: 1 by mask")]
    [InlineData("AAA1 a, AAA1 -, BBB1 -, BBB1 b, CCC1 c, CCC1 d", "1: 2 by mask, 2: 1 by mask, 3: 4 by mask, 4: 3 by mask")]
    public void WhatTheManifestKnowsOfAKeyTakesNothingFromWhatTheMasksShow(string connections, string found)
    {
        string[][] all = [.. connections.Split(", ").Select(c => c.Split(' '))];
        ExaminedConnection[] examined = [.. all.Select((c, i) => IssueRulesTests.Examined(new("", IssueRulesTests.OpenAI("gpt-5.5", key: "sk*****" + c[0].Trim('-'))), i + 1))];
        IssueContext context = IssueRulesTests.Context with
        {
            Plan =
            [
                .. all.Select((c, i) => new ConnectionPlanItem
                {
                    ConnectionId = $"cn-{i + 1:00}",
                    KeyStateValue = KeyLikeness.LikelySame,
                    Wanted = c[1] == "-" ? null
                        : new ManifestConnection(null!, new OpenAIDefinition { ApiKey = Secret.FromPlainText($"sk-sample-0123456789-{c[1]}-AAA1") }, []),
                }),
            ],
        };
        string[] shown = [.. KeyRules.Shared.CheckAll(examined, context).OrderBy(i => i.ConnectionId).Select(i =>
            $"{int.Parse(i.ConnectionId![3..], System.Globalization.CultureInfo.InvariantCulture)}: "
                + string.Join("+", System.Text.RegularExpressions.Regex.Matches(i.Message, "'Number 0([0-9])'").Select(m => m.Groups[1].Value).Order())
                + (i.Message.StartsWith("In the manifest", StringComparison.Ordinal) ? " by manifest" : i.Message.Contains("the manifest or") ? " by both" : " by mask"))];
        Assert.Equal(found, string.Join(", ", shown));
    }
}
