namespace KoreConnections.Client;

/// <summary>
/// A text with its escapes undone and without line breaks and what nobody sees, and for each character where it was in the text at first.
/// </summary>
internal sealed class DecodedText
{
    private const char Escaping = '\u001b';

    private static readonly Dictionary<string, char> Entities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["amp"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["sol"] = '/', ["bsol"] = '\\', ["plus"] = '+', ["equals"] = '=',
        ["num"] = '#', ["percnt"] = '%', ["lowbar"] = '_', ["hyphen"] = '-', ["dash"] = '-', ["period"] = '.', ["colon"] = ':', ["semi"] = ';',
        ["commat"] = '@',
        ["excl"] = '!', ["dollar"] = '$', ["ast"] = '*', ["quest"] = '?', ["comma"] = ',', ["lpar"] = '(', ["rpar"] = ')', ["lsqb"] = '[', ["rsqb"] = ']',
        ["lcub"] = '{', ["rcub"] = '}', ["Hat"] = '^', ["grave"] = '`', ["verbar"] = '|', ["tilde"] = '~',
    };

    private const int LongestEntity = 10;
    private const int LongestNumber = 16;

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
        if (!HasEscape(Text))
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

    private static bool HasEscape(string text)
    {
        foreach (char c in text)
        {
            if (c is '%' or '&' or '\\' or '<' || IsUnseen(c))
            {
                return true;
            }
        }

        return false;
    }

    // Control and formatting characters and separators of lines: what shows the text leaves them out, or breaks the line.
    private static bool IsUnseen(char c) =>
        c < ' ' || (c > '~' && char.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>How long what stands at a place is, and which character it is; none for a line break.</summary>
    private int Unit(int at, out char? c)
    {
        c = Text[at];
        switch (Text[at])
        {
            case '%' when Hexadecimal(at + 1, 2) is char escaped:
                c = escaped;
                return 3;
            case '%' when at + 1 < Text.Length && Text[at + 1] is 'u' && Hexadecimal(at + 2, 4) is char escaped:
                c = escaped;
                return 6;
            case '&' when at + 1 < Text.Length && Text[at + 1] == '#':
                return Number(at, ref c);
            case '&':
                return Entity(at, ref c);
            case '<' when BreakTag(at) is int tag:
                c = null;
                return tag;
            case Escaping when at + 1 < Text.Length && Text[at + 1] == '[':
                c = null;
                return SequenceLength(at);
            case '\\' when at + 1 < Text.Length:
                return Escape(at, out c);
            case '\r' or '\n':
                c = null;
                return BreakLength(at);
            case '=' when at + 1 < Text.Length && Text[at + 1] is '\r' or '\n':
                // How mail goes on in the next line.
                c = null;
                return 1 + BreakLength(at + 1);
            case var unseen when IsUnseen(unseen):
                c = null;
                return 1;
            default:
                return 1;
        }
    }

    private int Escape(int at, out char? c)
    {
        c = Text[at + 1];
        switch (Text[at + 1])
        {
            case 'U' when Hexadecimal(at + 2, 8) is char escaped:
                c = escaped;
                return 10;
            case 'u' or 'U' when Hexadecimal(at + 2, 4) is char escaped:
                c = escaped;
                return 6;
            case 'u' when at + 2 < Text.Length && Text[at + 2] == '{' && Text.IndexOf('}', at, Math.Min(LongestEntity, Text.Length - at)) is > 0 and int end
                && Hexadecimal(at + 3, end - at - 3) is char escaped:
                c = escaped;
                return end + 1 - at;
            case >= '0' and <= '3' when at + 3 < Text.Length && IsOctal(Text[at + 2]) && IsOctal(Text[at + 3]):
                c = (char)(((Text[at + 1] - '0') * 64) + ((Text[at + 2] - '0') * 8) + Text[at + 3] - '0');
                return 4;
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
        if (Entities.TryGetValue(name, out char known))
        {
            c = known;
            return name.Length + 2;
        }

        return 1;
    }

    // Browsers need neither the semicolon nor the right number of zeros.
    private int Number(int at, ref char? c)
    {
        bool isHexadecimal = at + 2 < Text.Length && Text[at + 2] is 'x' or 'X';
        int start = at + (isHexadecimal ? 3 : 2);
        int end = start;
        int code = 0;
        while (end < Text.Length && end - start < LongestNumber && (isHexadecimal ? Uri.IsHexDigit(Text[end]) : Text[end] is >= '0' and <= '9'))
        {
            code = Math.Min((code * (isHexadecimal ? 16 : 10)) + Uri.FromHex(Text[end]), char.MaxValue + 1);
            end++;
        }

        if (end == start || code is 0 or > char.MaxValue)
        {
            return 1;
        }

        c = (char)code;
        return end - at + (end < Text.Length && Text[end] == ';' ? 1 : 0);
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';

    // Where a page breaks what is long.
    private int? BreakTag(int at)
    {
        int end = Text.IndexOf('>', at, Math.Min(LongestEntity, Text.Length - at));
        string tag = end < 0 ? "" : Text.Substring(at + 1, end - at - 1).TrimEnd('/', ' ');
        return tag.Equals("br", StringComparison.OrdinalIgnoreCase) || tag.Equals("wbr", StringComparison.OrdinalIgnoreCase) ? end + 1 - at : null;
    }

    // What colours a terminal.
    private int SequenceLength(int at)
    {
        int end = at + 2;
        while (end < Text.Length && Text[end] is >= ' ' and <= '?')
        {
            end++;
        }

        return Math.Min(end + 1, Text.Length) - at;
    }

    // With the indentation of the next line, or what quotes it.
    private int BreakLength(int at)
    {
        int end = at;
        while (end < Text.Length && Text[end] is '\r' or '\n' or ' ' or '\t' or '>' or '#')
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
