using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KoreConnections.Client;

/// <summary>The nodes of a YAML text with their places.</summary>
internal sealed class YamlTree
{
    private readonly string _text;
    private readonly int _length;
    private readonly Parser _parser;

    /// <param name="ended">The same text with an end of its last line, which would be a part of a block there.</param>
    public YamlTree(string text, string ended)
    {
        (_text, _length) = (ended, text.Length);
        _parser = new Parser(new StringReader(text));
        while (Next() is StreamStart or DocumentStart)
        {
        }

        Root = Node();
    }

    public YamlNode Root { get; }

    /// <summary>The last scalar.</summary>
    public YamlNode? Last { get; private set; }

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

    private YamlNode Node()
    {
        ParsingEvent first = _parser.Current!;
        var node = new YamlNode { Start = (int)first.Start.Index, End = (int)first.End.Index };
        HasAnchors |= first is AnchorAlias or NodeEvent { Anchor.IsEmpty: false };
        switch (first)
        {
            case AnchorAlias:
                node.IsAlias = true;
                break;
            case Scalar scalar:
                node.End = node.Start + _text.Substring(node.Start, node.End - node.Start).TrimEnd().Length;
                if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
                {
                    Lines(node, scalar);
                }

                Last = node;
                node.IsEmpty = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";
                break;
            case MappingStart mapping:
                node.Kind = NodeKind.Mapping;
                node.IsBlock = mapping.Style != MappingStyle.Flow;
                while (Next() is not MappingEnd)
                {
                    string name = _parser.Current is Scalar key ? key.Value : "";
                    YamlNode keyNode = Node();
                    Next();
                    YamlNode value = Node();
                    node.Entries.Add(new(name, value));
                    node.Children.Add(new YamlNode { Start = keyNode.Start, End = Math.Max(keyNode.End, value.End) });
                }

                Close(node);
                break;
            case SequenceStart sequence:
                node.Kind = NodeKind.Sequence;
                node.IsBlock = sequence.Style != SequenceStyle.Flow;
                while (Next() is not SequenceEnd)
                {
                    node.Children.Add(Node());
                }

                Close(node);
                break;
        }

        return node;
    }

    private void Lines(YamlNode node, Scalar scalar)
    {
        // Where the empty or blank lines at its end count, they are its own, up to where the next thing begins.
        string bare = scalar.Value.TrimEnd('\n');
        if (bare.Length < scalar.Value.Length - 1 || (scalar.Value.Length > 0 && bare is "" or [.., ' ' or '\t']))
        {
            int next = (int)scalar.End.Index;
            int end = _text.LastIndexOf('\n', (next < _length ? next : _text.Length) - 1);
            node.End = Math.Max(node.End, end - (end > 0 && _text[end - 1] == '\r' ? 1 : 0));
        }

        node.AfterMark = _text.IndexOfAny(['|', '>'], node.Start) + 1;
        string behind = _text.Substring(node.AfterMark, _text.IndexOf('\n', node.AfterMark) - node.AfterMark).TrimEnd('\r');
        string indicators = behind.Split(' ', '\t')[0];
        node.Indicators = indicators.Contains('-') ? null : indicators;
        node.Comment = behind.IndexOf('#') >= 0 ? behind.Substring(indicators.Length) : "";
    }

    private void Close(YamlNode node)
    {
        // The parser's end of a block is where the next thing begins, and of braces, where the last begins.
        node.End = node.IsBlock && node.Children.Count > 0 ? node.Children[node.Children.Count - 1].End : (int)_parser.Current!.Start.Index + 1;
        node.IsEmpty = node.Children.Count == 0;
        // An anchor or a tag stays before it.
        if (node.IsBlock && !node.IsEmpty && _text[node.Start] is '&' or '!')
        {
            int first = node.Children[0].Start;
            int line = _text.LastIndexOf('\n', first) + 1;
            node.Start = node.Kind == NodeKind.Mapping
                ? first - _text.Substring(line, first - line).TrimStart(' ').Length
                : _text.LastIndexOf('-', first - 1);
        }
    }

    private ParsingEvent Next()
    {
        _parser.MoveNext();
        return _parser.Current!;
    }
}
