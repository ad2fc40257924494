namespace KoreConnections.Client;

/// <summary>Makes text that came from outside safe to show: it is data, never a command to a terminal or a build agent.</summary>
public static class TextSanitizer
{
    /// <summary>How much of an unexpected text an error shows.</summary>
    internal const int Shortened = 300;

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

            // Half of a pair is no character, and whatever writes it puts another in its place.
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
            && (line.Length == 1 || line[line.Length - 2] is ' ' or ':' || !IsAddress(text, at));
    }

    // [::1] and the like stand in addresses.
    private static bool IsAddress(string text, int at)
    {
        int end = at + 1;
        while (end < text.Length && (text[end] is ':' or '.' || Uri.IsHexDigit(text[end])))
        {
            end++;
        }

        return end < text.Length && text[end] == ']' && text.LastIndexOf('[', at) is >= 0 and int start && text.IndexOf(']', start, at - start) < 0;
    }

    // The joiner is what holds composed emoji together. Of plane 14, where text can be hidden in plain sight, nothing is visible.
    private static bool IsInvisible(string text, int at) => text[at] != '\u200D' && (text[at] is >= '\uDB40' and <= '\uDB7F'
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
