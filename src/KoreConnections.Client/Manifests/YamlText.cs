namespace KoreConnections.Client;

/// <summary>Changes of single nodes of a YAML text that leave all other characters as they are.</summary>
internal sealed class YamlText
{
    private readonly string _text;
    private readonly string _lineEnd;
    private readonly bool _isEnded;
    private readonly YamlTree _tree;
    private readonly List<Edit> _edits = [];

    public YamlText(string text, string lineEnd)
    {
        _lineEnd = lineEnd;
        _isEnded = text.EndsWith("\n", StringComparison.Ordinal);
        _text = _isEnded ? text : text + _lineEnd;
        _tree = new YamlTree(text, _text);
    }

    /// <summary>Whether a part of it is shared: changed in one place, it changes in others.</summary>
    public bool HasAnchors => _tree.HasAnchors;

    /// <summary>Puts a value in the place of another; false where that one stands elsewhere, behind an alias or a merge.</summary>
    public bool Set(IReadOnlyList<object> path, ManifestNode value)
    {
        if (Find(path) is not YamlNode old)
        {
            return false;
        }

        int column = Column(old.Start);
        string behind = LineAt(old.End).TrimEnd('\r');
        // Within braces, there are no lines of its own.
        YamlNode? table = path.Count > 0 && behind.Trim().Length == 0 && Find([.. path.Take(path.Count - 1)]) is { IsBlock: true } parent ? parent : null;
        string before = old.Start == old.End && _text[old.Start - 1] != ' ' ? " " : "";
        string Written(bool inLines)
        {
            string text = old.IsBlock && value.Entries.Count + value.Items.Count > 0
                ? ManifestWriter.Block(value, column, inLines)
                : (inLines && table is not null ? ManifestWriter.Lines(value, Column(table.Start)) : null) ?? ManifestWriter.Flow(value);
            return (text[0] == '\n' ? "" : before) + text.Insert(text.IndexOf('\n') is >= 0 and int end ? end : text.Length, old.Comment);
        }

        // What is blank behind the old value would be a part of the last of its lines.
        _edits.Add(new(old.Start, old.End + (table is null ? 0 : behind.Length), column, Written));
        return true;
    }

    /// <summary>The comment at the end of the last line of a table or list, which belongs to that line alone; null for none.</summary>
    public string? CommentBehind(IReadOnlyList<object> path) =>
        Find(path) is { IsBlock: true, IsEmpty: false } old && LineAt(old.End).Trim() is ['#', ..] comment ? comment : null;

    /// <summary>Whether a value cannot be replaced for certain: it may contain comments, or be shared.</summary>
    public bool HoldsMore(IReadOnlyList<object> path) =>
        HasAnchors || Find(path) is not YamlNode old || _text.IndexOf('#', old.Start, old.End - old.Start) >= 0 || CommentBehind(path) is not null;

    public bool Add(IReadOnlyList<object> path, string key, ManifestNode value)
    {
        if (Find(path) is not { Kind: NodeKind.Mapping } table)
        {
            return false;
        }

        if (table.IsBlock)
        {
            InsertLine(table.End, Column(table.Start), isApart: false, ManifestNode.Mapping([new(key, value)]));
        }
        else
        {
            InsertInFlow(table, ManifestWriter.FlowEntry(key, value));
        }

        return true;
    }

    public bool Append(IReadOnlyList<object> path, ManifestNode item)
    {
        if (Find(path) is not YamlNode list || list is not ({ Kind: NodeKind.Sequence } or { IsEmpty: true }))
        {
            return false;
        }

        ManifestNode items = ManifestNode.Sequence([item]);
        if (list.IsBlock)
        {
            int column = Column(list.Start);
            InsertLine(AfterComments(list.End, column), column, isApart: !item.IsScalar && path.Count == 1, items);
        }
        else if (list.Children.Count > 0 || path.Count > 1 || !_tree.Root.IsBlock)
        {
            if (list.Kind != NodeKind.Sequence)
            {
                return false;
            }

            InsertInFlow(list, ManifestWriter.Flow(item));
        }
        else
        {
            bool isFirst = !_edits.Any(e => e.End == list.End);
            InsertLine(list.End, 2, isApart: !isFirst, items);
            if (isFirst)
            {
                // The space before an empty list would be left at the end of a line.
                _edits.Add(new(_text.Substring(0, list.Start).TrimEnd(' ').Length, list.End, 0, _ => ""));
            }
        }

        return true;
    }

    /// <summary>
    /// The changed text, in which texts of several lines are in blocks wherever that is right, and else between quotation marks. Null where
    /// it is wrong either way.
    /// </summary>
    public string? Result(Func<string, bool> isRight)
    {
        string result = Result();
        if (isRight(result))
        {
            return result;
        }

        List<Edit> edits = [.. _edits.Where(e => e.Text(true) != e.Text(false))];
        edits.ForEach(e => e.InLines = false);
        if (edits.Count == 0 || !isRight(Result()))
        {
            return null;
        }

        Fit(edits, isRight);
        return Result();
    }

    // Each half, until what does not fit is found: most often, that is one of many.
    private void Fit(List<Edit> edits, Func<string, bool> isRight)
    {
        int half = edits.Count / 2;
        foreach (List<Edit> some in half == 0 ? [] : new[] { edits.GetRange(0, half), edits.GetRange(half, edits.Count - half) })
        {
            some.ForEach(e => e.InLines = true);
            if (!isRight(Result()))
            {
                some.ForEach(e => e.InLines = false);
                Fit(some, isRight);
            }
        }
    }

    private string Result()
    {
        var result = new StringBuilder();
        int at = 0;
        // What ends in the same line: the innermost first.
        foreach (Edit edit in _edits.OrderBy(e => e.Start).ThenByDescending(e => e.Column).Where(e => e.Start >= at))
        {
            string written = edit.Text(edit.InLines);
            result.Append(_text, at, edit.Start - at);
            // Lines of its own leave no blank behind the name.
            while (written is ['\n', ..] && result is { Length: > 0 } && result[result.Length - 1] == ' ')
            {
                result.Length--;
            }

            result.Append(written.Replace("\n", _lineEnd));
            at = edit.End;
        }

        string rest = _text.Substring(at);
        return result.Append(_isEnded || rest.Trim().Length == 0 ? rest : rest.Substring(0, rest.Length - _lineEnd.Length)).ToString();
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
    private void InsertLine(int after, int column, bool isApart, ManifestNode value)
    {
        int at = _text.IndexOf('\n', after) + 1;
        // An empty line could become a part of the text before it.
        _edits.Add(new(at, at, column, inLines =>
            (isApart && inLines ? "\n" : "") + new string(' ', column) + ManifestWriter.Block(value, column, inLines) + "\n"));
        // The end of the file is no end of a line, and would become one of the text before it.
        if (!_isEnded && _tree.Last is { Indicators: string indicators } last && at == _text.Length && _text.IndexOf('\n', last.End) + 1 == at
            && !_edits.Any(e => e.Start == last.AfterMark))
        {
            _edits.Add(new(last.AfterMark, last.AfterMark + indicators.Length, 0, _ => "-" + indicators.Replace("+", "")));
        }
    }

    private void InsertInFlow(YamlNode parent, string text)
    {
        bool isFirst = parent.Children.Count == 0 && !_edits.Any(e => e.Start == parent.End - 1);
        int at = parent.Children.Count == 0 ? parent.End - 1 : parent.Children[parent.Children.Count - 1].End;
        _edits.Add(new(at, at, 0, _ => (isFirst ? "" : ", ") + text));
    }

    private int Column(int at) => at - (at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1);

    private YamlNode? Find(IReadOnlyList<object> path)
    {
        YamlNode? found = _tree.Root;
        foreach (object step in path)
        {
            found = step is int index ? found?.Children.ElementAtOrDefault(index) : found?.Entries.FirstOrDefault(e => e.Key == (string)step).Value;
        }

        return found is { IsAlias: true } && path.Count > 0 && path[path.Count - 1] is int ? null : found;
    }

    /// <param name="Text">What it writes, with texts of several lines in blocks or not.</param>
    private sealed record Edit(int Start, int End, int Column, Func<bool, string> Text)
    {
        public bool InLines { get; set; } = true;
    }
}
