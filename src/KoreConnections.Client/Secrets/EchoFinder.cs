namespace KoreConnections.Client;

/// <summary>
/// Finds a key in a text in whichever form another side repeats it: as it is, in another case, escaped as addresses, JSON,
/// HTML or source code do it, broken into lines or characters, in base64 or hexadecimal, and each of these within another. The text is
/// decoded step by step, with where each character came from, so that one search serves for all forms.
/// </summary>
/// <param name="isFreeText">Whether it is sentences, which may quote a part of a key; of values such as masks, a part has to stay.</param>
/// <param name="budget">For all that is decoded of it, in each layer.</param>
internal sealed class EchoFinder(string text, bool isFreeText, DecodingBudget budget, int encodings = 0)
{
    // Of a shorter one of letters alone that is broken by white space, the pieces are words of a sentence.
    private const int ShortestBroken = 12;

    // Base64 of base64.
    private const int MaxEncodings = 2;

    private readonly List<string> _replacements = [];
    private List<(EncodedRun Run, Lazy<EchoFinder> Inner)>? _encoded;
    private int[]? _owners;
    private bool _isFound;

    private List<DecodedText> Levels => field ??= [.. DecodedText.LevelsOf(text, budget)];

    private List<DecodedText> Gapless => field ??= [.. Levels.Where(l => budget.Spend(l.Text.Length)).Select(l => l.WithoutGaps()).OfType<DecodedText>()];

    /// <summary>The length of the shortest text that is looked for on behalf of a key.</summary>
    public static int ShortestOf(Secret key) => key.Read(whole =>
    {
        // A login has its password within.
        int shortest = KeyParts.IsLogin(whole) ? KeyParts.Shortest
            : key.IsChecked && QuotedKey.IsWord(whole, isFreeText: false) ? whole.Length
            : int.MaxValue;
        shortest = KeyParts.Marked(whole).Count > 0 ? Math.Min(shortest, QuotedKey.ShortestPart) : shortest;
        return KeyParts.Of(whole).Select(part => part.Length).Append(shortest).Min();
    });

    public bool Find(Secret key, string replacement)
    {
        _isFound = false;
        _replacements.Add(replacement);
        key.Read(whole =>
        {
            foreach ((int start, int length) in KeyParts.Of(whole))
            {
                FindForms(whole.Slice(start, length));
                FindQuoted(whole.Slice(start, length), key.IsChecked);
            }

            foreach ((int start, int length) in isFreeText ? [] : KeyParts.Marked(whole))
            {
                foreach (DecodedText level in Levels)
                {
                    Own(level, QuotedKey.PartsIn(level, whole.Slice(start, length)));
                }
            }

            FindLogin(whole);
            if (whole.Length < KeyParts.Shortest)
            {
                FindQuoted(whole, key.IsChecked);
            }

            return true;
        });
        FindEncoded(key);
        return _isFound;
    }

    /// <summary>The text with the replacements; null for one of which not all was searched.</summary>
    public string? Result()
    {
        if (budget.IsExceeded)
        {
            return null;
        }

        if (_owners is null)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        int before = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int owner = _owners[i];
            if (owner == 0)
            {
                result.Append(text[i]);
            }
            else if (owner != before)
            {
                result.Append(_replacements[owner - 1]);
            }

            before = owner;
        }

        return result.ToString();
    }

    /// <summary>Basic authentication carries name and password in base64.</summary>
    private void FindLogin(ReadOnlySpan<char> key)
    {
        using Wiped<char> login = KeyParts.LoginOf(key);
        FindForms(login.Items);
        FindForms(login.Items.AsSpan(Array.IndexOf(login.Items, ':') + 1));
    }

    private void FindForms(ReadOnlySpan<char> key)
    {
        FindEachForm(key);
        if (key.IndexOfAny(DecodedText.Escapes) >= 0)
        {
            // It is decoded together with the text around it.
            foreach (DecodedText form in DecodedText.LevelsOf(key.ToString(), new DecodingBudget("")).Skip(1))
            {
                FindEachForm(form.Text);
            }
        }
    }

    private void FindEachForm(ReadOnlySpan<char> key)
    {
        // Of a key that is escapes alone, little is left.
        if (key.Length < KeyParts.Shortest)
        {
            return;
        }

        Mark(key);
        MarkSpaced(key);
        // Where lines are broken, an equals sign at their end is taken for the break.
        Mark(key.TrimEnd('='));
        if (text.Length < (key.Length - 2) / 3 * 4)
        {
            return;
        }

        using var bytes = new Wiped<byte>(key.Length);
        using var encoded = new Wiped<char>(key.Length * 2);
        for (int i = 0; i < key.Length; i++)
        {
            // Neither a key nor a header has any other character than those of ASCII.
            byte code = bytes.Items[i] = (byte)key[i];
            encoded.Items[i * 2] = "0123456789abcdef"[code >> 4];
            encoded.Items[(i * 2) + 1] = "0123456789abcdef"[code & 15];
        }

        Mark(encoded.Items);
        FindBase64(bytes.Items, encoded.Items);
    }

    // k e y, and q=my+key
    private void MarkSpaced(ReadOnlySpan<char> key)
    {
        using var written = new Wiped<char>((key.Length * 2) - 1);
        for (int i = 0; i < written.Length; i++)
        {
            written.Items[i] = i % 2 == 0 ? key[i / 2] : ' ';
        }

        Mark(written.Items);
        if (key.IndexOf(' ') >= 0)
        {
            for (int i = 0; i < key.Length; i++)
            {
                written.Items[i] = key[i] == ' ' ? '+' : key[i];
            }

            Mark(written.Items.AsSpan(0, key.Length));
        }
    }

    private void FindQuoted(ReadOnlySpan<char> key, bool isKey)
    {
        foreach (DecodedText level in isFreeText && key.Length >= ShortestBroken ? Levels.Concat(Gapless) : Levels)
        {
            Own(level, QuotedKey.In(level, key, isKey, isFreeText));
        }
    }

    /// <summary>
    /// In base64, alone or within a longer text: it can begin in three ways within a group of three bytes, and in each the
    /// groups that it fills are the same with any characters around. What is left are a few characters at its ends.
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

    /// <summary>Whole texts in base64 or hexadecimal, which may hold any form, and in any encoding of characters: the zeros of UTF-16 are taken out.</summary>
    private void FindEncoded(Secret key)
    {
        // Base64 is a third longer than what it holds.
        if (encodings >= MaxEncodings || text.Length * 3L / 4 < key.ShortestEcho)
        {
            return;
        }

        _encoded ??= [.. Runs().Select(run => (run, Inner(run)))];
        // A page of short ids has thousands.
        foreach ((EncodedRun run, _) in _encoded.Where(e => e.Run.Length >= key.ShortestEcho && budget.Spend(0) && e.Inner.Value.Find(key, "")))
        {
            Own(run.Start, run.End);
        }
    }

    // None has an escape: where a layer has one at the place of another layer's, it is the same.
    private IEnumerable<EncodedRun> Runs()
    {
        HashSet<(int, int, bool)> places = [];
        return Levels.SelectMany(EncodedRun.In).Where(run => Levels.Count == 1 || places.Add(run.Place));
    }

    private Lazy<EchoFinder> Inner(EncodedRun run) =>
        new(() => new EchoFinder(budget.Spend(run.Length) ? run.Decode() : "", isFreeText, budget, encodings + 1));

    private void Own(DecodedText level, IEnumerable<(int Start, int Length)> parts)
    {
        foreach ((int start, int length) in parts)
        {
            Own(level.StartOf(start), level.EndOf(start + length - 1));
        }
    }

    private void Own(int start, int end)
    {
        _isFound = true;
        _owners ??= new int[text.Length];
        for (int i = start; i < end; i++)
        {
            _owners[i] = _owners[i] == 0 ? _replacements.Count : _owners[i];
        }
    }

    private void Mark(ReadOnlySpan<char> form)
    {
        if (form.Length < KeyParts.Shortest || !budget.Spend(0))
        {
            return;
        }

        // A name may be a key's words with spaces: there, only what is not words is looked for.
        bool mayBeBroken = isFreeText ? form.Length >= ShortestBroken || QuotedKey.IsMixed(form) : form.Length >= ShortestBroken && KeyParts.IsOpaque(form);
        foreach (DecodedText level in mayBeBroken ? Levels.Concat(Gapless) : Levels)
        {
            ReadOnlySpan<char> within = level.MayHold(form) ? level.Text.AsSpan() : [];
            for (int at = 0; within[at..].IndexOf(form, StringComparison.OrdinalIgnoreCase) is var found && found >= 0; at += found + form.Length)
            {
                Own(level.StartOf(at + found), level.EndOf(at + found + form.Length - 1));
            }
        }
    }
}
