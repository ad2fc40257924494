namespace KoreConnections.Client;

/// <summary>
/// A page about connections that needs nothing beside itself: its styles and its script are in it, and its policy lets a
/// browser run these and load nothing else. The same input always gives the same page.
/// </summary>
internal sealed record ConnectionReport(string Title, string Platform, Examination Examination)
{
    private static readonly Regex Placeholder = new(@"\{\{(\w+)\}\}", RegexOptions.CultureInvariant);

    public string ToHtml()
    {
        string style = Part("report.css");
        string script = Part("report.js");
        var parts = new Dictionary<string, string>
        {
            ["title"] = new HtmlWriter().Text(Title).ToString(),
            ["style"] = style,
            ["styleHash"] = Hash(style),
            ["script"] = script,
            ["scriptHash"] = Hash(script),
            ["body"] = Body(),
        };
        // In one pass: what looks like a placeholder in a part is text.
        return Placeholder.Replace(Part("report.html"), m => parts[m.Groups[1].Value]);
    }

    private string Body()
    {
        var html = new HtmlWriter();
        IReadOnlyList<ReportAction> actions = ReportAction.Of(Examination.Issues);
        var models = new ReportModels(Examination);
        html.Element("header", () => WriteHead(html)).Line();
        html.Element("main", () =>
        {
            ReportHeadline.Write(html, Examination);
            ReportTables.WriteActions(html, actions, Examination.Context.Day);
            models.Write(html);
            ReportTables.WriteIssues(html, Examination.Issues, actions);
            ReportTables.WriteConnections(html, Examination, models);
            ReportTables.WriteRules(html, Examination);
        }).Line();
        string footer = $"Created by KoreConnections {Resource.Version} (Export-ConnectionReport). This page contains no keys and loads no external content.";
        html.Element("footer", () => html.Element("p", footer)).Line();
        return html.ToString();
    }

    private void WriteHead(HtmlWriter html) => html
        .Element("h1", Title)
        .Element("p", $"{Platform} · as of {Examination.Context.AsOf.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}", ("class", "muted"));

    // A browser takes the hash of what it reads, in which a line ends with a line feed.
    private static string Part(string name) => Resource.Text($"Reports.{name}").Replace("\r\n", "\n");

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(Resource.Hash(text));
}
