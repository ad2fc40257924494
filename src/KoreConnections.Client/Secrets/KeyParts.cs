namespace KoreConnections.Client;

/// <summary>What another side may repeat of a header's value instead of the whole.</summary>
internal static class KeyParts
{
    /// <summary>Shorter ones would turn ordinary words into masks; no provider has such keys.</summary>
    public const int Shortest = 6;

    private const int ShortestMixed = 10;
    private const int ShortestPlain = 16;

    private const string LoginScheme = "Basic ";

    private static readonly char[] ListSeparators = [';', ','];

    // What parts of a header's value are separated by, with any scheme: SharedAccessSignature sig=KEY&se=1, user:KEY, {"k":"KEY"}.
    private static readonly char[] Separators = " \t&;,:='\"[](){}<>@/?#|".ToCharArray();

    // What else only a key has within a word; other rules take it apart there.
    private static readonly char[] Marks = "!&$%*+^~`\\|#".ToCharArray();

    // What parts of a header's value are separated by, unless it is a key's own.
    private static readonly char[] WordEnds = " \t;,:='\"[](){}<>@/?.".ToCharArray();

    /// <summary>The words of a key with marks within, of which another side may repeat a part.</summary>
    public static List<(int Start, int Length)> Marked(ReadOnlySpan<char> key)
    {
        List<(int, int)> words = [];
        foreach ((int start, int end) in key.Length < QuotedKey.ShortestPart ? [] : Pieces(key, WordEnds))
        {
            if (end - start >= QuotedKey.ShortestPart && key[start..end].IndexOfAny(Marks) >= 0)
            {
                words.Add((start, end - start));
            }
        }

        return words;
    }

    /// <summary>A part of a key with its marks as a name has them.</summary>
    public static string WithoutMarks(string part) => string.Concat(part.Select(static c => Array.IndexOf(Marks, c) >= 0 ? '-' : c));

    /// <summary>The whole; without the scheme before it; of a cookie or a list of parameters each value; and what else may be a key within.</summary>
    public static List<(int Start, int Length)> Of(ReadOnlySpan<char> key)
    {
        List<(int, int)> parts = [];
        Add(0, key.Length);
        Add(key.LastIndexOf(' ') + 1, key.Length);
        bool isList = key.IndexOfAny(ListSeparators) >= 0;
        foreach ((int start, int end) in Pieces(key, ListSeparators))
        {
            int equals = key[start..end].IndexOf('=');
            // The end of base64 is no value.
            if (equals > 0 && start + equals + 1 < end && key[start + equals + 1] != '=')
            {
                AddBare(key, start + equals + 1, end);
            }
            else if (isList)
            {
                AddBare(key, start, end);
            }
        }

        foreach ((int start, int end) in Pieces(key, Separators))
        {
            if (end - start < key.Length && IsOpaque(key[start..end]))
            {
                Add(start, end);
            }
        }

        return parts;

        void AddBare(ReadOnlySpan<char> text, int start, int end)
        {
            ReadOnlySpan<char> value = text[start..end].TrimStart(" \"");
            Add(end - value.Length, end - value.Length + value.TrimEnd(" \"").Length);
        }

        void Add(int start, int end)
        {
            if (end - start >= Shortest)
            {
                parts.Add((start, end - start));
            }
        }
    }

    private static List<(int Start, int End)> Pieces(ReadOnlySpan<char> key, char[] separators)
    {
        List<(int, int)> pieces = [];
        for (int start = 0; start < key.Length;)
        {
            int length = key[start..].IndexOfAny(separators);
            int end = length < 0 ? key.Length : start + length;
            pieces.Add((start, end));
            start = end + 1;
        }

        return pieces;
    }

    public static bool IsLogin(ReadOnlySpan<char> key) => key.Starts(LoginScheme);

    /// <summary>The name and the password of basic authentication; empty for anything else.</summary>
    public static Wiped<char> LoginOf(ReadOnlySpan<char> key)
    {
        using var encoded = new Wiped<char>(IsLogin(key) ? key[LoginScheme.Length..].Trim().ToArray() : []);
        try
        {
            return new Wiped<char>(Encoding.UTF8.GetChars(Convert.FromBase64CharArray(encoded.Items, 0, encoded.Length)));
        }
        catch (FormatException)
        {
            return new Wiped<char>([]);
        }
    }

    /// <summary>
    /// Whether a part is a key rather than a scheme, a name, a region, a model or a date: it has a long run of letters and digits, mixed. Without
    /// a text of it, which would stay in memory.
    /// </summary>
    public static bool IsOpaque(ReadOnlySpan<char> part)
    {
        for (int start = 0; start < part.Length;)
        {
            int end = start;
            bool hasUpper = false, hasLower = false, hasDigit = false;
            for (; end < part.Length && part[end] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'); end++)
            {
                hasUpper |= part[end] is >= 'A' and <= 'Z';
                hasLower |= part[end] is >= 'a' and <= 'z';
                hasDigit |= part[end] is >= '0' and <= '9';
            }

            if (hasDigit && (hasUpper || hasLower) && end - start >= (hasUpper && hasLower ? ShortestMixed : ShortestPlain))
            {
                return true;
            }

            start = end + 1;
        }

        return false;
    }
}
