namespace KoreConnections.Client;

/// <summary>A part of a text that is base64 or hexadecimal, and what it holds.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Text">Its bytes, each as one character: what is looked for is ASCII, in any encoding.</param>
internal readonly record struct EncodedRun(int Start, int End, string Text)
{
    // What is shorter holds no key, even in hexadecimal.
    private const int Shortest = 12;

    private static readonly Encoding Bytes = Encoding.GetEncoding("iso-8859-1");

    /// <summary>The runs of a text.</summary>
    public static IEnumerable<EncodedRun> In(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            bool isHexadecimal = true;
            while (end < text.Length && IsBase64(text[end]))
            {
                isHexadecimal &= Uri.IsHexDigit(text[end]);
                end++;
            }

            if (end - start >= Shortest)
            {
                string run = text.Substring(start, end - start);
                yield return new EncodedRun(start, end, FromBase64(run));
                if (isHexadecimal)
                {
                    yield return new EncodedRun(start, end, FromHexadecimal(run));
                }
            }

            start = end + 1;
        }
    }

    private static bool IsBase64(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '+' or '/' or '-' or '_';

    private static string FromBase64(string run)
    {
        string whole = run.Substring(0, run.Length % 4 == 1 ? run.Length - 1 : run.Length).Replace('-', '+').Replace('_', '/');
        return Bytes.GetString(Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, '=')));
    }

    private static string FromHexadecimal(string run)
    {
        char[] bytes = new char[run.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (char)((Uri.FromHex(run[i * 2]) << 4) | Uri.FromHex(run[(i * 2) + 1]));
        }

        return new string(bytes);
    }
}
