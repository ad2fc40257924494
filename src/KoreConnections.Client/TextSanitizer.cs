namespace KoreConnections.Client;

/// <summary>Makes text that came from outside safe to show: it is data, never a command to a terminal or a build agent.</summary>
internal static class TextSanitizer
{
    /// <summary>How much of an unexpected text an error shows.</summary>
    internal const int Shortened = 300;

    // Of IPv6, with an address of IPv4 at its end.
    private const int LongestAddress = 45;

    private const int LongestModel = 200;
    private const int ShortestId = 6;
    private const int LongestId = 20;

    private static readonly string[] AgentWords = ["echo", "debug", "error", "group", "notice", "warning", "endgroup"];

    /// <summary>
    /// Control and formatting characters become spaces, so escape sequences lose their start and text stays on one line;
    /// the openings of build agent commands are broken up.
    /// </summary>
    /// <param name="text">The text; null is read as empty.</param>
    /// <param name="maxLength">Longer text is cut and ends with an ellipsis.</param>
    public static string SingleLine(string? text, int maxLength = 1000)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text!.Length, maxLength) + 1);
        bool pendingSpace = false;
        for (int i = 0; i < text.Length; i++)
        {
            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            if (char.IsWhiteSpace(text[i]) || IsInvisible(text, i))
            {
                pendingSpace = line.Length > 0;
                i += length - 1;
                continue;
            }

            if (line.Length >= maxLength)
            {
                line.Append('…');
                break;
            }

            if (pendingSpace || Opens(text, i, line))
            {
                line.Append(' ');
                pendingSpace = false;
            }

            // Half of a pair is no character, and what writes it puts another in its place.
            _ = length == 1 && char.IsSurrogate(text[i]) ? line.Append('\uFFFD') : line.Append(text, i, length);
            i += length - 1;
        }

        return line.ToString();
    }

    /// <summary>
    /// Whether a character would complete the opening of a command. Azure Pipelines acts on ##vso[ and ##[ anywhere in a line:
    /// each pair is parted, and ### has two. GitHub Actions acts on :: at the start of a line, and a shell breaks long lines
    /// wherever they reach its width.
    /// </summary>
    private static bool Opens(string text, int at, StringBuilder line)
    {
        char before = line.Length == 0 ? ' ' : line[line.Length - 1];
        if (text[at] == '#')
        {
            return before == '#';
        }

        return text[at] == ':' && before == ':'
            && (line.Length == 1 || line[line.Length - 2] is ' ' or ':' || !(IsAddress(text, at) || IsModelId(text, at)));
    }

    // ft:MODEL:ORGANIZATION::ID, as OpenAI calls a model without a suffix. The id is none of the agents' words.
    private static bool IsModelId(string text, int at)
    {
        int end = at + 1;
        while (end < text.Length && text[end] <= 'z' && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        int start = at;
        while (start > 0 && at - start < LongestModel && !(char.IsWhiteSpace(text[start - 1]) || text[start - 1] is '\'' or '"' or '('))
        {
            start--;
        }

        return end - at is > ShortestId and <= LongestId
            && (end == text.Length || (text[end] == ':' ? end + 1 < text.Length && text[end + 1] != ':' : text[end] is not ('-' or '_')))
            && string.CompareOrdinal(text, start, "ft:", 0, 3) == 0
            && !AgentWords.Contains(text.Substring(at + 1, end - at - 1), StringComparer.OrdinalIgnoreCase);
    }

    // [::1] and the like stand in addresses.
    private static bool IsAddress(string text, int at)
    {
        int end = at + 1;
        while (end < text.Length && end - at < LongestAddress && (text[end] is ':' or '.' || Uri.IsHexDigit(text[end])))
        {
            end++;
        }

        return end < text.Length && text[end] == ']'
            && text.LastIndexOf('[', at, Math.Min(at + 1, LongestAddress)) is >= 0 and int start && text.IndexOf(']', start, at - start) < 0;
    }

    /// <summary>
    /// Whether nothing is seen of a character. Joiners and selectors of variants compose emoji and spell words, and are no fault there.
    /// Of plane 14, where text can be hidden in plain sight, nothing is visible; fillers are letters and signs in name only.
    /// </summary>
    internal static bool IsInvisible(string text, int at) => text[at] switch
    {
        '\u200C' or '\u200D' or '\uFE0E' or '\uFE0F' => at == 0 || !Joins(text, at),
        // The second half of what the first half says.
        >= '\uDC00' and <= '\uDFFF' => at > 0 && text[at - 1] is >= '\uDB40' and <= '\uDB7F',
        '\u034F' or '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or '\u2800' or '\u3164' or '\uFFA0' => true,
        >= '\u180B' and <= '\u180F' or >= '\uFE00' and <= '\uFE0D' or >= '\uDB40' and <= '\uDB7F' => true,
        _ => CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    // Selectors are behind symbols, and between a digit and its key. Joiners are behind symbols, behind the marks that vowels and viramas are, and
    // behind letters of Arabic, where they are spelling.
    private static bool Joins(string text, int at)
    {
        char before = text[at - 1];
        if (before < '\u0080')
        {
            return text[at] == '\uFE0F' && at + 1 < text.Length && text[at + 1] == '\u20E3';
        }

        bool isSymbol = char.IsSurrogate(before) || char.IsSymbol(before) || char.IsPunctuation(before) || before is '\u2139' or '\uFE0F';
        return text[at] >= '\uFE0E' ? isSymbol
            : char.GetUnicodeCategory(before) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                || (at + 1 < text.Length && (before is >= '\u0600' and <= '\u06FF' || (text[at] == '\u200D' && isSymbol)));
    }
}
