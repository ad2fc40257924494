namespace KoreConnections.Client;

/// <summary>
/// Tells names that people give (X-B3-ParentSpanId, Microsoft365Copilot, Kundenservice2026) from keys, which are made by chance: names have
/// words to pronounce, and at most one number between them. The sandbox compiles this file too.
/// </summary>
internal static class NameShape
{
    // 70B, v2x: what is so short says nothing.
    private const int LongestIgnored = 3;
    private const int ShortestWord = 3;
    private const int LongestWord = 20;
    private const int LongestNumber = 4;

    // In so many characters made by chance, a short word to pronounce comes by chance.
    private const int ShortestLong = 12;
    private const int ShortestOfLong = 5;

    private static readonly char[] Marks = @"-_. /:,+()[]{}$*=;@\'!|~#".ToCharArray();

    public static string[] Pieces(string text) => text.Split(Marks);

    /// <summary>Whether a text has words, numbers and versions alone, with marks between them: no key under whichever name.</summary>
    public static bool IsPlain(string text) => Pieces(text).All(IsPlainPiece);

    /// <summary>Whether a text is plain, or else a name by its words. A value of that form may be a password.</summary>
    public static bool IsName(string text)
    {
        int length = 0, ofWords = 0, longest = 0, numbers = 0;
        // Keys are ASCII: letters of other scripts are between what could be one.
        foreach (string piece in Pieces(Pattern.OtherLetters.Replace(text, "-")).Where(p => p.Length > LongestIgnored && !IsPlainPiece(p)))
        {
            length += piece.Length;
            MatchCollection parts = Pattern.Part.Matches(piece);
            foreach (Match part in parts)
            {
                bool isLast = part.Index + part.Length == piece.Length;
                if (char.IsDigit(part.Value[0]))
                {
                    numbers += isLast && part.Length <= LongestNumber ? 0 : 1;
                }
                else if (part.Length is >= ShortestWord and <= LongestWord && char.IsLower(part.Value[part.Length - 1]) && IsPronounceable(part.Value))
                {
                    ofWords += part.Length;
                    longest = Math.Max(longest, part.Length);
                }
            }
        }

        return numbers <= 1 && ofWords * 100 >= length * 55 && (length < ShortestLong || longest >= ShortestOfLong);
    }

    private static bool IsPlainPiece(string piece) => Plain.Piece.IsMatch(piece) || Plain.Camel.IsMatch(piece);

    private static bool IsPronounceable(string word) => Pattern.Vowel.IsMatch(word) && !Pattern.Consonants.IsMatch(word);

    private static class Plain
    {
        public static readonly Regex Piece = new(
            @"^(?:[A-Za-z]?[a-z]{0,19}|[A-Z]{1,20}|[^\W\d_A-Za-z]+|\d{1,8}|(?:\d{8}|\d{1,4})T\d{1,6}Z?|\d{1,6}Z"
                + @"|\d{1,3}(?:x\d{1,3})?[BbKM]|v\d{1,2}p\d{1,2}|[vVrR]?\d{1,4}[a-z]{0,8}|[A-Za-z]{1,9}\d{1,4}[a-z]{0,2})\z",
            RegexOptions.CultureInvariant);
        public static readonly Regex Camel = new(
            @"^(?:[A-Z]?[a-z]{2,20}|[A-Z]{2,6})(?:[A-Z][a-z]{2,20}){1,5}\z", RegexOptions.CultureInvariant);
    }

    // Apart, so that what has no odd names does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex OtherLetters = new(@"[^\W\d_A-Za-z]+", RegexOptions.CultureInvariant);
        public static readonly Regex Part = new(@"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", RegexOptions.CultureInvariant);
        public static readonly Regex Vowel = new("[aeiouyAEIOUY]", RegexOptions.CultureInvariant);
        public static readonly Regex Consonants = new("[^aeiouyAEIOUY]{5}", RegexOptions.CultureInvariant);
    }
}
