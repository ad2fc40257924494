namespace KoreConnections.Client;

/// <summary>What another side may repeat of a header's value instead of the whole.</summary>
internal static class KeyParts
{
    /// <summary>Shorter ones would turn ordinary words into masks; no provider has such keys.</summary>
    public const int Shortest = 6;

    private const int ShortestMixed = 10;
    private const int ShortestPlain = 16;

    // What parts of a header's value are separated by, whatever its scheme: SharedAccessSignature sig=KEY&se=1, user:KEY, {"k":"KEY"}.
    private static readonly char[] Separators = " \t&;,:='\"[](){}<>@/?#|".ToCharArray();

    /// <summary>The whole; without the scheme before it; of a cookie or a list of parameters each value; and what else may be a key within.</summary>
    public static List<(int Start, int Length)> Of(ReadOnlySpan<char> key)
    {
        List<(int, int)> parts = [];
        Add(0, key.Length);
        Add(key.LastIndexOf(' ') + 1, key.Length);
        bool isList = key.IndexOfAny(';', ',') >= 0;
        for (int start = 0; start < key.Length;)
        {
            int length = key.Slice(start).IndexOfAny(';', ',');
            int end = length < 0 ? key.Length : start + length;
            int equals = key.Slice(start, end - start).IndexOf('=');
            // The end of base64 is no value.
            if (equals > 0 && start + equals + 1 < end && key[start + equals + 1] != '=')
            {
                AddBare(key, start + equals + 1, end);
            }
            else if (isList)
            {
                AddBare(key, start, end);
            }

            start = end + 1;
        }

        for (int start = 0; start < key.Length;)
        {
            int length = key.Slice(start).IndexOfAny(Separators);
            int end = length < 0 ? key.Length : start + length;
            if (end - start < key.Length && IsOpaque(key.Slice(start, end - start)))
            {
                Add(start, end);
            }

            start = end + 1;
        }

        return parts;

        void AddBare(ReadOnlySpan<char> text, int start, int end)
        {
            ReadOnlySpan<char> value = text.Slice(start, end - start).TrimStart(" \"".AsSpan());
            Add(end - value.Length, end - value.Length + value.TrimEnd(" \"".AsSpan()).Length);
        }

        void Add(int start, int end)
        {
            if (end - start >= Shortest)
            {
                parts.Add((start, end - start));
            }
        }
    }

    public static bool IsLogin(ReadOnlySpan<char> key) => key.StartsWith("Basic ".AsSpan(), StringComparison.OrdinalIgnoreCase);

    /// <summary>The name and the password of basic authentication, which the caller clears; empty for anything else.</summary>
    public static char[] LoginOf(ReadOnlySpan<char> key)
    {
        char[] encoded = IsLogin(key) ? key.Slice(6).Trim().ToArray() : [];
        try
        {
            return Encoding.UTF8.GetChars(Convert.FromBase64CharArray(encoded, 0, encoded.Length));
        }
        catch (FormatException)
        {
            return [];
        }
        finally
        {
            Array.Clear(encoded, 0, encoded.Length);
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
