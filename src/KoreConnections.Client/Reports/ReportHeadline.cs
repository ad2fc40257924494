namespace KoreConnections.Client;

/// <summary>The first thing that a reader sees: what to do, by when, and how many connections there are of what.</summary>
internal static class ReportHeadline
{
    public static void Write(HtmlWriter html, Examination examination)
    {
        (string level, string first, string? second) = Sentences(examination);
        html.Element("section", () =>
        {
            html.Element("h2", first);
            if (second is not null)
            {
                html.Element("p", second);
            }
        }, ("class", $"lead {level}")).Line();
        html.Element("dl", () =>
        {
            Number(html, "Connections", examination.Connections.Count, null);
            foreach (IssueSeverity severity in new[] { IssueSeverity.Error, IssueSeverity.Warning, IssueSeverity.Information })
            {
                string name = severity == IssueSeverity.Information ? "For information" : $"{severity}s";
                Number(html, name, examination.Issues.Count(i => i.SeverityValue == severity), severity);
            }
        }, ("class", "numbers")).Line();
        if (examination.Gaps.Count > 0)
        {
            html.Element("section", () => html.Element("h2", "What is missing from this report").Element("ul", () =>
            {
                foreach (string gap in examination.Gaps)
                {
                    html.Element("li", gap);
                }
            }), ("class", "lead Warning")).Line();
        }
    }

    public static string Distance(DateTime date, DateTime day) => (date.Date - day).Days switch
    {
        0 => "today",
        > 0 and int days => $"in {Phrases.Count(days, "day")}",
        int days => $"{Phrases.Count(-days, "day")} ago",
    };

    private static void Number(HtmlWriter html, string name, int number, IssueSeverity? severity) => html.Element(
        "div", () => html.Element("dt", name).Element("dd", $"{number}"), ("class", number > 0 ? severity?.ToString() : null));

    private static (string Level, string First, string? Second) Sentences(Examination examination)
    {
        DateTime day = examination.Context.Day;
        IReadOnlyList<ConnectionIssue> issues = examination.Issues;
        int errors = Connections(issues.Where(i => i.SeverityValue == IssueSeverity.Error));
        int warnings = Connections(issues.Where(i => i.SeverityValue == IssueSeverity.Warning));
        ConnectionIssue[] overdue = [.. issues.Where(i => i.SeverityValue == IssueSeverity.Warning && i.DueOn <= day)];
        string? next = Next(issues, day);
        bool isPart = examination.Rules is not null && IssueRules.All.Except(examination.Rules).Any();
        if (errors > 0)
        {
            string verb = errors == 1 ? "fails or exposes" : "fail or expose";
            string? second = Overdue(overdue) is not string late ? next : next is null ? late : $"{late} {next}";
            return ("Error", $"Act now: {Phrases.Count(errors, "connection")} {verb} a secret.", second);
        }

        return overdue.Length > 0 ? ("Warning", Overdue(overdue)!, next)
            : next is not null ? ("Warning", next, null)
            : warnings > 0 ? ("Warning", $"{Phrases.Count(warnings, "connection")} may fail or behave unexpectedly.", null)
            : examination.Gaps.Count > 0 ? ("Warning", "This report is incomplete.", "What was examined needs no action.")
            : examination.Rules is null
                ? ("Information", "No action is needed for the given findings.", "This report was given its findings and did not search for others.")
            : examination.MinimumSeverity > IssueSeverity.Information
                ? (
                    isPart ? "Information" : "Good",
                    $"There are no findings of severity {examination.MinimumSeverity} or above.",
                    $"This page omits less severe findings{(isPart ? ", and not every rule was checked" : "")}.")
            : isPart ? ("Information", "There are no findings of the checked rules.", "Not every rule was checked.")
            : ("Good", "No action is needed.", examination.Connections.Count == 0 ? "There are no connections." : null);
    }

    private static string? Overdue(ConnectionIssue[] issues)
    {
        if (issues.Length == 0)
        {
            return null;
        }

        string rules = string.Join(", ", issues.GroupBy(What).Select(g => $"{g.Key} ({g.Count()})"));
        return $"Overdue for {Phrases.Count(Connections(issues), "connection")}: {rules}.";
    }

    // Of models, only those whose end is uncertain are no errors.
    private static string What(ConnectionIssue issue) =>
        ReportAction.IsOfModel(issue) && ModelLifecycle.IsUncertain(issue.Message) ? "model may be retired" : Phrases.Words(issue.Rule).ToLowerInvariant();

    private static string? Next(IEnumerable<ConnectionIssue> issues, DateTime day)
    {
        IGrouping<DateTime, ConnectionIssue>? next = issues.Where(i => i.DueOn > day).GroupBy(i => i.DueOn!.Value.Date).OrderBy(g => g.Key).FirstOrDefault();
        if (next is null)
        {
            return null;
        }

        ConnectionIssue[] ends = [.. next.Where(i => ReportAction.IsOfModel(i) && i.Model is not null).OrderBy(i => ModelLifecycle.IsUncertain(i.Message))];
        string[] models = [.. ends.Select(i => i.Model!).Distinct()];
        string verb = ends.All(i => ModelLifecycle.IsUncertain(i.Message)) ? "may end"
            : ends.Any(i => ModelLifecycle.IsUncertain(i.Message)) ? "end or may end"
            : models.Length == 1 ? "ends" : "end";
        string what = models.Length == 0 ? Phrases.Words(next.First().Rule) : $"{models[0]}{Phrases.More(models.Length - 1)} {verb}";
        return $"Next date: {ModelLifecycle.Day(next.Key)}, {Distance(next.Key, day)}: {what} for {Phrases.Count(Connections(next), "connection")}.";
    }

    private static int Connections(IEnumerable<ConnectionIssue> issues) => issues.Select(i => i.ConnectionId ?? i.ConnectionName).Distinct().Count();
}
