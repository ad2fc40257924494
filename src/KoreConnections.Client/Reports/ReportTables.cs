namespace KoreConnections.Client;

internal static class ReportTables
{
    private const int ShownNames = 3;

    public static void WriteActions(HtmlWriter html, IReadOnlyList<ReportAction> actions, DateTime day)
    {
        var table = new ReportTable("actions", "What to do", "The most severe and urgent first.", "Severity", "By", "What", "#Connections", "Which");
        table.Write(html, actions, action =>
        {
            WriteSeverity(html, action.Severity);
            html.Element("td", () => WriteDue(html, action.DueOn, day), ("data-value", ModelLifecycle.Day(action.DueOn)));
            html.Element("th", () =>
            {
                html.Element("strong", action.Title);
                if (action.Message is string message)
                {
                    html.Element("p", message, ("class", "muted"));
                }

                html.Element("p", action.Advice);
            }, ("scope", "row"));
            html.Element("td", $"{action.Names.Count}", ("class", "number"));
            html.Element("td", Phrases.FirstOf([.. action.Names.Select(n => Name(n))], ShownNames));
        }, Anchor);
    }

    public static void WriteIssues(HtmlWriter html, IReadOnlyList<ConnectionIssue> issues, IReadOnlyList<ReportAction> actions)
    {
        ILookup<ConnectionIssue, int> numbers = actions.SelectMany((action, i) => action.Issues.Select(issue => (issue, i))).ToLookup(a => a.issue, a => a.i);
        var table = new ReportTable(
            "issues", "Findings", "All findings. The rule links to what to do.",
            "?Severity", "Due", "Connection", "?Provider", "Model", "?Rule", "Finding");
        table.Write(html, issues, issue =>
        {
            WriteSeverity(html, issue.SeverityValue);
            html.Element("td", ModelLifecycle.Day(issue.DueOn))
                .Element("th", Name(issue.ConnectionName), ("scope", "row"))
                .Element("td", issue.Provider)
                .Element("td", issue.Model);
            html.Element("td", () => html.Element("a", Phrases.Words(issue.Rule), ("href", $"#{Anchor(numbers[issue].Last())}"))).Element("td", issue.Message);
        });
    }

    public static void WriteConnections(HtmlWriter html, Examination examination, ReportModels models)
    {
        ILookup<string?, ConnectionIssue> issues = examination.Issues.ToLookup(i => i.ConnectionId);
        ExaminedConnection[] connections =
        [
            .. examination.Connections
                .OrderBy(c => c.Snapshot.ConnectionName, StringComparer.OrdinalIgnoreCase)
                .ThenBy(c => c.Snapshot.ConnectionId, StringComparer.Ordinal),
        ];
        var providers = connections.GroupBy(c => c.Snapshot.Provider ?? "unknown").OrderByDescending(g => g.Count());
        var table = new ReportTable(
            "connections",
            "Connections",
            string.Join(", ", providers.Select(g => $"{g.Count()} {g.Key}")) + ".",
            "Connection", "?Provider", "?Model", "Model ends", "?Status", "Last change", "#Findings", "Id");
        table.Write(html, connections, connection =>
        {
            Connection snapshot = connection.Snapshot;
            DateTime? changed = snapshot.ModifiedOn ?? snapshot.CreatedOn;
            int found = snapshot.ConnectionId is null ? 0 : issues[snapshot.ConnectionId].Count();
            html.Element("th", Name(snapshot.ConnectionName), ("scope", "row"))
                .Element("td", snapshot.Provider)
                .Element("td", snapshot.Model)
                .Element("td", models.EndOf(connection))
                .Element("td", snapshot.Status)
                .Element("td", ModelLifecycle.Day(changed))
                .Element("td", found == 0 ? "" : $"{found}", ("class", "number"))
                .Element("td", () => html.Element("code", snapshot.ConnectionId));
        });
    }

    public static void WriteRules(HtmlWriter html, Examination examination)
    {
        if (examination.Rules is null)
        {
            return;
        }

        IssueContext context = examination.Context;
        string caption = $"Findings include models that end within {Phrases.Count(context.WithinDays, "day")} "
            + $"and keys older than {Phrases.Count(context.MaximumKeyAgeDays, "day")}.";
        var table = new ReportTable("rules", "What was checked", caption, "Rule", "#Findings", "What it finds");
        table.Write(html, IssueRules.All, rule => html
            .Element("th", Phrases.Words(rule.Id), ("scope", "row"))
            .Element("td", !examination.Rules.Contains(rule) || !rule.IsPossible(context) ? "not checked"
                : rule.Severity < examination.MinimumSeverity ? "omitted"
                : examination.Issues.Count(i => i.Rule == rule.Id).ToString(CultureInfo.InvariantCulture), ("class", "number"))
            .Element("td", rule.HelpFor(context)));
    }

    private static void WriteSeverity(HtmlWriter html, IssueSeverity severity) =>
        html.Element("td", () => html.Element("span", $"{severity}", ("class", $"badge {severity}")), ("data-value", $"{(int)severity}"));

    private static void WriteDue(HtmlWriter html, DateTime? due, DateTime day)
    {
        if (due is DateTime date)
        {
            html.Element("strong", ModelLifecycle.Day(date)).Line().Element("span", ReportHeadline.Distance(date, day), ("class", "muted"));
        }
    }

    private static string Anchor(int number) => $"action-{number + 1}";

    // Of a name that nobody can see, that it is there has to be seen.
    private static string Name(string? name) => HtmlWriter.Shown(name) is { Length: > 0 } shown ? shown : "(no visible name)";
}
