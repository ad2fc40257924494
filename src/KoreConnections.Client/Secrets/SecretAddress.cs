namespace KoreConnections.Client;

/// <summary>Finds the keys in addresses: some APIs take them in the query or the path. The sandbox compiles this file too.</summary>
internal static class SecretAddress
{
    // Of what is shorter, a name that is not a password's is right by chance.
    private const int ShortestNamed = 8;
    private const int ShortestPassword = 4;

    private static readonly char[] BeforeParts = ['?', '#', ';'];

    // One of them is in each text that has a login, a path or a query.
    private static readonly char[] Marks = [':', '@', .. BeforeParts, '/'];

    /// <summary>
    /// A text with something else instead of logins and keys in the addresses that it holds, and behind each mark that begins a query. What is
    /// opaque there is a key.
    /// </summary>
    /// <param name="replacement">
    /// What stands for a key, by its name in the query (or its place in the path, such as <c>path2</c>) and its text; the name of a login is empty.
    /// </param>
    public static string Replace(string text, Func<string, string, string> replacement) => ReplaceLogins(text, replacement) is var rest
        && Pattern.ConnectionString.IsMatch(text) ? ReplaceSettings(rest, replacement) : ReplaceParts(rest, IsSecret, replacement);

    /// <summary>
    /// The same in what people write, such as prompts, which have links to read and code in them: there, a part is a key only if its name and its
    /// value say so. A text that begins as an address, or is one as a whole, is one that a machine calls: it is judged as above.
    /// </summary>
    public static string ReplaceInText(string text, Func<string, string, string> replacement)
    {
        if (text.IndexOfAny(Marks) < 0)
        {
            return text;
        }

        if (Pattern.Whole.IsMatch(text) || Pattern.ConnectionString.IsMatch(text))
        {
            return Replace(text, replacement);
        }

        text = ReplaceLogins(text, replacement);
        text = !HoldsAddress(text) ? text
            : Pattern.Address.Replace(text, link => ReplaceParts(link.Value, IsSecretInLink, replacement));
        return ReplaceParts(text, IsSecretInCode, replacement);
    }

    public static bool IsIn(string text) => ReplaceInText(text, static (_, _) => "") != text;

    /// <summary>Whether a link has a key by its name, or a password. Its opaque parts are ids more often, and a name before an at sign is none.</summary>
    public static bool HoldsNamedKey(string text) => Any(Replace, text, (name, key) =>
        name.Length > 0 ? SecretRule.IsNameInQuery(name) && SecretRule.IsOpaque(key) : key.IndexOf(':') > 0 && text.Contains(key + "@"));

    public static bool HoldsMask(string text) => Any(ReplaceInText, text, static (_, key) => IsMask(Uri.UnescapeDataString(key)));

    private static bool Any(Func<string, Func<string, string, string>, string> replace, string text, Func<string, string, bool> isIt)
    {
        bool isFound = false;
        replace(text, (name, key) => { isFound |= isIt(name, key); return key; });
        return isFound;
    }

    /// <summary>An address without its login, whether it has a password or not.</summary>
    public static string WithoutLogin(string address) => Pattern.Login.Replace(address, "");

    private static string ReplaceLogins(string text, Func<string, string, string> replacement)
    {
        if (!HoldsAddress(text))
        {
            return text;
        }

        text = text.IndexOf('@') < 0 ? text : Pattern.Login.Replace(text, match =>
            match.Value.TrimEnd('@') is var login && IsSecretLogin(Uri.UnescapeDataString(login)) ? replacement("", login) + "@" : match.Value);
        return Pattern.Path.Replace(text, path => ReplaceInPath(path.Value, replacement));
    }

    // A name alone, as the addresses of repositories have it, is none.
    private static bool IsSecretLogin(string login) =>
        IsMask(login) || SecretRule.IsKnownKey(login) || SecretRule.HoldsPastedKey(login)
        || (login.IndexOf(':') is var colon && colon < 0 ? login.Length >= ShortestNamed && !NameShape.IsPlain(login)
            // A key is the name, with an empty password, in some APIs.
            : colon == login.Length - 1 ? colon > 0 : !NotASecret.IsOne(login.Substring(colon + 1)));

    private static string ReplaceParts(string text, Func<string, string, bool> isSecret, Func<string, string, string> replacement)
    {
        return text.IndexOfAny(BeforeParts) < 0 ? text : Pattern.QueryPart.Replace(text, Replaced);

        string Replaced(Match part)
        {
            string name = part.Groups["name"].Value;
            string value = part.Groups["value"].Value;
            string quote = part.Groups["quote"].Value;
            return part.Groups["before"].Value + quote
                + (isSecret(name, Uri.UnescapeDataString(value)) && !(quote.Length > 0 && HasParts(name, value)) ? replacement(name, value)
                    : quote.Length > 0 ? Pattern.QueryPart.Replace(value, Replaced)
                    : value);
        }
    }

    // As a connection string alone has them: with blanks in names and values, which may be in quotes.
    private static string ReplaceSettings(string text, Func<string, string, string> replacement) => Pattern.Setting.Replace(text, setting =>
    {
        string name = setting.Groups["name"].Value;
        string value = setting.Groups["value"].Value;
        string quote = value.Length > 1 && value[0] is '"' or '\'' && value[value.Length - 1] == value[0] ? value.Substring(0, 1) : "";
        string bare = value.Substring(quote.Length, value.Length - (2 * quote.Length));
        bool isApart = setting.Index == 0 || text[setting.Index - 1] == ' ';
        return (isApart ? IsSecretSetting(name, Uri.UnescapeDataString(bare)) : IsSecret(name, Uri.UnescapeDataString(bare))) && !HasParts(name, bare)
            ? setting.Groups["before"].Value + quote + replacement(name, bare) + quote
            : ReplaceParts(setting.Value, IsSecret, replacement);
    });

    // An opaque part of a path is an id more often than a key: only what is a key for sure is one.
    private static string ReplaceInPath(string path, Func<string, string, string> replacement)
    {
        string[] parts = path.Split('/');
        for (int i = 1; i < parts.Length; i++)
        {
            string part = Uri.UnescapeDataString(parts[i]);
            parts[i] = IsMask(part) || SecretRule.HoldsPastedKey(part) ? replacement($"path{i}", parts[i]) : parts[i];
        }

        return string.Join("/", parts);
    }

    private static bool IsSecret(string name, string value) => IsMask(value) || SecretRule.MayHoldInQuery(name, value);

    // Prompts and code have the like, first or behind a blank: there, the name has to be a key's, and if it is one word, such as key or token, words
    // are none.
    private static bool IsSecretSetting(string name, string value) => IsMask(value)
        || (SecretRule.IsNameInQuery(name) && IsSecret(name, value) && !Pattern.Code.IsMatch(value)
            && (Pattern.PasswordName.IsMatch(name) ? value.Length >= ShortestPassword || name.Length > "pass".Length
                : Pattern.Compound.IsMatch(name) || !NameShape.IsPlain(value)));

    // Opaque parts without the name of a key are ids of pages and messages, or places in a page, which have a word in them.
    private static bool IsSecretInLink(string name, string value) =>
        IsMask(value) || SecretRule.IsKnownKey(value) || IsNamedSecret(name, value)
        || (name.Length == 0 && SecretRule.MayHoldInQuery(name, value) && SecretRule.IsOpaque(value) && !Pattern.Word.IsMatch(value));

    private static bool IsSecretInCode(string name, string value) =>
        name.Length > 0 && SecretRule.IsNameInQuery(name) && (IsMask(value) || SecretRule.IsKnownKey(value) || IsNamedSecret(name, value));

    // As connection strings and queries have them. A password may be any word, but neither a call nor a variable, which are code.
    private static bool IsNamedSecret(string name, string value) =>
        !NotASecret.IsOne(value) && !Pattern.Code.IsMatch(value)
        && (Pattern.PasswordName.IsMatch(name) ? value.Length >= ShortestPassword
            : value.Length >= ShortestNamed && SecretRule.IsNameInQuery(name) && !NameShape.IsPlain(value));

    // An address or settings within a setting, which are judged one by one.
    private static bool HasParts(string name, string value) => (HoldsAddress(value) || value.IndexOf(';') >= 0) && !SecretRule.IsNameInQuery(name);

    private static bool HoldsAddress(string text) => text.IndexOf("://", StringComparison.Ordinal) >= 0;

    // A mask was a key.
    private static bool IsMask(string value) => value.IndexOf("*****", StringComparison.Ordinal) >= 0;

    // Apart, so that what works without them does not wait for them to be built.
    private static class Pattern
    {
        // A quotation mark within others is doubled.
        private const string SettingValue =
            @"(?>""(?:[^""\r\n]|"""")*""(?= *(?:;|\s*\z))|'(?:[^'\r\n]|'')*'(?= *(?:;|\s*\z))|[^;\r\n]*)";

        // What a data URL holds is a file. Behind a blank and first in a text, it takes a connection string's name.
        public static readonly Regex QueryPart = new(
            @"(?:(?<=[?&#;])(?!base64,)(?>(?<before>(?<name>[^=&#?;\s""<>]{1,80})=)?)"
                + @"|(?:(?<=; )|(?<![^\s""'`])(?=[\w.-]{1,80}=[^=&#?;\s<>]+; ?[\w.-]{1,80}=))(?<before>(?<name>[\w.-]{1,80})=))"
                + @"(?!\{\{|\$\{)(?:(?<=\w=)(?<quote>[""'])(?![;,) ])(?<value>(?:(?!\k<quote>)[^\r\n]|\k<quote>\k<quote>)+)(?=\k<quote>)"
                + @"|(?<value>[^&#;\s""<>]+))",
            RegexOptions.CultureInvariant);
        public static readonly Regex Compound = new(@"[a-z][A-Z]|\w[ _.-]+\w", RegexOptions.CultureInvariant);
        public static readonly Regex ConnectionString = new(
            $@"^\s*[\w.-][\w .-]*={SettingValue} *(?:;[\w .-]+={SettingValue} *)+;?\s*\z", RegexOptions.CultureInvariant);
        public static readonly Regex Setting = new(
            $@"(?<=^\s*|; *)(?<before>(?<name>[\w.-](?:[\w .-]*[\w.-])?) *= *)(?<value>{SettingValue})", RegexOptions.CultureInvariant);
        public static readonly Regex Address = new(@"://[^\s""'`<>]+", RegexOptions.CultureInvariant);
        // An address, also a relative one.
        public static readonly Regex Whole = new(
            @"^\s*(?:[a-z][\w+.-]*:/+|(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?[/?]|/)\S+(?: [^\s?/=]*[?/=]\S*)*\s*\z|[^\s?]*\?[^\s=?]+=\S*\z)",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Word = new("(?<![A-Za-z0-9])[A-Za-z]{4,}(?![A-Za-z0-9])", RegexOptions.CultureInvariant);
        public static readonly Regex PasswordName = new(
            @"(?:pass(?:word|wd|phrase)?|pwd|secret)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Code = new(
            @"^(?:[A-Za-z_.]+\([^()]*\)?[),]*|\$\(.*|\$\{.*|\$[A-Za-z_]+|%\w+%|\{+[\w .-]+\}+|\[[\w .-]+\]|changeme|string|x+|\.+)\z",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline);
        public static readonly Regex Path = new(@"(?<=://)[^?#;\s""<>]+", RegexOptions.CultureInvariant);
        public static readonly Regex Login = new(@"(?<=://)[^/?#\s""<>]+@", RegexOptions.CultureInvariant);
    }
}
