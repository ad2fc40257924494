namespace KoreConnections.Client;

/// <summary>
/// What is wrong with the value of a header that carries a key. It may be a login, a cookie or a list of parameters, so less is certain of it than
/// of a key alone; behind Bearer is nothing but a key.
/// </summary>
internal static class KeyInHeader
{
    private const string Bearer = "Bearer";

    public static readonly string[] Schemes = [Bearer, "basic", "digest", "negotiate", "apikey", "api-key"];

    /// <summary>The problem as the end of a sentence; null where the value may be right.</summary>
    /// <param name="origin">The reference that the value, or its part behind the scheme, comes from; null for a value that was typed.</param>
    public static string? Problem(string name, ReadOnlySpan<char> value, string? origin)
    {
        ReadOnlySpan<char> whole = value.Trim();
        ReadOnlySpan<char> key = SecretReference.Bare(whole);
        ReadOnlySpan<char> scheme = whole.Slice(0, whole.Length - key.Length).Trim();
        return NotAKey.StandIn(key) is string standIn ? standIn
            : IsScheme(scheme) && IsScheme(FirstWord(key)) ? "has two authentication schemes. Remove one, here or where the reference leads."
            : IsLabelled(name, key) ? "repeats the header's name in its value. Specify only the value."
            : ApiKeyValidator.IsQuoted(key) && key[1..^1].IndexOf(key[0]) < 0 ? ApiKeyValidator.Quoted
            : IsVariable(key) && name.IndexOf("cookie", StringComparison.OrdinalIgnoreCase) < 0 ? NotAKey.Assignment
            : origin is null ? null
            : scheme.Find(Bearer) is not null && key.Find(AnyKey) is null ? ApiKeyValidator.Problem(key, origin)
            : ForeignReference.Problem(key);
    }

    // What servers on a machine of one's own take.
    private static readonly string[] AnyKey = ["empty", "none", "dummy", "example"];

    private static bool IsScheme(ReadOnlySpan<char> word) => word.Find(Schemes) is not null;

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text) => text.IndexOf(' ') is var space && space > 0 ? text[..space] : default;

    // x-api-key: KEY, as a page shows it.
    private static bool IsLabelled(string name, ReadOnlySpan<char> value) =>
        value.Starts(name + ":");

    // As OPENAI_API_KEY=KEY. Parameters such as sig=KEY or HMAC=KEY are one word.
    private static bool IsVariable(ReadOnlySpan<char> text) => text.IndexOf('=') is var at && at > 0 && !text[at..].TrimEnd('=').IsEmpty
        && text[..at].IndexOf('_') > 0 && UnfilledPlaceholder.IsCapitals(text[..at]) && SecretRule.IsName(text[..at].ToString());
}
