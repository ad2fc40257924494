namespace KoreConnections.Client;

/// <summary>
/// What is wrong with the value of a header. One that carries a key may be a login, a cookie or a list of parameters, so less is certain of it than
/// of a key alone; behind Bearer is nothing but a key.
/// </summary>
internal static class HeaderValue
{
    private const string Bearer = "Bearer";

    private static readonly string[] Schemes = [Bearer, "basic", "digest", "negotiate", "apikey", "api-key"];

    // What servers on a machine of one's own take.
    private static readonly string[] AnyKey = ["empty", "none", "dummy", "example"];

    /// <summary>The problem as the end of a sentence; null where the value may be right.</summary>
    /// <param name="origin">The reference that the value, or its part behind the scheme, comes from; null for a value that was typed.</param>
    /// <param name="isTyped">Whether it is neither what a reference leads to nor what was given as a secret, which are values.</param>
    public static string? Problem(string name, ReadOnlySpan<char> text, string? origin, bool isTyped)
    {
        bool isKey = SecretRule.IsName(name);
        return text.IsWhiteSpace() ? "is empty."
            : SecretMasker.IsHeaderMask(name, text) ? "contains a mask, which the platform shows instead of a key. Specify the value itself."
            : (isKey ? UnfilledPlaceholder.Find(text) : UnfilledPlaceholder.FindInValue(text)) is string unfilled ? unfilled
            : isTyped && UnfilledPlaceholder.FindInHeader(text, isKey) is string reference ? reference
            // Others that are called as a key, such as Surrogate-Key, have tags and paths.
            : isTyped && name.AsSpan().Ends(Header.KeyNames) && SecretReference.Mistyped(text) is string mistyped
                ? $"{mistyped} If this is the value itself, store it in a variable, and use env:NAME."
            : NotAKey.ConvertedObject(SecretReference.Bare(text)) is string converted ? converted
            : SpreadsheetText.Problem(text) is string error ? error
            : IsSchemeAlone(name, text.Trim(), isKey) ? "has an authentication scheme but no value. Specify both, such as 'Bearer env:NAME'."
            : !text.IsAll(static c => c is >= ' ' and <= '~')
                ? "contains a line break or another character that is not allowed in a header. Remove it."
            : isKey ? ProblemOfKey(name, text.Trim(), origin)
            : null;
    }

    private static string? ProblemOfKey(string name, ReadOnlySpan<char> value, string? origin)
    {
        ReadOnlySpan<char> key = SecretReference.Bare(value);
        ReadOnlySpan<char> scheme = value[..^key.Length].Trim();
        return NotAKey.StandIn(key) is string standIn ? standIn
            : SpreadsheetText.ProblemOfValue(key, "key") is string shortened ? shortened
            : IsScheme(scheme) && IsScheme(FirstWord(key)) ? "has two authentication schemes. Remove one, here or where the reference leads."
            // x-api-key: KEY, as a page shows it.
            : key.Starts(name + ":") ? "repeats the header's name in its value. Specify only the value."
            : ApiKeyValidator.IsQuoted(key) && key[1..^1].IndexOf(key[0]) < 0 ? ApiKeyValidator.Quoted
            : IsVariable(key) && name.IndexOf("cookie", StringComparison.OrdinalIgnoreCase) < 0 ? NotAKey.Assignment
            : origin is null ? null
            : scheme.Find(Bearer) is not null && key.Find(AnyKey) is null ? ApiKeyValidator.Problem(key, origin)
            : ForeignReference.Problem(key);
    }

    // X-Plan may be Basic.
    private static bool IsSchemeAlone(string name, ReadOnlySpan<char> value, bool isKey) =>
        (isKey && IsScheme(value)) || (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.Find("token") is not null);

    private static bool IsScheme(ReadOnlySpan<char> word) => word.Find(Schemes) is not null;

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text) => text.IndexOf(' ') is var space && space > 0 ? text[..space] : default;

    // As OPENAI_API_KEY=KEY. Parameters such as sig=KEY or HMAC=KEY are one word.
    private static bool IsVariable(ReadOnlySpan<char> text) => text.IndexOf('=') is var at && at > 0 && !text[at..].TrimEnd('=').IsEmpty
        && text[..at].IndexOf('_') > 0 && UnfilledPlaceholder.IsCapitals(text[..at]) && SecretRule.IsName(text[..at].ToString());
}
