namespace KoreConnections.Client;

/// <summary>Writes HTML of which every text and every value is inert: there is no way to write markup but by elements.</summary>
internal sealed class HtmlWriter
{
    private const int LongestText = 2000;

    private readonly StringBuilder _html = new();

    public HtmlWriter Element(string tag, Action content, params (string Name, string? Value)[] attributes)
    {
        _html.Append('<').Append(tag);
        foreach ((string name, string? value) in attributes)
        {
            if (value is not null)
            {
                _html.Append(' ').Append(name).Append("=\"");
                Encode(value);
                _html.Append('"');
            }
        }

        _html.Append('>');
        content();
        _html.Append("</").Append(tag).Append('>');
        return this;
    }

    public HtmlWriter Element(string tag, string? text, params (string Name, string? Value)[] attributes) =>
        Element(tag, () => Text(text), attributes);

    public HtmlWriter Text(string? text)
    {
        Encode(Shown(text));
        return this;
    }

    public HtmlWriter Line()
    {
        _html.Append('\n');
        return this;
    }

    /// <summary>A text as a page may show it: on one line, without keys, and of masks without the key's own characters.</summary>
    public static string Shown(string? text) =>
        string.IsNullOrEmpty(text) ? "" : TextSanitizer.SingleLine(SecretMasker.WithoutMasks(SecretMasker.Scrub(text!)), LongestText);

    public override string ToString() => _html.ToString();

    private void Encode(string text)
    {
        foreach (char c in text)
        {
            _ = c switch
            {
                '<' => _html.Append("&lt;"),
                '>' => _html.Append("&gt;"),
                '&' => _html.Append("&amp;"),
                '"' => _html.Append("&quot;"),
                '\'' => _html.Append("&#39;"),
                _ => _html.Append(c),
            };
        }
    }
}
