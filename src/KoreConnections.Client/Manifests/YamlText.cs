using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KoreConnections.Client;

/// <summary>Where each node of a YAML text stands, and changes of single ones that leave all other characters as they are.</summary>
internal sealed class YamlText
{
    private static readonly Regex Keeps = new(@"^[^\n]*[|>]\d?\+\d?[ \t]*(?:#|\r?\n)", RegexOptions.CultureInvariant);

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Span _root;
    private readonly List<(int Start, int End, string Text, int Column)> _edits = [];

    public YamlText(string text)
    {
        _text = text;
        _parser = new Parser(new StringReader(text));
        do
        {
            _parser.MoveNext();
        }
        while (_parser.Current is StreamStart or DocumentStart);
        _root = Node();
    }

    /// <summary>Whether a part of it is shared: changed in one place, it changes in others.</summary>
    public bool HasAnchors { get; private set; }

    public static IReadOnlyList<string> Comments(string text)
    {
        var scanner = new Scanner(new StringReader(text), skipComments: false);
        var comments = new List<string>();
        while (scanner.MoveNext())
        {
            if (scanner.Current is YamlDotNet.Core.Tokens.Comment comment)
            {
                comments.Add(comment.Value);
            }
        }

        return comments;
    }

    /// <summary>Puts a value in the place of another; false where that one stands elsewhere, behind an alias or a merge.</summary>
    public bool Set(IReadOnlyList<object> path, ManifestNode value)
    {
        if (Find(path) is not Span old)
        {
            return false;
        }

        int column = Column(old.Start);
        int end = old.End;
        string? lines = Indentation(path) is int indentation && IsAlone(old) ? Ended(end, ManifestWriter.Lines(value, indentation)) : null;
        // What is blank behind the old value would be a part of the new one's last line.
        end += lines is null ? 0 : LineAt(end).TrimEnd('\r').Length;
        string written = old.IsBlock && value.Entries.Count + value.Items.Count > 0 ? ManifestWriter.Block(value, column)
            : lines ?? ManifestWriter.Flow(value);
        int start = written[0] == '\n' ? _text.Substring(0, old.Start).TrimEnd(' ').Length : old.Start;
        _edits.Add((start, end, (start == old.End && _text[old.Start - 1] != ' ' && written[0] != '\n' ? " " : "") + written, column));
        return true;
    }

    /// <summary>The comment at the end of the last line of a table or list, which belongs to that line alone; null for none.</summary>
    public string? CommentBehind(IReadOnlyList<object> path) =>
        Find(path) is { IsBlock: true, IsEmpty: false } old && LineAt(old.End).Trim() is ['#', ..] comment ? comment : null;

    public bool Add(IReadOnlyList<object> path, string key, ManifestNode value)
    {
        if (Find(path) is not { Kind: NodeKind.Mapping } table)
        {
            return false;
        }

        if (table.IsBlock)
        {
            int column = Column(table.Children[0].Start);
            InsertLine(table.End, "", ManifestWriter.Block(ManifestNode.Mapping([new(key, value)]), column), column);
        }
        else
        {
            InsertInFlow(table, ManifestWriter.FlowEntry(key, value));
        }

        return true;
    }

    public bool Append(IReadOnlyList<object> path, ManifestNode item)
    {
        if (Find(path) is not Span list || list is not ({ Kind: NodeKind.Sequence } or { IsEmpty: true }))
        {
            return false;
        }

        ManifestNode items = ManifestNode.Sequence([item]);
        if (list.IsBlock)
        {
            int column = Column(_text.LastIndexOf('-', list.Children[list.Children.Count - 1].Start - 1));
            // An empty line would become a part of a text that keeps its lines.
            bool isClose = item.IsScalar || path.Count > 1 || list.KeepsLines;
            InsertLine(AfterComments(list.End, column), isClose ? "" : "\n", ManifestWriter.Block(items, column), column);
        }
        else if (list.Children.Count > 0 || !_root.IsBlock)
        {
            if (list.Kind != NodeKind.Sequence)
            {
                return false;
            }

            InsertInFlow(list, ManifestWriter.Flow(item));
        }
        else
        {
            // The space before an empty list would be left at the end of a line.
            (int Start, int End, string Text, int Column) empty = (_text.Substring(0, list.Start).TrimEnd(' ').Length, list.End, "", 0);
            bool isFirst = !_edits.Contains(empty);
            InsertLine(list.End, isFirst ? "" : "\n", ManifestWriter.Block(items, 2), 2);
            if (isFirst)
            {
                _edits.Add(empty);
            }
        }

        return true;
    }

    public string Result()
    {
        string line = _text.Contains("\r\n") ? "\r\n" : "\n";
        var result = new StringBuilder();
        int at = 0;
        // What ends in the same line: the innermost first.
        foreach ((int start, int end, string text, _) in _edits.OrderBy(e => e.Start).ThenByDescending(e => e.Column))
        {
            result.Append(_text, at, start - at).Append(text.Replace("\n", line));
            at = end;
        }

        return result.Append(_text, at, _text.Length - at).ToString();
    }

    private string LineAt(int at) => _text.Substring(at, (_text.IndexOf('\n', at) is >= 0 and int end ? end : _text.Length) - at);

    // What is indented more than the items of a list belongs to the last of them.
    private int AfterComments(int after, int column)
    {
        for (int at = after; _text.IndexOf('\n', at) is >= 0 and int end && end + 1 < _text.Length; at = end + 1)
        {
            string line = LineAt(end + 1);
            string bare = line.Trim();
            if (bare.Length > 0 && !(bare[0] == '#' && line.IndexOf('#') > column))
            {
                break;
            }

            after = bare.Length > 0 ? end + 1 : after;
        }

        return after;
    }

    // After what else is in the line, such as a comment.
    private void InsertLine(int after, string before, string lines, int column)
    {
        int end = _text.IndexOf('\n', after);
        string whole = before + new string(' ', column) + lines;
        _edits.Add(end < 0 ? (_text.Length, _text.Length, "\n" + Ended(after, whole), column) : (end + 1, end + 1, whole + "\n", column));
    }

    private void InsertInFlow(Span parent, string text)
    {
        bool isFirst = parent.Children.Count == 0 && !_edits.Any(e => e.Start == parent.End - 1);
        int at = parent.Children.Count == 0 ? parent.End - 1 : parent.Children[parent.Children.Count - 1].End;
        _edits.Add((at, at, (isFirst ? "" : ", ") + text, 0));
    }

    // Whether lines fit in: behind the name or the dash of the value, and without a comment behind them.
    private bool IsAlone(Span value) => LineAt(value.End).Trim().Length == 0
        && _text.Substring(value.Start - Column(value.Start), Column(value.Start)).Trim().Length > 0;

    // The last line of a text in lines of its own ends.
    private string? Ended(int after, string? lines) => lines?.Contains("|\n") == true && _text.IndexOf('\n', after) < 0 ? lines + "\n" : lines;

    // That of the name or the dash before a value; null within braces, which have no lines of their own.
    private int? Indentation(IReadOnlyList<object> path)
    {
        List<Span?> parents = [.. Enumerable.Range(0, path.Count).Select(length => Find([.. path.Take(length)]))];
        return !parents.All(p => p is { IsBlock: true }) ? null
            : path[path.Count - 1] is int index ? Column(_text.LastIndexOf('-', parents[path.Count - 1]!.Children[index].Start - 1))
            : Column(parents[path.Count - 1]!.Children[0].Start);
    }

    private int Column(int at) => at - (at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1);

    private Span? Find(IReadOnlyList<object> path)
    {
        Span? found = _root;
        foreach (object step in path)
        {
            found = step is int index ? found?.Children.ElementAtOrDefault(index) : found?.Entries.FirstOrDefault(e => e.Key == (string)step).Value;
        }

        return found is { IsAlias: true } && path.Count > 0 && path[path.Count - 1] is int ? null : found;
    }

    private Span Node()
    {
        ParsingEvent first = _parser.Current!;
        var span = new Span { Start = (int)first.Start.Index, End = (int)first.End.Index };
        HasAnchors |= first is AnchorAlias or NodeEvent { Anchor.IsEmpty: false };
        switch (first)
        {
            case AnchorAlias:
                span.IsAlias = true;
                break;
            case Scalar scalar:
                // What a text in lines of its own ends with belongs to the lines.
                while (span.End > span.Start && char.IsWhiteSpace(_text[span.End - 1]))
                {
                    span.End--;
                }

                // The empty lines after it are its own, up to where the next thing begins.
                span.KeepsLines = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded
                    && Keeps.IsMatch(_text.Substring(span.Start, span.End - span.Start));
                if (span.KeepsLines)
                {
                    span.End = Math.Max(span.End, _text.LastIndexOf('\n', Math.Min((int)first.End.Index, _text.Length) - 1));
                }

                span.IsEmpty = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";
                break;
            case MappingStart mapping:
                span.Kind = NodeKind.Mapping;
                span.IsBlock = mapping.Style != MappingStyle.Flow;
                while (Next() is not MappingEnd)
                {
                    string name = _parser.Current is Scalar key ? key.Value : "";
                    Span keySpan = Node();
                    Next();
                    Span value = Node();
                    span.Entries.Add(new(name, value));
                    span.Children.Add(new Span { Start = keySpan.Start, End = Math.Max(keySpan.End, value.End), KeepsLines = value.KeepsLines });
                }

                Close(span);
                break;
            case SequenceStart sequence:
                span.Kind = NodeKind.Sequence;
                span.IsBlock = sequence.Style != SequenceStyle.Flow;
                while (Next() is not SequenceEnd)
                {
                    span.Children.Add(Node());
                }

                Close(span);
                break;
        }

        return span;
    }

    private void Close(Span span)
    {
        // The parser's end of a block is where the next thing begins, and of braces, where the last begins.
        span.End = span.IsBlock && span.Children.Count > 0 ? span.Children[span.Children.Count - 1].End : (int)_parser.Current!.Start.Index + 1;
        span.IsEmpty = span.Children.Count == 0;
        span.KeepsLines = span.IsBlock && !span.IsEmpty && span.Children[span.Children.Count - 1].KeepsLines;
    }

    private ParsingEvent Next()
    {
        _parser.MoveNext();
        return _parser.Current!;
    }

    private sealed class Span
    {
        public NodeKind Kind { get; set; } = NodeKind.Text;

        public int Start { get; set; }

        public int End { get; set; }

        public bool IsBlock { get; set; }

        public bool IsAlias { get; set; }

        public bool IsEmpty { get; set; }

        /// <summary>Whether it ends with a text of which all line ends count.</summary>
        public bool KeepsLines { get; set; }

        public List<KeyValuePair<string, Span>> Entries { get; } = [];

        public List<Span> Children { get; } = [];
    }
}
