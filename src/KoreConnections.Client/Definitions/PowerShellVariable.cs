namespace KoreConnections.Client;

/// <summary>
/// A variable as scripts write it, which stays what it is in single quotation marks and in files: <c>$apiKey</c>, <c>$row.ApiKey</c>,
/// <c>$script:key</c>, <c>$keys[0]</c>. A password may begin with a dollar sign, too. It reads a key where it is: no copy is made.
/// </summary>
internal static class PowerShellVariable
{
    // What is longer may be a part of a password.
    private const int LongestNumber = 2;

    private const int ShortestSpoken = 4;

    private const string Digits = "0123456789";

    private static readonly string[] Scopes = ["script:", "global:", "local:", "using:", "private:", "variable:"];

    // Whole words of a name.
    private static readonly string[] Words =
    [
        "pass", "pwd", "pw", "cred", "creds", "credential", "credentials", "value", "values", "null", "true", "false", "env", "row", "item",
    ];

    private static readonly string[] KeyEnds = ["key", "keys", "token", "tokens"];
    private static readonly string[] SecretEnds = ["secret", "secrets", "password", "passwords"];

    // Its dollar sign is an S.
    private const string SecretWithDollar = "ecret";

    public static bool IsOne(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '$')
        {
            return false;
        }

        ReadOnlySpan<char> path = text[1..];
        int scope = ScopeOf(path);
        path = path[scope..];
        int end = EndOfWord(path);
        ReadOnlySpan<char> name = path[..end];
        if (end == 0 || name.Starts(SecretWithDollar))
        {
            return false;
        }

        bool isAlone = end == path.Length;
        bool isPlain = IsPlain(name);
        bool hasNumber = HasNumber(name);
        ReadOnlySpan<char> last = name;
        for (path = path[end..]; !path.IsEmpty; path = path[end..])
        {
            end = EndOfStep(path);
            if (end == 0)
            {
                return false;
            }

            last = path[0] == '.' ? path[1..end].TrimEnd("()") : last;
            isPlain &= IsPlain(last);
            hasNumber |= HasNumber(last);
        }

        return scope > 0
            || (hasNumber ? char.IsLower(name[0]) && IsOfKey(last.TrimEnd(Digits)) : !isAlone ? isPlain
            : IsOfKey(name) || name.Ends(SecretEnds) || name is ['_'] || HoldsWord(name) || (isPlain && HasHump(name)));
    }

    private static int ScopeOf(ReadOnlySpan<char> name)
    {
        foreach (string scope in Scopes)
        {
            if (name.Starts(scope))
            {
                return scope.Length;
            }
        }

        return 0;
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

    private static bool HasNumber(ReadOnlySpan<char> word) => char.IsDigit(word[^1]);

    private static bool IsOfKey(ReadOnlySpan<char> word) => word.Ends(KeyEnds) && !word.Ends(SecretRule.NoKeys);

    private static bool HasHump(ReadOnlySpan<char> name)
    {
        bool hasHump = false;
        for (int i = 1; i < name.Length; i++)
        {
            hasHump |= char.IsUpper(name[i]) && char.IsLower(name[i - 1]);
        }

        return hasHump;
    }

    private static bool HoldsWord(ReadOnlySpan<char> name)
    {
        int end = name.IndexOf('_');
        return end < 0 ? name.Find(Words) is not null : name[..end].Find(Words) is not null || HoldsWord(name[(end + 1)..]);
    }

    // Words have two lower-case letters and more, and long ones a vowel: what is made by chance has not.
    private static bool IsPlain(ReadOnlySpan<char> name)
    {
        int lower = 0;
        bool hasVowel = false;
        for (int i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && char.IsLower(name[i]))
            {
                lower++;
                hasVowel |= "aeiouy".IndexOf(name[i]) >= 0;
                continue;
            }

            if ((lower == 1 && name.Length > 1) || (lower >= ShortestSpoken && !hasVowel))
            {
                return false;
            }

            lower = 0;
            hasVowel = false;
        }

        return true;
    }
}
