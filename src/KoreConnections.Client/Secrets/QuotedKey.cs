namespace KoreConnections.Client;

/// <summary>
/// Finds what another side quotes of a key in sentences: its beginning, with dots or asterisks for the rest, a long part of it, or a short key
/// as a word.
/// </summary>
internal static class QuotedKey
{
    private const int ShortestBeginning = BloomFilter.Length;

    // So much of a key is a part of it also where it has words alone; application/json, which is in a header, is none.
    private const int ShortestOfWords = 12;

    // What else of a key is no chance without a sign that something was left out.
    public const int ShortestPart = 16;

    private const int ShortestWord = 4;

    private const string Removed = "***";

    /// <summary>Whether a key is so short that it is looked for as a word: within others, it would be by chance.</summary>
    /// <param name="isFreeText">Whether a word or a number may be one, too: in names and other values, these are by chance.</param>
    public static bool IsWord(ReadOnlySpan<char> key, bool isFreeText) =>
        key.Length is >= ShortestWord and < KeyParts.Shortest && (isFreeText || IsMixed(key));

    /// <summary>A text without the ends of a key, by which another side may name it: "ending in MQAA". Longer parts were taken out before.</summary>
    public static string WithoutEnds(string text, Secret key) => key.Read(whole =>
    {
        foreach ((int start, int length) in KeyParts.Of(whole))
        {
            ReadOnlySpan<char> part = whole.Slice(start, length);
            // Base64 may be quoted without its padding.
            ReadOnlySpan<char> unpadded = part.TrimEnd('=');
            for (int n = Math.Min(length, ShortestPart); n >= ShortestWord; n--)
            {
                text = Without(Without(text, part.Slice(length - n)), unpadded.Slice(Math.Max(0, unpadded.Length - n)));
                // What all keys of a kind begin with, such as sk-proj-, is no part of one.
                text = IsMixed(part.Slice(0, n)) ? Without(text, part.Slice(0, n)) : text;
            }
        }

        return text;
    });

    private static string Without(string text, ReadOnlySpan<char> part)
    {
        // Within a word or a number, digits or small letters are there by chance.
        bool isUsual = !IsMixed(part) && !Has(part, char.IsUpper);
        for (int at = 0; part.Length >= ShortestWord && NextOf(text, at, part) is var found && found >= 0; at = found + 1)
        {
            if (!isUsual || !(IsInWord(text, found - 1) || IsInWord(text, found + part.Length)))
            {
                text = text.Substring(0, found) + Removed + text.Substring(found + part.Length);
            }
        }

        return text;
    }

    public static bool IsMixed(ReadOnlySpan<char> key) => Has(key, char.IsDigit) && Has(key, char.IsLetter);

    /// <param name="isKey">Whether it was given as a key, and not as the value of a header.</param>
    public static IEnumerable<(int Start, int Length)> In(DecodedText text, ReadOnlySpan<char> key, bool isKey, bool isFreeText) =>
        isKey && IsWord(key, isFreeText) ? Words(text.Text, key)
        : isFreeText && key.Length > ShortestBeginning
            ? [.. text.MayHold(key) ? Beginnings(text.Text, key, isKey) : [], .. Parts(text.Text, key, Pieces(key, text))]
        : [];

    /// <summary>The parts of a key with marks within, in a text that is no sentence. Beside asterisks it is a mask, of which a part has to stay.</summary>
    public static List<(int Start, int Length)> PartsIn(DecodedText text, ReadOnlySpan<char> key) =>
        [.. Parts(text.Text, key, Pieces(key, text)).Where(part => !IsStar(text.Text, part.Start - 1) && !IsStar(text.Text, part.Start + part.Length)
            && !NameShape.IsPlain(KeyParts.WithoutMarks(text.Text.Substring(part.Start, part.Length))))];

    private static bool IsStar(string text, int at) => at >= 0 && at < text.Length && text[at] == '*';

    // Dots and asterisks are found with what they stand for the rest of.
    private static List<(int Start, int Length)> Beginnings(string text, ReadOnlySpan<char> key, bool isKey)
    {
        List<(int, int)> found = [];
        for (int at = 0; NextOf(text, at, key.Slice(0, ShortestBeginning)) is var start && start >= 0;)
        {
            int end = start + CommonLength(text.AsSpan(start), key);
            int rest = end;
            while (rest < text.Length && text[rest] is '.' or '*' or '…')
            {
                rest++;
            }

            bool isCut = rest - end > 1 || (rest > end && text[end] == '…');
            if (isCut && !IsInWord(text, start - 1) && ((isKey && end - start >= ShortestOfWords) || !NameShape.IsPlain(text.Substring(start, end - start))))
            {
                found.Add((start, rest - start));
            }

            at = rest;
        }

        return found;
    }

    // Each part has one of the key's pieces whole. One pass finds them all: a key may be as long as the text that repeats it.
    private static List<(int Start, int Length)> Parts(string text, ReadOnlySpan<char> key, Dictionary<ulong, List<int>> pieces)
    {
        List<(int, int)> found = [];
        // How far it is known what is the same, by the distance between the places in the text and in the key.
        Dictionary<int, int> ends = [];
        ulong last = 0;
        for (int i = 0; i < text.Length && pieces.Count > 0; i++)
        {
            last = BloomFilter.Next(last, text[i]);
            int start = i + 1 - ShortestBeginning;
            foreach (int piece in start >= 0 && pieces.TryGetValue(last, out List<int>? here) ? here : [])
            {
                if (ends.TryGetValue(start - piece, out int end) && end > start)
                {
                    continue;
                }

                int before = 0;
                while (before < Math.Min(start, piece) && IsSame(text[start - before - 1], key[piece - before - 1]))
                {
                    before++;
                }

                int length = before + CommonLength(text.AsSpan(start), key.Slice(piece));
                ends[start - piece] = start - before + length;
                if (length >= ShortestPart && !NameShape.IsPlain(text.Substring(start - before, length)))
                {
                    found.Add((start - before, length));
                }
            }
        }

        // They are the key itself.
        pieces.Clear();
        return found;
    }

    /// <summary>Those of a key's pieces that a text may hold, and where in the key they are.</summary>
    private static Dictionary<ulong, List<int>> Pieces(ReadOnlySpan<char> key, DecodedText text)
    {
        Dictionary<ulong, List<int>> pieces = [];
        for (int at = 0; at + ShortestBeginning <= key.Length; at += ShortestBeginning)
        {
            if (text.MayHold(key.Slice(at)))
            {
                ulong piece = BloomFilter.Of(key.Slice(at));
                (pieces.TryGetValue(piece, out List<int>? same) ? same : pieces[piece] = []).Add(at);
            }
        }

        return pieces;
    }

    private static int CommonLength(ReadOnlySpan<char> text, ReadOnlySpan<char> key)
    {
        int length = 0;
        while (length < Math.Min(text.Length, key.Length) && IsSame(text[length], key[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsSame(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);

    // As it is and in base64. Within a longer text in base64, it is found where that is decoded.
    private static List<(int Start, int Length)> Words(string text, ReadOnlySpan<char> key)
    {
        using var bytes = new Wiped<byte>(key.Length);
        using var encoded = new Wiped<char>(8);
        for (int i = 0; i < key.Length; i++)
        {
            bytes.Items[i] = (byte)key[i];
        }

        int length = Convert.ToBase64CharArray(bytes.Items, 0, bytes.Length, encoded.Items, 0);
        return [.. PlacesOf(text, key), .. PlacesOf(text, encoded.Items.AsSpan(0, length).TrimEnd('='))];
    }

    private static List<(int Start, int Length)> PlacesOf(string text, ReadOnlySpan<char> word)
    {
        List<(int, int)> found = [];
        for (int at = 0; text.AsSpan(at).IndexOf(word) is var next && next >= 0; at += next + 1)
        {
            if (!IsInWord(text, at + next - 1) && !IsInWord(text, at + next + word.Length))
            {
                found.Add((at + next, word.Length));
            }
        }

        return found;
    }

    private static int NextOf(string text, int from, ReadOnlySpan<char> beginning) =>
        text.AsSpan(from).IndexOf(beginning, StringComparison.OrdinalIgnoreCase) is var at && at < 0 ? -1 : from + at;

    private static bool IsInWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    private static bool Has(ReadOnlySpan<char> key, Func<char, bool> kind) => !key.IsAll(c => !kind(c));
}
