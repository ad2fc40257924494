namespace KoreConnections.Client;

/// <param name="end">Behind its last character.</param>
internal sealed class EncodedRun(DecodedText text, int start, int end, bool isHexadecimal)
{
    // What is shorter holds no key, even in base64.
    private const int Shortest = 8;

    // The characters that a whole number of bytes takes.
    private const int Base64Group = 4;
    private const int HexadecimalGroup = 2;

    private static readonly Encoding Bytes = Encoding.GetEncoding("iso-8859-1");

    /// <summary>Where it begins in the text at first.</summary>
    public int Start => text.StartOf(start);

    public int End => text.EndOf(end - 1);

    public (int, int, bool) Place => (Start, End, isHexadecimal);

    /// <summary>How many bytes it holds.</summary>
    public int Length => isHexadecimal ? (end - start) / 2 : (end - start) * 3 / 4;

    public static IEnumerable<EncodedRun> In(DecodedText decoded)
    {
        string text = decoded.Text;
        for (int start = 0; start < text.Length;)
        {
            int digits = text[start] == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X' ? start + 2 : start;
            int end = start;
            bool isHexadecimal = true;
            while (end < text.Length && IsBase64(text[end]))
            {
                isHexadecimal &= end < digits || Uri.IsHexDigit(text[end]);
                end++;
            }

            if (end - start >= Shortest)
            {
                yield return new EncodedRun(decoded, start, end, false);
                if (isHexadecimal)
                {
                    yield return new EncodedRun(decoded, digits, end, true);
                }

                foreach (EncodedRun within in Within(decoded, start, end))
                {
                    yield return within;
                }
            }

            start = end + 1;
        }
    }

    /// <summary>Its bytes, each as one character: what is looked for is ASCII, in any encoding.</summary>
    public string Decode()
    {
        string run = text.Text.Substring(start, end - start);
        return isHexadecimal ? FromHexadecimal(run) : FromBase64(run);
    }

    /// <summary>
    /// Encoded texts that begin within a run, as in <c>/v1/state/eyJ...</c> or <c>id-6b65...</c>: each place within a group may be the first one. From a
    /// wrong one, bytes are what no text has, so that of all but the right one little is left.
    /// </summary>
    private static IEnumerable<EncodedRun> Within(DecodedText decoded, int start, int end)
    {
        string text = decoded.Text;
        IEnumerable<EncodedRun> found = Enumerable.Range(1, Base64Group - 1).SelectMany(skipped => TextsIn(decoded, start + skipped, end, false));
        for (int first = start; first < end;)
        {
            int last = first;
            while (last < end && Uri.IsHexDigit(text[last]))
            {
                last++;
            }

            if (last - first >= Shortest * HexadecimalGroup)
            {
                int from = first;
                found = found.Concat(Enumerable.Range(0, HexadecimalGroup).SelectMany(skipped => TextsIn(decoded, from + skipped, last, true)));
            }

            first = last + 1;
        }

        return found;
    }

    // With the group before and the one behind, which have other bytes, too.
    private static IEnumerable<EncodedRun> TextsIn(DecodedText decoded, int start, int end, bool isHexadecimal)
    {
        int group = isHexadecimal ? HexadecimalGroup : Base64Group;
        int first = start;
        for (int at = start; at < end; at += group)
        {
            if (at + group <= end && IsText(decoded.Text, at, isHexadecimal))
            {
                continue;
            }

            if (at - first >= Shortest)
            {
                yield return new EncodedRun(decoded, Math.Max(start, first - group), Math.Min(end, at + group), isHexadecimal);
            }

            first = at + group;
        }

        if (end - first >= Shortest)
        {
            yield return new EncodedRun(decoded, Math.Max(start, first - group), end, isHexadecimal);
        }
    }

    private static bool IsText(string text, int at, bool isHexadecimal) =>
        isHexadecimal ? IsText((Uri.FromHex(text[at]) << 4) | Uri.FromHex(text[at + 1]))
            : IsText((Bits(text[at]) << 2) | (Bits(text[at + 1]) >> 4))
                && IsText(((Bits(text[at + 1]) & 15) << 4) | (Bits(text[at + 2]) >> 2))
                && IsText(((Bits(text[at + 2]) & 3) << 6) | Bits(text[at + 3]));

    // UTF-16 and UTF-32 have zeros.
    private static bool IsText(int code) => code is 0 or '\t' or '\n' or '\r' or (>= ' ' and <= '~');

    private static int Bits(char c) => c switch
    {
        <= '/' => c is '+' or '-' ? 62 : 63,
        <= '9' => c - '0' + 52,
        <= 'Z' => c - 'A',
        '_' => 63,
        _ => c - 'a' + 26,
    };

    private static bool IsBase64(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '+' or '/' or '-' or '_';

    private static string FromBase64(string run)
    {
        string whole = run.Substring(0, run.Length % 4 == 1 ? run.Length - 1 : run.Length).Replace('-', '+').Replace('_', '/');
        return Bytes.GetString(Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, '=')));
    }

    private static string FromHexadecimal(string run) =>
        new([.. Enumerable.Range(0, run.Length / 2).Select(i => (char)((Uri.FromHex(run[i * 2]) << 4) | Uri.FromHex(run[(i * 2) + 1])))]);
}
