namespace KoreConnections.Client;

/// <summary>A section with a table that the page's script can sort and filter.</summary>
/// <param name="Id">Its id, which the styles know.</param>
/// <param name="Columns">The columns' names. One after a # holds numbers; of one after a ? the values can be chosen from.</param>
internal sealed record ReportTable(string Id, string Heading, string Caption, params string[] Columns)
{
    /// <summary>Writes the section; nothing where there are no rows.</summary>
    public void Write<T>(HtmlWriter html, IReadOnlyList<T> rows, Action<T> writeCells, Func<int, string>? rowId = null)
    {
        if (rows.Count == 0)
        {
            return;
        }

        html.Element("section", () =>
        {
            html.Element("h2", Heading, ("id", $"{Id}-heading"));
            html.Element("div", () => html.Element("table", () =>
            {
                html.Element("caption", Caption).Element("thead", () => html.Element("tr", () => WriteHeads(html))).Line();
                html.Element("tbody", () =>
                {
                    for (int i = 0; i < rows.Count; i++)
                    {
                        html.Element("tr", () => writeCells(rows[i]), ("id", rowId?.Invoke(i))).Line();
                    }
                });
            }, ("id", Id)), ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-labelledby", $"{Id}-heading"));
        }).Line();
    }

    private void WriteHeads(HtmlWriter html)
    {
        foreach (string column in Columns)
        {
            html.Element(
                "th",
                column.TrimStart('#', '?'),
                ("scope", "col"),
                ("class", column[0] == '#' ? "number" : null),
                ("data-choose", column[0] == '?' ? "" : null));
        }
    }
}
