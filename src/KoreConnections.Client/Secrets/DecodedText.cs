namespace KoreConnections.Client;

/// <summary>A text with its escapes undone and its line breaks taken out, and for each character where it was in the text at first.</summary>
internal sealed class DecodedText
{
    private static readonly char[] BeforeEscapes = ['%', '&', '\\', '\r', '\n'];

    private static readonly Dictionary<string, char> Entities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["amp"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["sol"] = '/', ["bsol"] = '\\', ["plus"] = '+', ["equals"] = '=',
        ["num"] = '#', ["percnt"] = '%', ["lowbar"] = '_', ["hyphen"] = '-', ["dash"] = '-', ["period"] = '.', ["colon"] = ':', ["semi"] = ';',
        ["commat"] = '@',
        ["excl"] = '!', ["dollar"] = '$', ["ast"] = '*', ["quest"] = '?', ["comma"] = ',', ["lpar"] = '(', ["rpar"] = ')', ["lsqb"] = '[', ["rsqb"] = ']',
        ["lcub"] = '{', ["rcub"] = '}', ["Hat"] = '^', ["grave"] = '`', ["verbar"] = '|', ["tilde"] = '~',
    };

    private const int LongestEntity = 10;

    // Null where each character stands for itself.
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    public DecodedText(string text) => Text = text;

    private DecodedText(string text, int[] starts, int[] ends)
    {
        Text = text;
        _starts = starts;
        _ends = ends;
    }

    public string Text { get; }

    public int StartOf(int index) => _starts is null ? index : _starts[index];

    public int EndOf(int index) => _ends is null ? index + 1 : _ends[index];

    /// <summary>The text with one layer of escapes undone; null where there are none.</summary>
    public DecodedText? Decode()
    {
        if (Text.IndexOfAny(BeforeEscapes) < 0)
        {
            return null;
        }

        var decoded = new StringBuilder(Text.Length);
        int[] starts = new int[Text.Length];
        int[] ends = new int[Text.Length];
        for (int i = 0; i < Text.Length;)
        {
            int length = Unit(i, out char? c);
            if (c is char one)
            {
                starts[decoded.Length] = StartOf(i);
                ends[decoded.Length] = EndOf(i + length - 1);
                decoded.Append(one);
            }

            i += length;
        }

        return decoded.Length == Text.Length ? null : new DecodedText(decoded.ToString(), starts, ends);
    }

    /// <summary>How long what stands at a place is, and which character it is; none for a line break.</summary>
    private int Unit(int at, out char? c)
    {
        c = Text[at];
        switch (Text[at])
        {
            case '%' when Hexadecimal(at + 1, 2) is char escaped:
                c = escaped;
                return 3;
            case '&':
                return Entity(at, ref c);
            case '\\' when at + 1 < Text.Length:
                return Escape(at, out c);
            case '\r' or '\n':
                c = null;
                return BreakLength(at);
            case '=' when at + 1 < Text.Length && Text[at + 1] is '\r' or '\n':
                // How mail goes on in the next line.
                c = null;
                return 1 + BreakLength(at + 1);
            default:
                return 1;
        }
    }

    private int Escape(int at, out char? c)
    {
        c = Text[at + 1];
        switch (Text[at + 1])
        {
            case 'u' or 'U' when Hexadecimal(at + 2, 4) is char escaped:
                c = escaped;
                return 6;
            case 'x' or 'X' when Hexadecimal(at + 2, 2) is char escaped:
                c = escaped;
                return 4;
            case 'n' or 'r' or 't' or '\r' or '\n':
                c = null;
                return 2;
            default:
                return 2;
        }
    }

    private int Entity(int at, ref char? c)
    {
        int end = Text.IndexOf(';', at, Math.Min(LongestEntity + 2, Text.Length - at));
        if (end < 0)
        {
            return 1;
        }

        string name = Text.Substring(at + 1, end - at - 1);
        bool isHexadecimal = name.StartsWith("#x", StringComparison.OrdinalIgnoreCase);
        if (name.StartsWith("#", StringComparison.Ordinal)
            && int.TryParse(
                name.Substring(isHexadecimal ? 2 : 1),
                isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int code)
            && code is > 0 and <= char.MaxValue)
        {
            c = (char)code;
            return name.Length + 2;
        }

        if (Entities.TryGetValue(name, out char known))
        {
            c = known;
            return name.Length + 2;
        }

        return 1;
    }

    // With the indentation of the next line.
    private int BreakLength(int at)
    {
        int end = at;
        while (end < Text.Length && Text[end] is '\r' or '\n' or ' ' or '\t')
        {
            end++;
        }

        return end - at;
    }

    private char? Hexadecimal(int at, int length) =>
        at + length <= Text.Length
            && int.TryParse(Text.Substring(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && code > 0
            ? (char)code
            : null;
}
