namespace KoreConnections.Client;

/// <summary>
/// Finds a key in a text in whichever form another side repeats it: as it is, in another case, escaped as addresses, JSON,
/// HTML or source code do it, broken into lines, in base64 or hexadecimal, and each of these within another. The text is
/// decoded step by step, with where each character came from, so that one search serves for all forms.
/// </summary>
internal sealed class EchoFinder
{
    // Shorter ones would turn ordinary words into masks; no provider has such keys.
    private const int ShortestKey = 6;

    // A form within a form within a form.
    private const int MaxDepth = 3;

    private readonly string _text;
    private readonly List<DecodedText> _levels = [];
    private readonly List<string> _replacements = [];
    private int[]? _owners;

    public EchoFinder(string text)
    {
        _text = text;
        var level = new DecodedText(text);
        _levels.Add(level);
        for (int i = 0; i < MaxDepth && level.Decode() is DecodedText next; i++)
        {
            _levels.Add(level = next);
        }
    }

    /// <summary>The length of the shortest text that is looked for on behalf of a key.</summary>
    public static int ShortestOf(Secret key) => key.Read(static text =>
    {
        // A login has its password within.
        int shortest = IsLogin(text) ? ShortestKey : int.MaxValue;
        foreach ((int start, int length) in Parts(text))
        {
            shortest = Math.Min(shortest, length);
        }

        return shortest;
    });

    /// <summary>Looks for a key and for its parts.</summary>
    public void Find(Secret key, string replacement)
    {
        _replacements.Add(replacement);
        key.Read(text =>
        {
            foreach ((int start, int length) in Parts(text))
            {
                FindForms(text.Slice(start, length));
            }

            FindLogin(text);
            return true;
        });
    }

    public string Result()
    {
        if (_owners is null)
        {
            return _text;
        }

        var result = new StringBuilder(_text.Length);
        int before = 0;
        for (int i = 0; i < _text.Length; i++)
        {
            int owner = _owners[i];
            if (owner == 0)
            {
                result.Append(_text[i]);
            }
            else if (owner != before)
            {
                result.Append(_replacements[owner - 1]);
            }

            before = owner;
        }

        return result.ToString();
    }

    /// <summary>The whole; without the scheme before it; and of a cookie or a list of parameters each value.</summary>
    private static List<(int Start, int Length)> Parts(ReadOnlySpan<char> key)
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

        return parts;

        void AddBare(ReadOnlySpan<char> text, int start, int end)
        {
            while (start < end && text[start] is (' ' or '"'))
            {
                start++;
            }

            while (end > start && text[end - 1] is (' ' or '"'))
            {
                end--;
            }

            Add(start, end);
        }

        void Add(int start, int end)
        {
            if (end - start >= ShortestKey)
            {
                parts.Add((start, end - start));
            }
        }
    }

    /// <summary>Basic authentication carries name and password in base64.</summary>
    private void FindLogin(ReadOnlySpan<char> key)
    {
        if (!IsLogin(key))
        {
            return;
        }

        char[] encoded = key.Slice(6).Trim().ToArray();
        char[] login = [];
        try
        {
            login = Encoding.UTF8.GetChars(Convert.FromBase64CharArray(encoded, 0, encoded.Length));
            int colon = Array.IndexOf(login, ':');
            FindForms(login);
            FindForms(login.AsSpan(colon + 1));
        }
        catch (FormatException)
        {
            // Then it is none.
        }
        finally
        {
            Array.Clear(encoded, 0, encoded.Length);
            Array.Clear(login, 0, login.Length);
        }
    }

    private static bool IsLogin(ReadOnlySpan<char> key) => key.StartsWith("Basic ".AsSpan(), StringComparison.OrdinalIgnoreCase);

    private void FindForms(ReadOnlySpan<char> key)
    {
        if (key.Length < ShortestKey)
        {
            return;
        }

        Mark(key);
        if (_text.Length < (key.Length - 2) / 3 * 4)
        {
            return;
        }

        byte[] bytes = new byte[key.Length];
        char[] encoded = new char[key.Length * 2];
        try
        {
            for (int i = 0; i < key.Length; i++)
            {
                // Neither a key nor a header has any other character than those of ASCII.
                bytes[i] = (byte)key[i];
                encoded[i * 2] = "0123456789abcdef"[bytes[i] >> 4];
                encoded[(i * 2) + 1] = "0123456789abcdef"[bytes[i] & 15];
            }

            Mark(encoded);
            FindBase64(bytes, encoded);
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
            Array.Clear(encoded, 0, encoded.Length);
        }
    }

    /// <summary>
    /// In base64, alone or within a longer text: it can begin in three ways within a group of three bytes, and in each the
    /// groups that it fills are the same whatever stands around. What is left are a few characters at its ends.
    /// </summary>
    private void FindBase64(byte[] bytes, char[] encoded)
    {
        for (int skipped = 0; skipped < 3; skipped++)
        {
            int length = Convert.ToBase64CharArray(bytes, skipped, (bytes.Length - skipped) / 3 * 3, encoded, 0);
            Mark(encoded.AsSpan(0, length));
            for (int i = 0; i < length; i++)
            {
                encoded[i] = encoded[i] switch { '+' => '-', '/' => '_', var c => c };
            }

            Mark(encoded.AsSpan(0, length));
        }
    }

    private void Mark(ReadOnlySpan<char> form)
    {
        if (form.Length < ShortestKey)
        {
            return;
        }

        foreach (DecodedText level in _levels)
        {
            ReadOnlySpan<char> text = level.Text.AsSpan();
            for (int at = 0; text.Slice(at).IndexOf(form, StringComparison.OrdinalIgnoreCase) is var found && found >= 0; at += found + form.Length)
            {
                _owners ??= new int[_text.Length];
                (int start, int end) = (level.StartOf(at + found), level.EndOf(at + found + form.Length - 1));
                for (int i = start; i < end; i++)
                {
                    _owners[i] = _owners[i] == 0 ? _replacements.Count : _owners[i];
                }
            }
        }
    }
}
