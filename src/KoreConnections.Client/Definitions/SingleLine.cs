namespace KoreConnections.Client;

/// <summary>Texts of one line, such as names and models: differences that nobody sees make two of what looks like one.</summary>
internal static class SingleLine
{
    // What stands for bytes that are no text in the encoding that they were read in.
    private const char Lost = '\uFFFD';

    /// <summary>The text without white space and invisible characters at its ends.</summary>
    public static string Trim(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsBlank(text, start))
        {
            start++;
        }

        while (end > start && IsBlank(text, end - 1))
        {
            end--;
        }

        return text.Substring(start, end - start);
    }

    /// <summary>What is invisible in a trimmed text, and where, as the end of a sentence, and what to do about input; null for nothing.</summary>
    public static string? Problem(string text) => Fault(text) is var (what, advice) ? what + advice : null;

    /// <summary>What is invisible in a text, and where; behind it, what to do if it is input.</summary>
    public static (string What, string Advice)? Fault(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == Lost)
            {
                return (
                    $"contains a replacement character (U+FFFD) at position {i + 1} of {text.Length}",
                    ": the file was read with the wrong encoding. Specify its encoding, for example Import-Csv -Encoding ansi.");
            }

            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i) && (i == 0 || !char.IsSurrogatePair(text, i - 1)))
            {
                return ($"contains half of a surrogate pair at position {i + 1} of {text.Length}", ". Check whether the value was cut off.");
            }

            if (TextSanitizer.IsInvisible(text, i))
            {
                int code = char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text, i) : text[i];
                string what = text[i] is '\n' or '\r' ? "a line break" : text[i] == '\t' ? "a tab" : $"an invisible character (U+{code:X4})";
                return ($"contains {what} at position {i + 1} of {text.Length}", ". Remove it.");
            }
        }

        return null;
    }

    /// <summary>White space in a trimmed text that looks like a plain space and is none, as the end of a sentence; null for nothing.</summary>
    public static string? SpaceProblem(string text)
    {
        int at = text.TakeWhile(c => c == ' ' || !char.IsWhiteSpace(c)).Count();
        return at == text.Length ? null
            : $"contains a special space (U+{(int)text[at]:X4}) at position {at + 1} of {text.Length}. Replace it with a plain space, or remove it.";
    }

    /// <summary>What two names have in common that a person cannot distinguish: case, white space, composed and compatible forms.</summary>
    public static string Comparable(string name) => Plain(name).ToUpperInvariant();

    /// <summary>A name with single spaces, in composed and compatible forms, without anything invisible.</summary>
    public static string Plain(string name)
    {
        string plain = Normalized(name, NormalizationForm.FormKC);
        IEnumerable<char> visible = plain.Where((c, i) =>
            char.IsWhiteSpace(c) || (c is not ('\u200C' or '\u200D' or '\uFE0E' or '\uFE0F') && !TextSanitizer.IsInvisible(plain, i)));
        return string.Join(" ", string.Concat(visible).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A text in a form of Unicode; as it is where it is not Unicode, at which .NET throws: it has half of a pair, or U+FFFE.</summary>
    public static string Normalized(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    private static bool IsBlank(string text, int at) => char.IsWhiteSpace(text[at]) || TextSanitizer.IsInvisible(text, at);
}
