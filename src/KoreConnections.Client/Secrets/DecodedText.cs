namespace KoreConnections.Client;

/// <summary>A text with its escapes undone and without line breaks and what nobody sees, and for each character where it was in the text at first.</summary>
/// <param name="starts">Where each character began; null where each stands for itself.</param>
internal sealed class DecodedText(string text, int[]? starts = null, int[]? ends = null)
{
    private static readonly Dictionary<string, char> Entities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["amp"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["sol"] = '/', ["bsol"] = '\\', ["plus"] = '+', ["equals"] = '=',
        ["num"] = '#', ["percnt"] = '%', ["lowbar"] = '_', ["hyphen"] = '-', ["dash"] = '-', ["period"] = '.', ["colon"] = ':', ["semi"] = ';',
        ["commat"] = '@',
        ["excl"] = '!', ["dollar"] = '$', ["ast"] = '*', ["quest"] = '?', ["comma"] = ',', ["lpar"] = '(', ["rpar"] = ')', ["lsqb"] = '[', ["rsqb"] = ']',
        ["lcub"] = '{', ["rcub"] = '}', ["Hat"] = '^', ["grave"] = '`', ["verbar"] = '|', ["tilde"] = '~',
        ["shy"] = '\u00AD', ["ZeroWidthSpace"] = '\u200B', ["zwj"] = '\u200D', ["zwnj"] = '\u200C', ["NewLine"] = '\n', ["Tab"] = '\t', ["nbsp"] = '\u00A0',
    };

    // An escape within an escape within an escape.
    private const int MaxEscapes = 5;

    public static readonly char[] Escapes = ['%', '&', '\\'];

    private static readonly char[] TagEnds = ['<', '>'];

    // For the forms of one key, the searches cost less than the filter.
    private const int FewForms = 32;

    private BloomFilter? _pieces;
    private int _asked;

    public string Text => text;

    /// <summary>False where the text does not hold what a form begins with.</summary>
    public bool MayHold(ReadOnlySpan<char> form) => ++_asked <= FewForms || (_pieces ??= new(text)).MayHold(form);

    public int StartOf(int index) => starts is null ? index : starts[index];

    public int EndOf(int index) => ends is null ? index + 1 : ends[index];

    /// <summary>A text as it is, and with each layer of its escapes undone. An escape may be broken itself, so that its parts are joined first.</summary>
    public static IEnumerable<DecodedText> LevelsOf(string text, DecodingBudget budget)
    {
        DecodedText? level = new(text);
        for (int i = 0; level is not null; i++)
        {
            yield return level;
            if (level.Join(budget) is DecodedText joined)
            {
                yield return level = joined;
            }

            level = i < MaxEscapes ? level.Decode(budget) : null;
        }
    }

    /// <summary>The text without white space and tags, as a page or a line that is too long breaks what is within; null where there are none.</summary>
    public DecodedText? WithoutGaps() => Read(at =>
        text[at] == '<' && EndOfTag(at) is int end ? (end + 1 - at, null) : (1, char.IsWhiteSpace(text[at]) ? null : text[at]));

    private int? EndOfTag(int start) =>
        start + 1 < text.Length && (char.IsLetter(text[start + 1]) || text[start + 1] == '/')
            && text.IndexOfAny(TagEnds, start + 1) is var end && end > 0 && text[end] == '>' ? end : null;

    private DecodedText? Join(DecodingBudget budget) => IsBroken() && budget.Spend(text.Length) ? Undo(Pattern.Break) : null;

    private DecodedText? Decode(DecodingBudget budget) => text.IndexOfAny(Escapes) >= 0 && budget.Spend(text.Length) ? Undo(Pattern.Escape) : null;

    private DecodedText? Undo(Regex pattern)
    {
        Match next = pattern.Match(text);
        return Read(at =>
        {
            if (!next.Success || next.Index != at)
            {
                return (1, IsInvisible(text, at) ? null : text[at]);
            }

            Match escape = next;
            next = escape.NextMatch();
            return (escape.Length, CharacterOf(escape));
        });
    }

    /// <summary>The text read in parts, each of which stands for one character or for none; null where each is the character itself.</summary>
    private DecodedText? Read(Func<int, (int Length, char? Character)> partAt)
    {
        var decoded = new StringBuilder(text.Length);
        int[] decodedStarts = new int[text.Length];
        int[] decodedEnds = new int[text.Length];
        for (int i = 0, length; i < text.Length; i += length)
        {
            (length, char? character) = partAt(i);
            if (character is char c)
            {
                decodedStarts[decoded.Length] = StartOf(i);
                decodedEnds[decoded.Length] = EndOf(i + length - 1);
                decoded.Append(c);
            }
        }

        return decoded.Length == text.Length ? null : new DecodedText(decoded.ToString(), decodedStarts, decodedEnds);
    }

    private bool IsBroken() => text.Where((c, at) => c == '<' || IsInvisible(text, at)).Any();

    // What shows the text leaves them out, or breaks the line.
    private static bool IsInvisible(string text, int at) => text[at] < ' ' || (text[at] > '~' && TextSanitizer.IsInvisible(text, at));

    /// <summary>The character that an escape stands for; none for a line break.</summary>
    private static char? CharacterOf(Match escape) =>
        escape.Groups["hex"] is { Success: true } hex ? (char)Convert.ToInt32(hex.Value, 16)
        : escape.Groups["decimal"] is { Success: true } number ? (char)int.Parse(number.Value, CultureInfo.InvariantCulture)
        : escape.Groups["octal"] is { Success: true } octal ? (char)Convert.ToInt32(octal.Value, 8)
        : escape.Groups["entity"] is { Success: true } entity && Entities.TryGetValue(entity.Value, out char named) ? named
        : escape.Groups["line"].Success ? '\n'
        : escape.Groups["itself"] is { Success: true } itself ? itself.Value[0]
        : null;

    // Apart, so that what has no escapes does not wait for it to be built.
    private static class Pattern
    {
        // Addresses.
        private const string Percent = "%(?<hex>[0-9A-Fa-f]{2})|%u(?<hex>[0-9A-Fa-f]{4})";

        // HTML. Browsers need neither the semicolon of a number nor the right number of zeros; a page breaks what is long with a tag.
        private const string Number = "&#[xX]0{0,12}(?<hex>[0-9A-Fa-f]{1,4})(?![0-9A-Fa-f]);?|&#0{0,12}(?<decimal>[0-9]{1,5})(?![0-9]);?";
        private const string BreakTag = "<[wW]?[bB][rR][ /]{0,6}>";

        // JSON and source code.
        private const string Backslash = @"\\(?:U0000(?<hex>[0-9A-Fa-f]{4})|[uU](?<hex>[0-9A-Fa-f]{4})|u\{0{0,2}(?<hex>[0-9A-Fa-f]{1,4})\}"
            + @"|(?<octal>[0-3][0-7]{2})|[xX](?<hex>[0-9A-Fa-f]{2})|(?<line>[nrt])|(?<itself>[\s\S]))";

        // What colours a terminal.
        private const string Sequence = @"\e\[[ -?]*[\s\S]?";

        // With the indentation of the next line, or what quotes it. Mail puts an equals sign before it, source code a backslash.
        private const string LineBreak = @"[=\\]?[\r\n][\r\n \t>#]*";

        public static readonly Regex Break = new($"{BreakTag}|{Sequence}|{LineBreak}", RegexOptions.CultureInvariant);

        public static readonly Regex Escape = new(
            $"{Percent}|{Number}|&(?<entity>(?i:{string.Join("|", Entities.Keys)}));|{Backslash}", RegexOptions.CultureInvariant);
    }
}
