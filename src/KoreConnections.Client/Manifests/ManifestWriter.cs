namespace KoreConnections.Client;

/// <summary>
/// Writes a manifest as YAML or JSON. YAML is written by hand because it has to read well in a review: comments, blank
/// lines between connections, quotation marks only where they are needed, and nothing invisible.
/// </summary>
internal static class ManifestWriter
{
    private const int Indentation = 2;

    private static readonly Regex Word = new(@"^[A-Za-z_/][A-Za-z0-9_\-./+@()]*(?: [A-Za-z0-9_\-./+@()]+)*\z", RegexOptions.CultureInvariant);
    private static readonly Regex Reference = new(@"^(?:env|file|secret):[A-Za-z0-9_./-]+\z", RegexOptions.CultureInvariant);
    private static readonly Regex Url = new(@"^https?://[A-Za-z0-9_./?=&%:+-]*[A-Za-z0-9_/]\z", RegexOptions.CultureInvariant);

    // Older readers of YAML take these for something else than texts.
    private static readonly string[] Reserved = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    /// <param name="comments">Lines that go before it in YAML.</param>
    /// <param name="lineEnd">For JSON.</param>
    public static string Write(ManifestNode manifest, bool isJson, IEnumerable<string> comments, string lineEnd = "\n") => isJson
        ? Json(manifest, lineEnd)
        : string.Concat(comments.Select(c => $"# {TextSanitizer.SingleLine(c)}\n")) + Entries(manifest, 0, inLines: true);

    /// <summary>A table or list in lines of its own, the first of which is begun already.</summary>
    /// <param name="inLines">Whether texts of several lines may be in blocks of their own.</param>
    public static string Block(ManifestNode value, int indentation, bool inLines) =>
        (value.Kind == NodeKind.Mapping ? Entries(value, indentation, inLines) : Items(value, indentation, inLines)).Trim(' ', '\n');

    public static string Flow(ManifestNode value) => value switch
    {
        { Kind: NodeKind.Mapping, Entries.Count: > 0 } => $"{{ {string.Join(", ", value.Entries.Select(e => FlowEntry(e.Key.Text, e.Value)))} }}",
        { Kind: NodeKind.Sequence, Items.Count: > 0 } => $"[{string.Join(", ", value.Items.Select(Flow))}]",
        // Between braces, a brace would end it, and quotation marks make it a text. Other readers of YAML refuse the tag, but take no other form for a number.
        { IsNumber: true } => $"!!int {Quoted(value.Text)}",
        _ => Scalar(value),
    };

    /// <summary>
    /// A text of several lines in a block of its own, which a review shows line by line, without the end of its last line, and a table or list
    /// with a reference that stands for a number, which has a tag between braces. Null for any other value, and for a text that needs quotation marks.
    /// </summary>
    /// <param name="indentation">That of the name or the dash before it.</param>
    public static string? Lines(ManifestNode value, int indentation)
    {
        string margin = new(' ', indentation + Indentation);
        if (value.Kind != NodeKind.Text || !MayBeLines(value.Text))
        {
            return HoldsReference(value) ? "\n" + margin + Block(value, margin.Length, inLines: true) : null;
        }

        string[] lines = value.Text.Split('\n');
        bool isEnded = lines[lines.Length - 1].Length == 0;
        return (isEnded ? "|" : "|-") + string.Concat(lines.Take(lines.Length - (isEnded ? 1 : 0)).Select(l => l.Length == 0 ? "\n" : "\n" + margin + l));
    }

    private static bool HoldsReference(ManifestNode value) =>
        value.Entries.Select(e => e.Value).Concat(value.Items).Any(v => (v.Kind == NodeKind.Text && v.IsNumber) || HoldsReference(v));

    public static string FlowEntry(string name, ManifestNode value) => $"{Scalar(name)}: {Flow(value)}";

    private static string Json(ManifestNode manifest, string lineEnd)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.Writing with { Indented = true, NewLine = lineEnd }))
        {
            manifest.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + lineEnd;
    }

    private static string Entries(ManifestNode table, int indentation, bool inLines) => string.Concat(table.Entries.Select(e =>
        $"{new string(' ', indentation)}{Scalar(e.Key.Text)}:{Behind(e.Value, indentation, inLines)}"));

    private static string Items(ManifestNode list, int indentation, bool inLines) => string.Concat(list.Items.Select((item, i) =>
    {
        // A blank line between connections, which are the tables of the outermost list.
        string blank = i > 0 && indentation == Indentation && item.Kind == NodeKind.Mapping ? "\n" : "";
        string value = item is { Kind: NodeKind.Mapping, Entries.Count: > 0 }
            ? " " + Entries(item, indentation + Indentation, inLines).TrimStart(' ')
            : Behind(item, indentation, inLines);
        return $"{blank}{new string(' ', indentation)}-{value}";
    }));

    // What follows a colon or a dash.
    private static string Behind(ManifestNode value, int indentation, bool inLines) => value switch
    {
        { Kind: NodeKind.Mapping, Entries.Count: > 0 } => "\n" + Entries(value, indentation + Indentation, inLines),
        { Kind: NodeKind.Sequence, Items.Count: > 0 } => IsShort(value, inLines)
            ? $" {Flow(value)}\n"
            : "\n" + Items(value, indentation + Indentation, inLines),
        _ => $" {(inLines ? Lines(value, indentation) : null) ?? Scalar(value)}\n",
    };

    private static bool IsShort(ManifestNode list, bool inLines) =>
        list.Items.All(i => i is { Kind: NodeKind.Text, IsNumber: false } && !(inLines && MayBeLines(i.Text)));

    private static string Scalar(ManifestNode value) => value.Kind switch
    {
        NodeKind.Mapping => "{}",
        NodeKind.Sequence => "[]",
        NodeKind.Null => "null",
        NodeKind.Number => value.Json!,
        NodeKind.Flag => value.Text,
        _ when value.IsNumber => value.Text,
        _ => Scalar(value.Text),
    };

    private static string Scalar(string text) =>
        (Word.IsMatch(text) && !Reserved.Contains(text, StringComparer.OrdinalIgnoreCase)) || Reference.IsMatch(text) || Url.IsMatch(text)
            ? text
            : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (c == '\n')
            {
                quoted.Append("\\n");
            }
            else if (!IsInvisible(text, i))
            {
                quoted.Append(c);
            }
            else if (char.IsSurrogatePair(text, i))
            {
                quoted.Append($"\\U{char.ConvertToUtf32(text, i++):X8}");
            }
            else
            {
                quoted.Append($"\\u{(int)c:X4}");
            }
        }

        return quoted.Append('"').ToString();
    }

    // Editors remove spaces at the end of a line. Those at the beginning of the first one, and empty lines around the text, would need more marks.
    private static bool MayBeLines(string text) =>
        text.IndexOf('\n') is > 0 and int first && first < text.Length - 1 && text[0] != ' ' && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text.IndexOf(" \n", StringComparison.Ordinal) < 0 && text[text.Length - 1] != ' '
        && !text.Where((c, i) => c != '\n' && IsInvisible(text, i)).Any();

    // What no reviewer sees must not be able to turn a line around.
    private static bool IsInvisible(string text, int at) => text[at] != ' ' && (TextSanitizer.IsInvisible(text, at)
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned);
}
