namespace KoreConnections.Client;

/// <summary>Reads JSON token by token, so that every node keeps its place.</summary>
internal sealed class JsonManifest
{
    private readonly ManifestParseContext _context;
    private readonly byte[] _json;
    private readonly List<int> _lines;
    private (int Line, int At, int Column) _last = (0, 0, 1);

    private JsonManifest(string text, ManifestParseContext context)
    {
        _context = context;
        _json = Encoding.UTF8.GetBytes(text);
        _lines = [0, .. Enumerable.Range(1, _json.Length).Where(i => _json[i - 1] == '\n')];
    }

    /// <summary>The root, or null for a file without content.</summary>
    /// <exception cref="ManifestParseException">It is no JSON.</exception>
    public static ManifestNode? Read(string text, ManifestParseContext context) =>
        string.IsNullOrWhiteSpace(text) ? null : new JsonManifest(text, context).Document();

    private ManifestNode Document()
    {
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = SecretJsonContent.MaxDepth });
        try
        {
            reader.Read();
            ManifestNode root = Node(ref reader);
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException e)
        {
            int line = (int)Math.Min(e.LineNumber ?? 0, _lines.Count - 1);
            int at = (int)Math.Min(_lines[line] + (e.BytePositionInLine ?? 0), _json.Length);
            throw new ManifestParseException(
                LocationOf(at),
                "This is not valid JSON. Enclose names and strings in double quotation marks, and put one comma between values. "
                    + "Remove comments and any comma after the last value.");
        }
    }

    private ManifestNode Node(ref Utf8JsonReader reader)
    {
        SourceLocation place = LocationOf((int)reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Mapping(ref reader, place),
            JsonTokenType.StartArray => Sequence(ref reader, place),
            JsonTokenType.String => _context.Text(TextOf(ref reader, place), place),
            JsonTokenType.Number => ManifestNode.Number(Encoding.UTF8.GetString(reader.ValueSpan.ToArray()), place),
            JsonTokenType.True => ManifestNode.Scalar(NodeKind.Flag, "true", place),
            JsonTokenType.False => ManifestNode.Scalar(NodeKind.Flag, "false", place),
            _ => ManifestNode.Scalar(NodeKind.Null, "", place),
        };
    }

    private ManifestNode Mapping(ref Utf8JsonReader reader, SourceLocation place)
    {
        var entries = new List<ManifestProperty>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            SourceLocation at = LocationOf((int)reader.TokenStartIndex);
            ManifestNode key = ManifestNode.Scalar(NodeKind.Text, TextOf(ref reader, at), at);
            reader.Read();
            _context.Enter(key.Text, LocationOf((int)reader.TokenStartIndex));
            entries.Add(new(key, Node(ref reader)));
            _context.Leave();
        }

        return _context.Mapping(entries, place);
    }

    private ManifestNode Sequence(ref Utf8JsonReader reader, SourceLocation place)
    {
        var items = new List<ManifestNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _context.Enter($"[{items.Count}]", LocationOf((int)reader.TokenStartIndex));
            items.Add(Node(ref reader));
            _context.Leave();
        }

        return ManifestParseContext.Sequence(items, place);
    }

    private static string TextOf(ref Utf8JsonReader reader, SourceLocation place)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new ManifestParseException(place, "This string contains half of a surrogate pair, which is not a character. Check whether it was cut off.");
        }
    }

    // Places are asked for in their order, so that a long line is counted once.
    private SourceLocation LocationOf(int at)
    {
        int line = _lines.BinarySearch(at) is var found && found >= 0 ? found : ~found - 1;
        (int from, int column) = line == _last.Line && at >= _last.At ? (_last.At, _last.Column) : (_lines[line], 1);
        _last = (line, at, column + Encoding.UTF8.GetCharCount(_json, from, at - from));
        return new SourceLocation(line + 1, _last.Column);
    }
}
