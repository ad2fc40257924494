namespace KoreConnections.Client;

/// <summary>
/// Keys within other text, in the forms that their providers make: words begin as keys do more often there than alone. The sandbox compiles this
/// file too.
/// </summary>
internal static class PastedKey
{
    // A token of a few claims. What is longer is a file in base64, in which the beginning of a key comes by chance.
    private const int LongestKey = 2048;

    private static readonly string[] Beginnings = [.. KeyForm.All.Select(f => f.Beginning)];

    public static bool IsIn(string text) => MayBeIn(text) && Pattern.Key.Matches(text).Cast<Match>().Any(IsOne);

    public static string Replace(string text, Func<string, string> replacement) =>
        MayBeIn(text) ? Pattern.Key.Replace(text, key => IsOne(key) ? replacement(key.Value) : key.Value) : text;

    private static bool IsOne(Match key) =>
        key.Length <= LongestKey && SecretRule.IsOpaque(key.Value) && (!key.Groups["dashed"].Success || Pattern.LongRun.IsMatch(key.Value));

    // So that a text without any beginning, which nearly all are, is not searched by the expression.
    private static bool MayBeIn(string text)
    {
        bool isInWord = false;
        for (int i = 0; i <= text.Length - SecretRule.ShortestOpaque; i++)
        {
            if (!isInWord && IsBeginning(text, i))
            {
                return true;
            }

            isInWord = text[i] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
        }

        return false;
    }

    private static bool IsBeginning(string text, int at)
    {
        foreach (string beginning in Beginnings)
        {
            if (text[at] == beginning[0] && string.CompareOrdinal(text, at, beginning, 0, beginning.Length) == 0)
            {
                return true;
            }
        }

        return false;
    }

    // Apart, so that what works without them, as the first request does, does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex Key = new($"(?<![A-Za-z0-9]){KeyForm.AnyOf(static f => f.Within)}", RegexOptions.CultureInvariant);

        // Keys with dashes have one in them, words with dashes do not. Apart, because in one expression the time would grow with the square of a text.
        public static readonly Regex LongRun = new("[A-Za-z0-9_]{12}", RegexOptions.CultureInvariant);
    }
}
