namespace KoreConnections.Client;

/// <summary>A reference to a key, <c>SCHEME:NAME</c>, taken apart. <see cref="KeySources"/> has the schemes.</summary>
/// <param name="Source">What it leads to; null for a text that is no reference.</param>
/// <param name="Place">What follows the colon.</param>
/// <param name="Prefix">The authentication scheme before it, such as <c>Bearer</c> in <c>Bearer env:NAME</c>; empty for none.</param>
internal readonly record struct SecretReference(KeySource? Source, string Place, string Prefix)
{
    private const int LongestScheme = 20;
    private const int LongestPlace = 400;
    private const int ShortestKey = 16;

    public bool IsReference => Source is not null;

    public static SecretReference Parse(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> bare = WithoutPrefix(text, out ReadOnlySpan<char> prefix);
        int colon = bare.IndexOf(':');
        if (colon <= 0 || KeySources.Find(bare.Slice(0, colon)) is not KeySource source)
        {
            return default;
        }

        string place = bare.Slice(colon + 1).Trim().ToString();
        // PowerShell's own spelling of a variable, which its completion of paths writes: Env:/NAME.
        return new SecretReference(source, source.Scheme == "env" ? place.TrimStart('/', '\\') : place, prefix.ToString());
    }

    public static ReadOnlySpan<char> Bare(ReadOnlySpan<char> text) => WithoutPrefix(text, out _);

    /// <summary>
    /// The scheme of a text that is written as a reference is, and that nobody registered; null for what is a key. Empty where it may be the
    /// beginning of a password, which no message may quote: Sommer:Urlaub2025 is one, and keepass:Team/OpenAI is none.
    /// </summary>
    public static string? UnknownScheme(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> bare = Bare(text);
        int colon = bare.IndexOf(':');
        if (colon is < 2 or > LongestScheme || bare.Length > LongestPlace || KeySources.Find(bare.Slice(0, colon)) is not null)
        {
            return null;
        }

        ReadOnlySpan<char> place = bare.Slice(colon + 1).Trim();
        string scheme = bare.Slice(0, colon).ToString();
        // An address is something else.
        return KeySources.IsScheme(scheme.ToLowerInvariant()) && !place.IsEmpty && !place.StartsWith("//")
            && !IsPartOfKey(bare) && !IsPartOfKey(place) ? (place.ToString().All(IsOfWord) ? scheme : "") : null;

        static bool IsOfWord(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '-' or '_' or '/' or '.';
    }

    // Names are words, such as Team/OpenAI/key or OpenAIProduction2026; a key is long without any marks, and has digits.
    private static bool IsPartOfKey(ReadOnlySpan<char> text)
    {
        int length = 0;
        bool hasDigit = false;
        foreach (char c in text)
        {
            bool isPiece = char.IsLetterOrDigit(c);
            length = isPiece ? length + 1 : 0;
            hasDigit = isPiece && (hasDigit || char.IsDigit(c));
            if (length >= ShortestKey && hasDigit)
            {
                return !NameShape.IsName(text.ToString()) || SecretRule.IsKnownKey(text.ToString());
            }
        }

        return SecretRule.IsKnownKey(text.ToString());
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text, out ReadOnlySpan<char> prefix)
    {
        text = text.Trim();
        int space = text.IndexOf(' ');
        bool hasPrefix = space > 0 && text[..space].IsMadeOf("-");
        prefix = hasPrefix ? text.Slice(0, space) : default;
        return text.Slice(prefix.Length).Trim();
    }
}
