namespace KoreConnections.Client;

/// <summary>
/// A variable as scripts write it, which stays what it is in single quotation marks and in files: <c>$apiKey</c>, <c>$row.ApiKey</c>,
/// <c>$script:key</c>, <c>$keys[0]</c>. A password may begin with a dollar sign, too: without a scope or an index, one of the words says that a
/// key is meant. It reads a key where it is: no copy is made.
/// </summary>
internal static class PowerShellVariable
{
    // What is longer may be a part of a password.
    private const int LongestNumber = 2;

    private const string Digits = "0123456789";

    private static readonly string[] Scopes = ["script:", "global:", "local:", "using:", "private:", "variable:"];
    private static readonly string[] KeyEnds = ["key", "keys", "token", "tokens"];
    private static readonly string[] SecretEnds = ["secret", "secrets", "password", "passwords"];
    private static readonly string[] Wholes = ["_", "null", "true", "false", "pass", "pwd", "cred", "creds"];

    public static bool IsOne(ReadOnlySpan<char> text)
    {
        // $ecret is a word with a dollar sign in it.
        if (text.Length < 2 || text[0] != '$' || text[1..].Starts("ecret"))
        {
            return false;
        }

        ReadOnlySpan<char> path = text[1..];
        int scope = path.FindStart(Scopes)?.Length ?? 0;
        path = path[scope..];
        int end = EndOfWord(path);
        bool isOfKey = scope > 0 || path[..end].Find(Wholes) is not null;
        for (bool isFirst = true; end > 0; isFirst = false)
        {
            ReadOnlySpan<char> word = path[..end].TrimStart('.').TrimEnd("()");
            ReadOnlySpan<char> bare = word.TrimEnd(Digits);
            path = path[end..];
            bool isKey = bare.Ends(KeyEnds) && !bare.Ends(SecretRule.NoKeys);
            // $Password1 is a password, and so is $token.paris9. $row1.Key and $apiKey2 are none.
            if (scope == 0 && bare.Length < word.Length && !(isFirst && !path.IsEmpty) && !(isKey && (!isFirst || char.IsLower(word[0]))))
            {
                return false;
            }

            isOfKey |= isKey || word.Ends(SecretEnds) || word[0] == '[';
            end = path.IsEmpty ? 0 : EndOfStep(path);
        }

        return path.IsEmpty && isOfKey;
    }

    // Letters, and a short number behind them.
    private static int EndOfWord(ReadOnlySpan<char> text)
    {
        int letters = text.IndexOfOther(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_') ?? text.Length;
        int digits = text[letters..].IndexOfOther(char.IsDigit) ?? text.Length - letters;
        return letters == 0 || digits > LongestNumber ? 0 : letters + digits;
    }

    // A member, a call of one without arguments, or an index.
    private static int EndOfStep(ReadOnlySpan<char> path)
    {
        if (path[0] == '.')
        {
            int word = EndOfWord(path[1..]);
            return word == 0 ? 0 : 1 + word + (path[(1 + word)..].StartsWith("()") ? 2 : 0);
        }

        int close = path[0] == '[' ? path.IndexOf(']') : 0;
        return close > 1 && IsIndex(path[1..close]) ? close + 1 : 0;
    }

    private static bool IsIndex(ReadOnlySpan<char> text) => ApiKeyValidator.IsQuoted(text) ? text[1..^1].IsMadeOf("_- ")
        : text[0] == '$' ? text.Length > 1 && EndOfWord(text[1..]) == text.Length - 1
        : char.IsDigit(text[^1]) && text.TrimStart('-').IsAll(char.IsDigit) && text.Length <= 1 + LongestNumber;
}
