namespace KoreConnections.Client;

/// <summary>What every key has to be before anything is sent: not empty, not a mask, not broken by pasting.</summary>
internal static class ApiKeyValidator
{
    public const string Accepted = "a SecureString, a PSCredential, a string, or a reference such as env:NAME, file:PATH or azkv:VAULT/NAME.";

    public const string Quoted = "is enclosed in quotation marks. Remove them at the source.";

    /// <summary>Returns the key without surrounding white space, or says what is wrong with it.</summary>
    public static Secret Check(Secret? key, string parameter)
    {
        Secret trimmed = key is { IsChecked: true } ? key : key?.Trim() ?? throw Empty(parameter);
        if (trimmed.Length == 0)
        {
            throw Empty(parameter);
        }

        string? problem = trimmed.IsChecked ? null : trimmed.Read(text => Problem(text, trimmed.Origin));
        trimmed.IsChecked = problem is null;
        return problem is null ? trimmed : throw Guard.Invalid(parameter, problem);
    }

    /// <summary>What is wrong with a key that is alone, as the end of a sentence; null for nothing.</summary>
    /// <param name="origin">The reference that led to it, or null.</param>
    public static string? Problem(ReadOnlySpan<char> text, string? origin) =>
        SecretMasker.IsMasked(text) ? "is a mask, which the platform shows instead of a key. Specify the key itself."
        : UnfilledPlaceholder.Find(text) is string unfilled ? unfilled
        : NotAKey.Problem(text) is string other ? other
        : IsQuoted(text) ? Quoted
        : text.IndexOfOther(static c => c is > ' ' and <= '~') is int at
            ? $"contains a space, a line break or another invalid character at position {at + 1} of {text.Length}. "
                + (origin is null ? "Paste the key again." : $"It comes from '{origin}', which must contain only the key.")
        : null;

    public static bool IsQuoted(ReadOnlySpan<char> text) => text.Length > 1 && text[0] is ('"' or '\'' or '`') && text[text.Length - 1] == text[0];

    private static KoreException Empty(string parameter) => Guard.Invalid(parameter, "is empty. Specify a key: " + Accepted);
}
