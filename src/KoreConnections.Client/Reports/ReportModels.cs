namespace KoreConnections.Client;

/// <summary>The models in use and when each ends: a table whose last column is a timeline of the next twelve months.</summary>
internal sealed class ReportModels
{
    private const int Days = 365;

    private readonly DateTime _day;
    private readonly Dictionary<ExaminedConnection, Use> _uses = [];

    public ReportModels(Examination examination)
    {
        _day = examination.Context.Day;
        // A finding may rest on the provider's own answer, which is better than the table.
        ILookup<string?, ConnectionIssue> found = examination.Issues.Where(ReportAction.IsOfModel).ToLookup(i => i.ConnectionId);
        foreach (ExaminedConnection connection in examination.Connections)
        {
            Connection snapshot = connection.Snapshot;
            ModelLifecycle? life = connection.Lifecycle(examination.Context);
            ConnectionIssue? issue = snapshot.ConnectionId is null ? null : found[snapshot.ConnectionId].FirstOrDefault();
            _uses[connection] = new Use(
                snapshot.Provider,
                ModelReference.Of(snapshot)?.Model ?? snapshot.Model,
                EndsOn: issue?.DueOn ?? life?.RetiresOn,
                IsCertain: issue is null ? life?.IsCertainOn(_day) != false : !ModelLifecycle.IsUncertain(issue.Message),
                Replacement: issue?.Replacement ?? life?.Replacement);
        }
    }

    /// <summary>Whether a connection has to be read for its model to be known: of a custom API, a listing does not say which it calls.</summary>
    public static bool NeedsDetails(Connection listed) => ModelRules.Retiring.NeedsDetails(listed);

    /// <summary>When a connection's model ends, as text; empty where that is not known.</summary>
    public string EndOf(ExaminedConnection connection) => End(_uses[connection]);

    public void Write(HtmlWriter html)
    {
        (Use Use, int Count)[] models =
        [
            .. _uses.Values.GroupBy(u => u)
                .OrderBy(g => g.Key.EndsOn ?? DateTime.MaxValue)
                .ThenBy(g => g.Key.Provider, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Model, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Count())),
        ];
        int dated = models.Count(m => m.Use.EndsOn is not null);
        string caption = $"{Phrases.Count(models.Length, "model")}, {dated} with a known end date. "
            + $"The bars show the remaining time, up to {ModelLifecycle.Day(_day.AddDays(Days))}.";
        var table = new ReportTable("models", "When models end", caption, "Ends", "?Provider", "Model", "#Connections", "Replacement", "Time left");
        table.Write(html, models, model =>
        {
            (Use use, int count) = model;
            html.Element("td", End(use)).Element("td", use.Provider).Element("th", use.Model ?? "(unknown)", ("scope", "row"))
                .Element("td", $"{count}", ("class", "number")).Element("td", use.Replacement);
            WriteTime(html, use);
        });
    }

    private static string End(Use use) => use.EndsOn is not DateTime end ? "" : use.IsCertain ? ModelLifecycle.Day(end) : $"{ModelLifecycle.Day(end)} or later";

    private void WriteTime(HtmlWriter html, Use use)
    {
        if (use.EndsOn is not DateTime end)
        {
            html.Element("td", "no known end date", ("class", "muted"), ("data-value", "99999"));
            return;
        }

        int left = (end.Date - _day).Days;
        string level = left <= 0 && use.IsCertain ? "Error" : left <= ModelLifecycle.SoonDays ? "Warning" : "Information";
        html.Element("td", () =>
        {
            html.Element("span", left > 0 ? ReportHeadline.Distance(end, _day)
                : $"{(use.IsCertain ? "ended" : "may have ended")} {ReportHeadline.Distance(end, _day)}");
            html.Element("svg", () =>
            {
                Rectangle(html, 0, Days, "track");
                Rectangle(html, 0, left <= 0 ? Days : Math.Min(left, Days), level);
                for (DateTime month = new DateTime(_day.Year, _day.Month, 1).AddMonths(1); (month - _day).Days < Days; month = month.AddMonths(1))
                {
                    Rectangle(html, (month - _day).Days, 1, "month");
                }
            }, ("viewBox", $"0 0 {Days} 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
        }, ("data-value", left.ToString(CultureInfo.InvariantCulture)));
    }

    private static void Rectangle(HtmlWriter html, int x, int width, string look) =>
        html.Element("rect", "", ("x", $"{x}"), ("width", $"{width}"), ("height", "10"), ("class", look));

    private sealed record Use(string? Provider, string? Model, DateTime? EndsOn, bool IsCertain, string? Replacement);
}
