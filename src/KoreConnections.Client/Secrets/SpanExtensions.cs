namespace KoreConnections.Client;

/// <summary>What is asked of a key where it is: no copy is made. Case counts nowhere.</summary>
internal static class SpanExtensions
{
    private delegate bool Comparer(ReadOnlySpan<char> text, ReadOnlySpan<char> word, StringComparison comparison);

    public static bool Starts(this ReadOnlySpan<char> text, params string[] words) => text.FindStart(words) is not null;

    /// <summary>The one of these words that a text begins with; null for none.</summary>
    public static string? FindStart(this ReadOnlySpan<char> text, params string[] words) => First(text, words, MemoryExtensions.StartsWith);

    public static bool Ends(this ReadOnlySpan<char> text, params string[] words) => First(text, words, MemoryExtensions.EndsWith) is not null;

    public static bool IsAround(this ReadOnlySpan<char> text, string start, string end) =>
        text.Length >= start.Length + end.Length && text.Starts(start) && text.Ends(end);

    /// <summary>The one of these words that a text is; null for none.</summary>
    public static string? Find(this ReadOnlySpan<char> text, params string[] words) => First(text, words, MemoryExtensions.Equals);

    /// <summary>Whether a text has letters and digits of ASCII and these marks alone.</summary>
    public static bool IsMadeOf(this ReadOnlySpan<char> text, string marks) =>
        text.IsAll(c => c <= '~' && (char.IsLetterOrDigit(c) || marks.IndexOf(c) >= 0));

    public static bool IsAll(this ReadOnlySpan<char> text, Func<char, bool> fits) => text.IndexOfOther(fits) is null;

    /// <summary>Where the first character is that does not fit; null for nowhere.</summary>
    public static int? IndexOfOther(this ReadOnlySpan<char> text, Func<char, bool> fits)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!fits(text[i]))
            {
                return i;
            }
        }

        return null;
    }

    private static string? First(ReadOnlySpan<char> text, string[] words, Comparer comparer)
    {
        foreach (string word in words)
        {
            if (comparer(text, word, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        return null;
    }
}
