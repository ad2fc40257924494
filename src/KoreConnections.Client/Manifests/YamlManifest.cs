using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KoreConnections.Client;

/// <summary>
/// Reads YAML event by event, so that every node keeps its place and nothing hostile is built. But for YamlTree, the one class that
/// names YamlDotNet: it is loaded when the first YAML file is read.
/// </summary>
internal sealed class YamlManifest(string text, ManifestParseContext context)
{
    private const string Tags = "tag:yaml.org,2002:";

    private static readonly Regex Unprintable = new(@"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", RegexOptions.CultureInvariant);

    private readonly Parser _parser = new(new StringReader(text));
    private readonly Dictionary<string, ManifestNode> _anchors = new(StringComparer.Ordinal);

    /// <summary>The root, or null for a file without content.</summary>
    /// <exception cref="ManifestParseException">It is no YAML, or not of the kind that is accepted.</exception>
    public static ManifestNode? Read(string text, ManifestParseContext context)
    {
        RefuseUnprintable(text);
        var manifest = new YamlManifest(text, context);
        try
        {
            return manifest.Document();
        }
        catch (YamlException e)
        {
            SourceLocation place = LocationOf(e, text);
            string reason = TextSanitizer.SingleLine(SecretMasker.Scrub(e.Message), TextSanitizer.Shortened);
            throw Brace(place, text) ?? new ManifestParseException(
                place,
                $"This is not valid YAML: {reason} Indent lines with spaces. "
                    + "Quote strings that contain ': ' or ' #', or begin with one of { [ * & ! % @ `.");
        }
        catch (Exception e) when (e is not (ManifestParseException or OutOfMemoryException))
        {
            // The parser has lost its way, for example in a list that is not closed. What it read last is where that began.
            throw new ManifestParseException(
                LocationOf(manifest._parser.Current?.Start ?? Mark.Empty),
                "This is not valid YAML from here on. Close each [ and {, and separate the values between them with commas.");
        }
    }

    private ManifestNode? Document()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return null;
        }

        Next();
        ManifestNode root = Node();
        Next();
        return _parser.Current is DocumentEnd && Next() is DocumentStart second
            ? throw new ManifestParseException(
                LocationOf(second.Start),
                "A second document begins here, and a manifest is a single document. Use several files, or a folder.")
            : root;
    }

    /// <summary>Reads the node that begins at the current event, and stops at its last.</summary>
    private ManifestNode Node() => _parser.Current switch
    {
        AnchorAlias alias => _anchors.TryGetValue(alias.Value.Value, out ManifestNode? known)
            ? known
            : throw new ManifestParseException(
                LocationOf(alias.Start),
                $"The alias *{SecretMasker.Quote(alias.Value.Value, 60)} has no anchor before it, or is inside its own anchor."),
        Scalar scalar => Anchored(scalar, Scalar(scalar)),
        SequenceStart start => Anchored(start, Sequence(start)),
        MappingStart start => Anchored(start, Mapping(start)),
        var other => throw new ManifestParseException(LocationOf(other?.Start ?? Mark.Empty), "A value is missing here."),
    };

    private ManifestNode Scalar(Scalar scalar)
    {
        SourceLocation place = LocationOf(scalar.Start);
        bool isTagged = !scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific;
        CheckTag(scalar, "str", "int", "float", "bool", "null");
        bool isPlain = isTagged ? scalar.Tag.Value != Tags + "str" : scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty;
        return !isPlain ? context.Text(scalar.Value, place)
            : context.Scalar(scalar.Value, place, isTagged ? (text, at, origin) => Tagged(scalar.Tag.Value, text, at, origin) : YamlCoreSchema.Plain);
    }

    private ManifestNode Tagged(string tag, string text, SourceLocation place, Substituted? origin)
    {
        ManifestNode node = YamlCoreSchema.Plain(text, place, origin);
        string name = tag.StartsWith(Tags, StringComparison.Ordinal) ? tag.Substring(Tags.Length) : "";
        if (node.IsUnresolved || YamlCoreSchema.Is(name, node))
        {
            return node;
        }

        context.ReportValue(place, $"has the tag !!{name}, which its value does not match. Correct the value, or remove the tag.");
        return ManifestNode.Faulty(text, place, origin);
    }

    private ManifestNode Sequence(SequenceStart start)
    {
        CheckTag(start, "seq");
        SourceLocation place = LocationOf(start.Start);
        var items = new List<ManifestNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(Within($"[{items.Count}]"));
        }

        return ManifestParseContext.Sequence(items, place);
    }

    private ManifestNode Mapping(MappingStart start)
    {
        CheckTag(start, "map");
        SourceLocation place = LocationOf(start.Start);
        var entries = new List<ManifestProperty>();
        IReadOnlyList<ManifestNode>? merged = null;
        ManifestNode? merge = null;
        while (Next() is not MappingEnd)
        {
            bool isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            ManifestNode key = Key();
            Next();
            ManifestNode value = Within(key.Text);
            if (isMerge && merge is not null)
            {
                context.ReportTwice(key, merge, "Use one list: <<: [*one, *other].");
            }
            else if (isMerge)
            {
                merge = key;
                merged = Sources(value);
            }
            else
            {
                entries.Add(new(key, value));
            }
        }

        ManifestNode mapping = context.Mapping(entries, place);
        return merged is null ? mapping : context.Merged(mapping, merged);
    }

    private ManifestNode Within(string step)
    {
        context.Enter(step, LocationOf(_parser.Current!.Start));
        ManifestNode node = Node();
        context.Leave();
        return node;
    }

    private ManifestNode Key()
    {
        ParsingEvent current = _parser.Current!;
        SourceLocation place = LocationOf(current.Start);
        if (current is Scalar scalar)
        {
            return Anchored(scalar, ManifestNode.Scalar(NodeKind.Text, scalar.Value, place));
        }

        return current is AnchorAlias && Node() is { IsScalar: true } known
            ? known
            : throw new ManifestParseException(
                place, "A name is expected here, not a list or table. Quote strings that begin with { or [, such as {{prompt}}.");
    }

    private IReadOnlyList<ManifestNode> Sources(ManifestNode value)
    {
        context.Count(value.AsList.Count, value.Location);
        return value.AsList.FirstOrDefault(s => s.Kind != NodeKind.Mapping) is ManifestNode stray
            ? throw new ManifestParseException(stray.Location, "<< merges only tables. Use <<: *anchor or <<: [*one, *other].")
            : value.AsList;
    }

    private ManifestNode Anchored(NodeEvent from, ManifestNode node)
    {
        if (!from.Anchor.IsEmpty)
        {
            _anchors[from.Anchor.Value] = node;
        }

        return node;
    }

    private void CheckTag(NodeEvent node, params string[] accepted)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && !accepted.Any(a => node.Tag.Value == Tags + a))
        {
            context.Report(
                LocationOf(node.Start),
                $"The tag '{SecretMasker.Quote(node.Tag.Value)}' is not supported. Remove it, or use !!str to read a number as a string.");
        }
    }

    private ParsingEvent Next() => _parser.MoveNext()
        ? _parser.Current!
        : throw new ManifestParseException(new SourceLocation(1, 1), "The file ends in the middle of a value.");

    // The scanner takes some of these for the end of the file, and what follows would be lost without a word. Others it takes for the end of a
    // line, as YAML 1.2, editors and diffs do not: what they show as a comment could be read as a connection.
    private static void RefuseUnprintable(string text)
    {
        if (Unprintable.Match(text) is not { Success: true, Index: int at })
        {
            return;
        }

        string[] lines = Regex.Split(text.Substring(0, at), "\r\n?|\n");
        var place = new SourceLocation(lines.Length, lines[lines.Length - 1].Length + 1);
        string code = ((int)text[at]).ToString("X4", CultureInfo.InvariantCulture);
        throw new ManifestParseException(place, text[at] is '\u0085' or '\u2028' or '\u2029'
            ? $"The character U+{code} is invisible here, and some programs end the line at it. "
                + $"Remove it, or write it as \"\\u{code}\" in double quotation marks."
            : $"This is not valid YAML: it contains the control character U+{code}. In double quotation marks, write it as \"\\u{code}\".");
    }

    // Between braces or brackets, a brace in the middle of a text ends it.
    private static ManifestParseException? Brace(SourceLocation place, string text)
    {
        string line = text.Split('\n')[place.Line - 1];
        int at = place.Column - 1;
        if (at >= line.Length || line[at] != '{')
        {
            return null;
        }

        bool isVariable = at > 0 && line[at - 1] == '$';
        string quoted = isVariable ? "\"${env:NAME}\"" : "\"{{prompt}}\"";
        return new ManifestParseException(
            isVariable ? new SourceLocation(place.Line, place.Column - 1) : place,
            $"Between {{ }} or [ ], quote strings that contain a brace: {quoted}. Or put each value on its own line.");
    }

    // For a tab the parser says where the table began rather than where the tab is.
    private static SourceLocation LocationOf(YamlException e, string text)
    {
        string[] lines = text.Split('\n');
        int line = (int)Math.Min(Math.Max(e.Start.Line, 1), lines.Length);
        bool isTab = e.Message.IndexOf("tab", StringComparison.OrdinalIgnoreCase) >= 0;
        for (int i = line - 1; isTab && i < lines.Length; i++)
        {
            if (lines[i].TrimStart(' ') is ['\t', ..] rest)
            {
                return new SourceLocation(i + 1, lines[i].Length - rest.Length + 1);
            }
        }

        return new SourceLocation(line, (int)Math.Max(e.Start.Column, 1));
    }

    private static SourceLocation LocationOf(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
