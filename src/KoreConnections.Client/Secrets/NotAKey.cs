namespace KoreConnections.Client;

/// <summary>
/// Texts that people give where a key belongs: what a template, another tool or a file has in a key's place. No provider's
/// keys have any of these shapes. It reads the key where it is: no copy is made, and nothing is built at the first call.
/// </summary>
internal static class NotAKey
{
    public const string Assignment = "is a line NAME=VALUE from a file of variables. Specify only the value, or use env:NAME.";

    private const string Placeholder = "is a placeholder. Replace it with the key.";
    private const string NoValue = "is a word that means no value. Specify the key.";

    // Fewer capitals before an equals sign come by chance.
    private const int LongName = 8;

    // What stands instead of a key that somebody hid, or that somebody is to fill in.
    private static readonly string[] Hidden = ["null", "undefined", "redacted", "hidden", "masked", "replaceme", "replace-me", "replace_me"];

    // What is in brackets instead of one, other than which a header may have there.
    private static readonly string[] HiddenValues = [.. Hidden, "removed", "filtered", "secret", "key", "apikey", "token", "password"];

    private static readonly string[] Words =
    [
        .. Hidden, "none", "nil", "nan", "true", "false", "empty", "todo", "tbd", "fixme", "dummy", "example", "changeme", "change-me",
        "change_me", "placeholder", "secret", "password",
    ];

    private static readonly string[] Askers = ["your", "my", "the", "insert", "enter", "replace", "add", "paste"];
    private static readonly string[] Here = ["-here", "_here", " here"];

    // Also what a variable is called that has a key in it.
    private static readonly string[] Secrets = ["key", "token", "secret"];
    private static readonly string[] Asked = [.. Secrets, "here"];

    private static readonly string[] Commands = ["(get-", "(read-", "(convertto-", "(convertfrom-", "(import-", "(invoke-", "(unprotect-"];

    // What is before and behind a key in code, in tables and in sentences. What is written for a line break or a blank is behind it.
    private const string Surroundings = "()[]{}<>,;:.\"'`";
    private static readonly string[] BlanksInAddresses = ["%0a", "%0d", "%20"];
    private static readonly string[] BlanksInCode = [@"\n", @"\r", @"\t"];
    private const int ShortestKey = 20;
    private static readonly string[] TypeStarts = ["System.", "Microsoft.", "Deserialized."];

    // How ConvertFrom-SecureString begins: with Windows' own encryption, and with -Key.
    private static readonly string[] EncryptedStarts = ["01000000d08c9ddf0115d1118c7a00c04fc297eb", "76492d1116743f0423413b16050a5345"];

    private static readonly string[] PathStarts =
    [
        "~/", "./", "../", "~\\", ".\\", "..\\", "\\\\",
        "/run/", "/home/", "/users/", "/etc/", "/var/", "/mnt/", "/opt/", "/tmp/", "/root/", "/usr/", "/private/", "/volumes/",
    ];

    private static readonly string[] FileEndings = [".txt", ".key", ".json", ".pem", ".env", ".yaml", ".yml", ".secret"];

    /// <summary>What a text looks like instead of a key, as the end of a sentence; null where it may be one.</summary>
    public static string? Problem(ReadOnlySpan<char> key) =>
        StandIn(key) is string standIn ? standIn
        : IsBracketed(key) || (key.IsAround("{", "}") && IsNamed(key[1..^1])) ? Placeholder
        : key.Find(Words) is not null ? NoValue
        : ForeignReference.Problem(key) is string foreign ? foreign
        : IsAddress(key) ? "is an address or another tool's reference to a secret. "
            + "Specify the key, or a reference such as env:NAME. To add your tool, use Register-KeySource."
        : IsAssignment(key) ? Assignment
        : IsJson(key) ? "is JSON. Specify only the key."
        : ConvertedObject(key) is string converted ? converted
        : key.Starts("-----BEGIN") ? "is a certificate or a private key file. Specify the provider's API key."
        : SpreadsheetText.ProblemOfValue(key, "key") is string problem ? problem
        : IsPath(key) ? "is a path. To read the key from that file, use file:PATH."
        : null;

    /// <summary>What a text is that stands instead of a key, as the end of a sentence; null where it may be one, or a word such as none.</summary>
    public static string? StandIn(ReadOnlySpan<char> key) =>
        IsPlaceholder(key) ? Placeholder
        : key.Find(Hidden) is not null ? NoValue
        : UnfilledPlaceholder.FindToken(key) is string unfilled ? unfilled
        : IsVariable(key) ? "is the name of a variable. To read the key from it, use env:NAME."
        : IsShortened(key) ? "is a key as a console shortens it. Specify the whole key."
        : IsCommand(key) ? "is a command, which PowerShell does not run in quotation marks. Remove the quotation marks, or use a reference such as env:NAME."
        : KeyForm.IsBeginning(key) ? "is only the beginning of a key. Specify the whole key."
        : IsSurrounded(key) ? "begins or ends with characters that no key of this form has, such as a comma, a parenthesis or %0A. Remove them at the source."
        : IsTwice(key) ? "contains the same key twice. Remove one of them."
        : null;

    /// <summary>What PowerShell has made of an object or of a SecureString, as the end of a sentence; null for anything else.</summary>
    public static string? ConvertedObject(ReadOnlySpan<char> text) =>
        IsObject(text) ? "is what PowerShell writes instead of an object. Specify the object's value, or the SecureString itself."
        : text.Starts(EncryptedStarts) ? "is an encrypted SecureString. Use ConvertTo-SecureString to read it, and specify the result."
        : IsUtf16InHex(text) ? "is a SecureString as ConvertFrom-SecureString writes it where it does not encrypt. "
            + "Use ConvertTo-SecureString to read it, and specify the result."
        : null;

    // 73006b00: each second byte is zero. By chance, eight characters in a row of a key in hexadecimal digits are not.
    private static bool IsUtf16InHex(ReadOnlySpan<char> text)
    {
        bool isText = text.Length >= 32;
        for (int i = 0; isText && i + 3 < text.Length; i += 4)
        {
            isText = text[i] is >= '2' and <= '7' && text[i + 2] == '0' && text[i + 3] == '0';
        }

        return isText;
    }

    private static bool IsPlaceholder(ReadOnlySpan<char> key)
    {
        ReadOnlySpan<char> bare = KeyForm.WithoutBeginning(key);
        bool isBracketed = IsBracketed(bare);
        ReadOnlySpan<char> text = isBracketed ? bare[1..^1].Trim() : bare;
        return (isBracketed && (bare.Length < key.Length || IsHiddenValue(text) || (bare[0] == '<' && UnfilledPlaceholder.IsCapitals(text))))
            || (bare.Length > 2 && bare.Trim('.').IsEmpty)
            || (bare.Length > 3 && bare[0] is 'x' or 'X' && bare.Trim("xX-").IsEmpty)
            || (text.Starts(Askers) && text.Ends(Asked))
            || (text.Ends(Here) && text[..^5].Ends(Secrets))
            // Angle brackets as pages, addresses and JSON have them.
            || IsAroundLabel(bare, "&lt;", "&gt;") || IsAroundLabel(bare, "%3C", "%3E") || IsAroundLabel(bare, @"\u003C", @"\u003E");
    }

    private static bool IsAroundLabel(ReadOnlySpan<char> text, string open, string close) =>
        text.IsAround(open, close) && IsLabel(text[open.Length..^close.Length]);

    private static bool IsLabel(ReadOnlySpan<char> text) => text.IsAll(static c => char.IsLetterOrDigit(c) || c is ' ' or '_' or '.' or '-');

    // (Get-Secret OpenAI), (Read-Host)
    private static bool IsCommand(ReadOnlySpan<char> text) => text.Starts(Commands)
        && text[(text.IndexOf('-') + 1)..] is var noun && noun.IndexOfOther(char.IsLetter) is > 0 and int end
        && (noun[end] == ' ' || (noun[end] == ')' && char.IsUpper(text[1]) && char.IsUpper(noun[0])));

    // OpenAI's and Anthropic's keys have letters, digits, hyphens and underscores.
    private static bool IsSurrounded(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> key = text.TrimStart(Surroundings);
        int length;
        do
        {
            length = key.Length;
            key = key.TrimEnd(Surroundings);
            key = key[..^(key.Ends(BlanksInAddresses) ? 3 : key.Ends(BlanksInCode) ? 2 : 0)];
        }
        while (key.Length < length);

        return key.Length >= ShortestKey && key.Length < text.Length && key.StartsWith("sk-") && key.IsMadeOf("-_") && !ApiKeyValidator.IsQuoted(text);
    }

    private static bool IsTwice(ReadOnlySpan<char> text) =>
        text.Length >= 2 * ShortestKey && text[..(text.Length / 2)].SequenceEqual(text[(text.Length / 2)..])
            && KeyForm.WithoutBeginning(text).Length < text.Length;

    private static bool IsBracketed(ReadOnlySpan<char> key) => IsAroundLabel(key, "<", ">")
        || ((key.IsAround("[", "]") || key.IsAround("(", ")")) && IsNamed(key[1..^1]));

    private static bool IsNamed(ReadOnlySpan<char> text) => text.IsAll(static c => char.IsLetter(c) || c is ' ' or '_' or '.' or '-');

    // OPENAI_API_KEY
    private static bool IsVariable(ReadOnlySpan<char> text) =>
        text.IndexOf('_') > 0 && UnfilledPlaceholder.IsCapitals(text) && text.Ends(Secrets);

    // sk-...MQAA, sk-####MQAA: of what keys are made of, but for the run of marks.
    private static bool IsShortened(ReadOnlySpan<char> key) => (key.IndexOf("...") >= 0 || key.IndexOf("####") > 0) && key.IsMadeOf("-_.#");

    // Such words only: hidden, api-key, secret removed.
    private static bool IsHiddenValue(ReadOnlySpan<char> text)
    {
        int at = text.LastIndexOfAny(' ', '_', '-');
        return text[(at + 1)..].Find(HiddenValues) is not null && (at < 0 || text[..at].Find("api") is not null || IsHiddenValue(text[..at]));
    }

    // A type's name, or a table on one line.
    private static bool IsObject(ReadOnlySpan<char> key) =>
        key.IsAround("@{", "}") || (key.Starts("@{") && LostContent.HoldsRow(key)) || (key.Starts(TypeStarts) && key.IsMadeOf("._+`[],"));

    // SCHEME://
    private static bool IsAddress(ReadOnlySpan<char> key) =>
        key.IndexOf("://") is var at && at > 0 && char.IsLetter(key[0]) && key[..at].IsMadeOf("+-.");

    // NAME=VALUE, or NAME:VALUE where the name is a variable's. A password may have an equals sign in it, and a key in base64 at its end.
    private static bool IsAssignment(ReadOnlySpan<char> key)
    {
        int at = key.IndexOfAny('=', ':');
        if (at <= 0 || key[at..].TrimEnd('=').IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<char> name = key[..at];
        ReadOnlySpan<char> value = key[(at + 1)..];
        return IsVariable(name)
            || (key[at] == '=' && name.IsMadeOf("_")
                && (name.Ends(Secrets)
                    || (name.Length >= LongName && name.IndexOf('_') > 0 && UnfilledPlaceholder.IsCapitals(name))
                    || KeyForm.WithoutBeginning(value).Length < value.Length));
    }

    private static bool IsJson(ReadOnlySpan<char> key) => key.IsAround("[\"", "\"]")
        || (!key.IsEmpty && key[0] is '{' or '[' && key.TrimStart("{[ ") is ['"', ..] && key.IndexOf("\":") > 0);

    /// <summary>Whether a text is certainly a path of a file.</summary>
    public static bool IsPath(ReadOnlySpan<char> key) => key.IsMadeOf("/\\._-:~")
        && (key.Starts(PathStarts) || key.Ends(FileEndings) || IsLowerCasePath(key)
            || (key.Length > 2 && char.IsLetter(key[0]) && key[1] == ':' && key[2] is '/' or '\\'));

    // A key in base64 may begin with a slash and have others, but not without an upper-case letter.
    private static bool IsLowerCasePath(ReadOnlySpan<char> key) =>
        key is ['/', .., not '/'] && key[1..].IndexOf('/') > 0 && key.IndexOf("//") < 0
        && key.IsAll(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '/' or '.' or '_' or '-');
}
