namespace KoreConnections.Client;

/// <param name="end">Behind its last character.</param>
internal sealed class EncodedRun(DecodedText text, int start, int end, bool isHexadecimal)
{
    // What is shorter holds no key, even in base64.
    private const int Shortest = 8;

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

    private static bool IsBase64(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '+' or '/' or '-' or '_';

    private static string FromBase64(string run)
    {
        string whole = run.Substring(0, run.Length % 4 == 1 ? run.Length - 1 : run.Length).Replace('-', '+').Replace('_', '/');
        return Bytes.GetString(Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, '=')));
    }

    private static string FromHexadecimal(string run) =>
        new([.. Enumerable.Range(0, run.Length / 2).Select(i => (char)((Uri.FromHex(run[i * 2]) << 4) | Uri.FromHex(run[(i * 2) + 1])))]);
}
