namespace KoreConnections.Client;

/// <summary>A reference to a key, <c>SCHEME:NAME</c>, taken apart. <see cref="KeySources"/> has the schemes.</summary>
/// <param name="Source">What it leads to; null for a text that is no reference.</param>
/// <param name="Place">What follows the colon.</param>
/// <param name="Prefix">The authentication scheme before it, such as <c>Bearer</c> in <c>Bearer env:NAME</c>; empty for none.</param>
internal readonly record struct SecretReference(KeySource? Source, string Place, string Prefix)
{
    private const int LongestScheme = 20;
    private const int LongestPlace = 400;

    // What people write instead of the colon, and the colon itself behind a blank.
    private const string WrongColons = "=;./\\:";

    // Letters and digits of which one is a digit.
    private static readonly Regex LongRun = new(@"(?=\p{L}*\d)[\p{L}\d]{16}", RegexOptions.CultureInvariant);

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
            && !IsPartOfKey(bare) && !IsPartOfKey(place)
            ? place.IsAll(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '-' or '_' or '/' or '.') ? scheme : ""
            : null;
    }

    /// <summary>What to write, as the end of a sentence, for a reference without a right colon, such as env=NAME; null for what may be a key.</summary>
    public static string? Mistyped(ReadOnlySpan<char> text) => MistypedAlone(text.Trim()) ?? MistypedAlone(Bare(text));

    private static string? MistypedAlone(ReadOnlySpan<char> text)
    {
        foreach (KeySource source in KeySources.All)
        {
            ReadOnlySpan<char> rest = text.Starts(source.Scheme) ? text[source.Scheme.Length..].TrimStart() : default;
            if (source.Scheme.Length > 1 && rest.Length > 1 && WrongColons.IndexOf(rest[0]) >= 0 && text[source.Scheme.Length] != ':'
                && IsPlausible(source, rest[0], rest[1..].Trim()))
            {
                return KeySources.Mistyped(source, rest[1..].Trim());
            }
        }

        return null;
    }

    // A password may begin with such a word and a mark: then it has digits, or marks that no name has.
    private static bool IsPlausible(KeySource source, char mark, ReadOnlySpan<char> place)
    {
        if (place.Length > LongestPlace || IsPartOfKey(place))
        {
            return false;
        }

        if (source.Scheme == "env")
        {
            bool isInCapitals = place.IndexOf('_') >= 0 && place.IsAll(static c => c is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_');
            return !char.IsDigit(place[0]) && place.IsMadeOf("_")
                && (isInCapitals || (mark == '.' ? UnfilledPlaceholder.IsCapitals(place) : UnfilledPlaceholder.IsName(place)));
        }

        return place.IsMadeOf("_-./\\~:")
            && (place.IndexOfAny('/', '\\') >= 0 || NotAKey.IsPath(place)
                || (mark is not ('.' or ';') && place.IsAll(static c => !char.IsDigit(c)) && NameShape.IsPlain(place.ToString())));
    }

    // Names are words, such as Team/OpenAI/key or OpenAIProduction2026; a key is long without any marks, and has digits.
    private static bool IsPartOfKey(ReadOnlySpan<char> text)
    {
        string whole = text.ToString();
        return SecretRule.IsKnownKey(whole) || (LongRun.IsMatch(whole) && !NameShape.IsName(whole));
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
