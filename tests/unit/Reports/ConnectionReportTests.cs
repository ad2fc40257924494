using System.Security.Cryptography;
using CsCheck;

namespace KoreConnections.Tests.Reports;

/// <summary>The report's page, as a browser reads it: what can be in it, whatever is in the connections.</summary>
public sealed class ConnectionReportTests
{
    private static readonly DateTime Day = new(2026, 11, 27, 7, 0, 0);
    private static readonly IssueContext Context = new(Day, 90, 90);
    private static readonly string[] Tags =
    [
        "a", "body", "caption", "code", "dd", "div", "dl", "dt", "footer", "h1", "h2", "head", "header", "html", "li", "main", "meta", "p", "rect", "script", "section", "span",
        "strong", "style", "svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
    ];

    private static readonly string[] Attributes =
    [
        "aria-hidden", "aria-labelledby", "charset", "class", "content", "data-choose", "data-value", "height", "href", "http-equiv", "id", "lang", "name", "preserveAspectRatio", "role",
        "scope", "tabindex", "viewBox", "width", "x",
    ];

    private static readonly string[] Hostile =
    [
        "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)", "{{script}}", "{{body}}", "<!--", "]]>", "</style>", "&lt;b&gt;",
        "javascript:alert(1)", "\u202Egnp.exe", "\u0000<b>", "\uD800", "##vso[task.complete result=Failed;]", "a\r\n<hr>",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.Int[0, Hostile.Length - 1].Select(i => Hostile[i]));

    [Fact]
    public void NoTextBecomesMarkupWhateverItIs() => Gen.Select(Text, Text, Text, Text).Sample(t =>
    {
        string html = Page([Connection(t.Item1, "Open AI", t.Item2, t.Item3)], [Issue(t.Item4, IssueSeverity.Error, Day)], t.Item1);
        AssertInert(html);
    }, iter: 300);

    [Theory]
    [InlineData("sk-proj-4f1c7a90b2d85e63MQAA")]
    [InlineData("sk-ant-api03-4f1c7a90b2d85e63MQAA")]
    [InlineData("sk*****************MQAA")]
    [InlineData("***MQAA")]
    [InlineData("sk-...MQAA")]
    [InlineData("sk-live-…MQAA")]
    [InlineData("https://example.com/?key=4f1c7a90b2d85e63MQAA")]
    [InlineData("{\"api_key\": \"4f1c7a90b2d85e63MQAA\"}")]
    [InlineData("https://user:4f1c7a90b2d85e63MQAA@example.com")]
    public void NeitherAKeyNorTheEndOfAMaskIsShown(string secret)
    {
        string html = Page([Connection($"Desk {secret}", secret, secret, $"cn-1 {secret}")], [Issue($"The key '{secret}' is refused.", IssueSeverity.Error, null)], $"Report {secret}");
        Assert.DoesNotContain("4f1c7a90b2d85e63", html, StringComparison.Ordinal);
        Assert.DoesNotContain("MQAA", html, StringComparison.Ordinal);
        Assert.Contains("Desk ", html, StringComparison.Ordinal);
    }

    // It took the square of the length: a minute for two names of 60 kB.
    [Theory]
    [InlineData("a"), InlineData("sk-"), InlineData("a="), InlineData("sk-a..."), InlineData(" ", ": ;"), InlineData("a ", "=;"), InlineData(" =", "a;")]
    public void APageOfLongTextsTakesTimeByTheirLength(string again, string end = "") =>
        Assert.NotEmpty(Page([.. Enumerable.Range(0, 5).Select(_ => Connection(string.Concat(Enumerable.Repeat(again, 60_000)) + end))], []));

    [Theory]
    [InlineData("claude-3-5-haiku-20241022")]
    [InlineData("ft:gpt-3.5-turbo-0125:acme::1")]
    [InlineData("Überprüfung «Verträge» 契約 🚀")]
    [InlineData("A very long name of a connection that belongs to a department with many words in its own name")]
    [InlineData("2 * 3 ** 4")]
    [InlineData("Sales…EMEA")]
    [InlineData("Phase-10...30")]
    public void AnHonestNameIsShownAsItIs(string name) => Assert.Contains($">{name.Replace("::", ": :", StringComparison.Ordinal)}</th>", Page([Connection(name)], []), StringComparison.Ordinal);

    [Fact]
    public void ItsPolicyAllowsItsOwnStyleAndScriptAndNothingElse()
    {
        string html = Page([Connection("Desk")], []);
        string policy = Regex.Match(html, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        Assert.Equal($"default-src 'none'; style-src '{Hash("style")}'; script-src '{Hash("script")}'; base-uri 'none'; form-action 'none'", policy);

        string Hash(string tag) =>
            "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Regex.Match(html, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value)));
    }

    [Fact]
    public void TheSameConnectionsGiveTheSamePage()
    {
        ConnectionIssue[] issues = [Issue("a", IssueSeverity.Warning, Day.AddDays(9)), Issue("b", IssueSeverity.Information, null)];
        Connection[] connections = [Connection("B"), Connection("a"), Connection("C")];
        Assert.Equal(Page(connections, issues), Page([.. connections.Reverse()], issues));
    }

    [Theory]
    [InlineData("Good", "No action is needed.")]
    [InlineData("Good", "No action is needed.", "KeyUnverified:Information:")]
    [InlineData("Warning", "1 connection may fail or behave unexpectedly.", "Draft:Warning:")]
    [InlineData("Warning", "Next date: 2026-11-28, in 1 day: gpt-4o ends for 1 connection.", "ModelRetiring:Warning:2026-11-28")]
    [InlineData("Warning", "Next date: 2026-12-11, in 14 days: gpt-4o ends for 2 connections.", "ModelRetiring:Warning:2026-12-11", "ModelRetiring:Warning:2026-12-11", "ModelRetiring:Warning:2027-01-14")]
    [InlineData("Warning", "Overdue for 1 connection: key old (1).", "KeyOld:Warning:2026-11-01", "ModelRetiring:Warning:2026-12-11")]
    [InlineData("Error", "Act now: 1 connection fails or exposes a secret.", "ModelRetired:Error:2026-10-23", "KeyOld:Warning:2026-11-01")]
    [InlineData("Error", "Act now: 2 connections fail or expose a secret.", "KeyInEndpoint:Error:", "KeyRejected:Error:")]
    public void TheHeadlineSaysWhatToDoByWhen(string level, string headline, params string[] found)
    {
        ConnectionIssue[] issues = [.. found.Select((f, i) => f.Split(':') is [var rule, var severity, var due]
            ? Issue("m", Enum.Parse<IssueSeverity>(severity), due.Length == 0 ? null : DateTime.Parse(due, System.Globalization.CultureInfo.InvariantCulture), rule, $"cn-{i}")
            : throw new ArgumentException(f))];
        Assert.Contains($"<section class=\"lead {level}\"><h2>{headline}</h2>", Page([Connection("Desk")], issues), StringComparison.Ordinal);
    }

    private const string May = "Azure OpenAI may retire the model 'x' on 2026-12-11 (its page of 2026-09-02): the version of the deployment decides.";
    private const string Accepted = "OpenAI retired the model 'x' on 2026-10-23 (its page of 2026-10-15), but still accepts requests to it.";
    private const string Sure = "OpenAI retires the model 'x' on 2026-12-11: requests to it fail from then on.";

    // The day of a finding, and the certainty too: the table may know less.
    [Theory]
    [InlineData("Next date: 2026-12-11, in 14 days: a may end for 1 connection.", "2026-12-11 or later", "in 14 days", "Warning", May, "2026-12-11", "a")]
    [InlineData("Next date: 2026-12-11, in 14 days: a ends for 1 connection.", "2026-12-11", "in 14 days", "Warning", Sure, "2026-12-11", "a")]
    [InlineData("Next date: 2026-12-11, in 14 days: a and 1 more may end for 2 connections.", "2026-12-11 or later", "in 14 days", "Warning", May, "2026-12-11", "a", May, "b")]
    [InlineData("Next date: 2026-12-11, in 14 days: b and 1 more end or may end for 2 connections.", "2026-12-11 or later", "in 14 days", "Warning", May, "2026-12-11", "a", Sure, "b")]
    [InlineData("Next date: 2026-12-11, in 14 days: Model retiring for 1 connection.", "2026-12-11 or later", "in 14 days", "Warning", May, "2026-12-11", null)]
    [InlineData("Overdue for 1 connection: model may be retired (1).", "2026-10-23 or later", "may have ended 35 days ago", "Warning", Accepted, "2026-10-23", "a")]
    [InlineData("Overdue for 2 connections: model may be retired (2).", "2026-10-23 or later", "may have ended 35 days ago", "Warning", Accepted, "2026-10-23", "a", May, "b")]
    public void WhatIsUncertainOfAModelIsSaid(string headline, string ends, string left, string level, string message, string due, string? model, string? message2 = null, string? model2 = null)
    {
        DateTime day = DateTime.Parse(due, System.Globalization.CultureInfo.InvariantCulture);
        List<ConnectionIssue> issues = [];
        foreach ((string? text, string? name) in new[] { (message, model), (message2, model2) }.Where(p => p.Item1 is not null))
        {
            ConnectionIssue issue = Issue(text!, IssueSeverity.Warning, day, day > Day ? "ModelRetiring" : "ModelRetired", $"cn-{issues.Count}");
            issue.Model = name;
            issues.Add(issue);
        }

        string html = Page([Connection("Desk", "Azure Open AI", "GPT-4o")], issues);
        Assert.Contains($"<section class=\"lead Warning\"><h2>{headline}</h2>", html, StringComparison.Ordinal);
        Assert.Contains($"<td>{ends}</td><td>Azure Open AI</td>", html, StringComparison.Ordinal);
        Assert.Matches($"<span>{left}</span><svg [^>]*>.*?<rect x=\"0\" width=\"\\d+\" height=\"10\" class=\"{level}\">", html);
    }

    [Theory]
    [InlineData("Good", "No action is needed.", "", IssueSeverity.Information)]
    [InlineData("Information", "There are no findings of the checked rules.", "Drift", IssueSeverity.Information)]
    [InlineData("Information", "There are no findings of the checked rules.", "ModelRetired ModelRetiring", IssueSeverity.Information)]
    [InlineData("Good", "There are no findings of severity Error or above.", "", IssueSeverity.Error)]
    [InlineData("Information", "There are no findings of severity Error or above.", "ModelRetired", IssueSeverity.Error)]
    public void WithoutAllRulesThereIsNoAllClear(string level, string headline, string without, IssueSeverity minimum)
    {
        IssueRule[] rules = [.. IssueRules.All.Where(r => !without.Split(' ').Contains(r.Id))];
        var examination = new Examination([new ExaminedConnection(Connection("Desk", model: "gpt-4"))], rules, [], Context, []) { MinimumSeverity = minimum };
        string html = new ConnectionReport("t", "p", examination).ToHtml();
        Assert.Contains($"<section class=\"lead {level}\"><h2>{headline}</h2>", html, StringComparison.Ordinal);
        Assert.Equal(without.Length > 0, html.Contains("ot every rule was checked.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(90, 90), InlineData(365, 30), InlineData(1, 0)]
    public void WhatWasCheckedHasTheDaysThatWereUsed(int within, int age)
    {
        string html = new ConnectionReport("t", "p", new Examination([], IssueRules.All, [], new IssueContext(Day, within, age), [])).ToHtml();
        Assert.Contains($"retires the model within {Phrases.Count(within, "day")}.", html, StringComparison.Ordinal);
        Assert.Contains($"is older than {Phrases.Count(age, "day")}:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Days (", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Information", "No action is needed for the given findings.")]
    [InlineData("Information", "No action is needed for the given findings.", "Draft:Information")]
    [InlineData("Warning", "1 connection may fail or behave unexpectedly.", "Draft:Warning")]
    public void GivenFindingsAreNoAllClear(string level, string headline, params string[] given)
    {
        ConnectionIssue[] issues = [.. given.Select(g => g.Split(':')).Select(g => Issue("m", Enum.Parse<IssueSeverity>(g[1]), null, g[0]))];
        var examination = new Examination([], null, issues, Context, []);
        Assert.Contains($"<section class=\"lead {level}\"><h2>{headline}</h2>", new ConnectionReport("t", "p", examination).ToHtml(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-27", "ended today", "365", "Error")]
    [InlineData("2026-10-23", "ended 35 days ago", "365", "Error")]
    [InlineData("2026-11-28", "in 1 day", "1", "Warning")]
    [InlineData("2027-02-25", "in 90 days", "90", "Warning")]
    [InlineData("2027-02-26", "in 91 days", "91", "Information")]
    [InlineData("2029-01-01", "in 766 days", "365", "Information")]
    public void TheTimelineShowsTheTimeThatIsLeft(string end, string words, string width, string level)
    {
        ConnectionIssue issue = Issue("m", IssueSeverity.Warning, DateTime.Parse(end, System.Globalization.CultureInfo.InvariantCulture), "ModelRetiring");
        Assert.Matches($"<span>{words}</span><svg [^>]*>.*?<rect x=\"0\" width=\"{width}\" height=\"10\" class=\"{level}\">", Page([Connection("Desk")], [issue]));
    }

    [Fact]
    public void AThousandConnectionsWithFourLongFindingsEachStayUnderTwoMegabytes()
    {
        Connection[] connections = [.. Enumerable.Range(0, 1000).Select(i => Connection($"Department of contracts {i}", id: $"cn-{Guid.NewGuid()}"))];
        ConnectionIssue[] issues = [.. connections.SelectMany(c => new[] { "KeyOld", "SharedKey", "Drift", "ModelRetiring" }.Select(rule =>
            Issue($"The key of {c.ConnectionName} is at least 214 days old: the connection was last changed on 2026-04-27.", IssueSeverity.Warning, Day.AddDays(-3), rule, c.ConnectionId)))];
        Assert.InRange(Page(connections, issues).Length, 1_000_000, 2_000_000);
    }

    private static void AssertInert(string html)
    {
        string[] scripts = [.. Regex.Matches(html, "<script>").Select(m => m.Value)];
        Assert.Single(scripts);
        // Without the two parts that are ours as they are.
        string rest = Regex.Replace(Regex.Replace(html, "<style>.*?</style>", "<style></style>", RegexOptions.Singleline), "<script>.*?</script>", "<script></script>", RegexOptions.Singleline);
        rest = rest.Replace("<!doctype html>", "", StringComparison.Ordinal);
        MatchCollection tags = Regex.Matches(rest, "<(/?)([a-zA-Z0-9]+)((?: [a-zA-Z-]+=\"[^\"<>]*\")*)>");
        Assert.Equal(rest.Count(c => c == '<'), tags.Count);
        Assert.Equal(rest.Count(c => c == '>'), tags.Count);
        Assert.All(tags, t => Assert.Contains(t.Groups[2].Value, Tags));
        Assert.All(tags.SelectMany(t => Regex.Matches(t.Groups[3].Value, " ([a-zA-Z-]+)=\"([^\"]*)\"")), a =>
        {
            Assert.Contains(a.Groups[1].Value, Attributes);
            Assert.True(a.Groups[1].Value != "href" || Regex.IsMatch(a.Groups[2].Value, "^#action-[0-9]+$"), a.Value);
        });
        Assert.DoesNotMatch("[\u0000-\u0009\u000B-\u001F\u202A-\u202E]", rest);
    }

    private static string Page(IReadOnlyList<Connection> connections, IReadOnlyList<ConnectionIssue> issues, string title = "Report") =>
        new ConnectionReport(title, "platform.example.com", new Examination([.. connections.Select(c => new ExaminedConnection(c))], IssueRules.All, issues, Context, [])).ToHtml();

    private static Connection Connection(string name, string provider = "Open AI", string model = "gpt-4o", string? id = "cn-0") =>
        new() { ConnectionName = name, Provider = provider, Model = model, Status = "ACTIVE", ConnectionId = id, ModifiedOn = Day };

    private static ConnectionIssue Issue(string message, IssueSeverity severity, DateTime? due, string rule = "KeyOld", string? id = "cn-0") =>
        new() { Rule = rule, SeverityValue = severity, DueOn = due, ConnectionName = "Desk", ConnectionId = id, Provider = "Open AI", Model = "gpt-4o", Message = message, Advice = "Do something." };
}
