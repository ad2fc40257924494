namespace KoreConnections.Client;

/// <summary>
/// The one rule for what may hold a secret: by the parts of a name and by the shape of a value. Manifest checks, masks,
/// exports, views and messages use it, and the sandbox, which compiles this file too: it has no reference to the client.
/// </summary>
internal static class SecretRule
{
    // Shorter ones are words more often than keys.
    public const int ShortestOpaque = 16;

    // Three characters that all keys of a provider begin with, and six more. Most texts are shorter.
    private const int ShortestPrefixed = 9;

    // A part that is one of these, or has one of the long ones in it.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "auth", "oauth", "bearer", "cred", "pwd", "pass", "pw", "jwt", "pat", "sas", "sig", "otp", "totp", "pin", "hmac", "secret", "apikey", "passcode", "psk",
    };

    private static readonly string[] LongWords =
    [
        "secret", "password", "passwd", "passphrase", "credential", "authorization", "cookie", "signature", "apikey", "connectionstring",
    ];

    // What is before "key" or "token" and makes it another thing than a secret, or after any word and makes it a description of one.
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "max", "min", "input", "output", "prompt", "completion", "total", "reasoning", "thinking", "cached", "used", "num", "number",
        "cache", "sort", "primary", "foreign", "partition", "routing", "idempotency", "row", "group", "order", "dedupe", "object", "index", "map", "public",
        "eos", "bos", "pad", "stop", "unk", "sep", "cls", "start", "end", "special", "page", "next", "continuation",
    };

    // Before "key" and beside no other word of a secret: it opens nothing, though it looks as if made by chance.
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal) { "public", "partition", "idempotency" };

    private static readonly HashSet<string> Descriptions = new(StringComparer.Ordinal)
    {
        "id", "type", "kind", "name", "url", "uri", "endpoint", "count", "limit", "path", "length", "size", "format", "policy", "expiry", "expires",
        "expiration", "expire",
        "ttl", "field", "param", "parameter", "index", "usage", "budget", "mode", "location", "scheme", "provider", "profile", "method", "required",
        "enabled", "status", "hint", "label", "description", "prefix", "per", "rate", "in", "at", "on", "through", "window", "price", "cost", "estimate",
        "threshold", "overlap", "timeout", "ratio", "ids",
    };

    private static readonly HashSet<string> KeyQualifiers = new(StringComparer.Ordinal)
    {
        "api", "access", "auth", "refresh", "bearer", "secret", "session", "private", "account", "subscription", "shared", "client", "service",
        "security", "app",
    };

    // Whose id opens nothing, as that of a client or an account may.
    private static readonly HashSet<string> Places = new(StringComparer.Ordinal)
    {
        "tenant", "organization", "organisation", "org", "workspace", "project", "team", "environment", "request", "correlation", "trace", "conversation",
    };

    // What a version, a number or a place adds to a name.
    private static readonly HashSet<string> Additions = new(StringComparer.Ordinal)
    {
        "value", "text", "string", "v", "ms", "sec", "s", "old", "current", "previous", "prod", "production", "dev", "test", "staging",
        "default", "plain", "raw",
    };

    // Of a default or an example nobody knows that it is no key.
    private static readonly HashSet<string> SchemaWords = new(StringComparer.Ordinal)
    {
        "type", "description", "title", "format", "pattern", "enum", "required", "$ref", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    };

    // In an address, where Azure, Google and signed links have them.
    private static readonly HashSet<string> QueryNames = new(StringComparer.OrdinalIgnoreCase) { "key", "code", "sig", "tokens", "sign" };

    /// <summary>Words that end as the names of keys do.</summary>
    public static readonly string[] NoKeys = ["monkey", "turkey", "donkey", "hotkey", "whiskey", "jockey", "hockey", "portkey"];

    private const int LongestKnown = 30;
    private const int MostKnown = 1000;

    // One that needs no lock to be read, and no compiling at the first name as a generic one does.
    private static readonly Hashtable Known = [];

    private enum Grade
    {
        None,
        Perhaps,
        Secret,
    }

    /// <summary>Whether a value of this name is a secret: <c>API_KEY</c>, <c>apiKeys</c>, <c>token_value</c>, not <c>max_tokens</c>.</summary>
    public static bool IsName(string name) => GradeOf(name) == Grade.Secret;

    /// <summary>Whether a value under this name may be a secret. What is empty, a word for yes, no or nothing, or a placeholder is none.</summary>
    public static bool MayHold(string name, string value) => (IsKnownKey(value) || GradeOf(name) switch
    {
        Grade.Secret => !NotASecret.IsCodeOrSample(name, value),
        // Of an address or a connection string with a key, the parts are judged, with any content.
        Grade.Perhaps => IsOpaque(SecretAddress.ReplaceInText(value, static (_, _) => "")),
        _ => false,
    }) && !NotASecret.IsOne(value);

    /// <summary>The same in JSON within a text, which a prompt has as an example, too: there name and value have to look like a secret's.</summary>
    public static bool MayHoldInText(string name, string value) =>
        IsName(name) && !NotASecret.IsOne(value) && IsOpaqueText(NotASecret.WithoutPlaceholders(value));

    /// <summary>Whether a header's value may be a secret, whose name says the least: of what it is not plainly a word, it may.</summary>
    public static bool MayHoldInHeader(string name, string value) =>
        MayHold(name, value) || (!NotASecret.IsOne(value) && IsOpaque(value) && !IsId(name, value) && !NotASecret.IsPlainForm(name, value));

    public static bool MayHoldInQuery(string name, string value) =>
        MayHoldInHeader(name, value)
            ? IsKnownKey(value) || IsNameInQuery(name) || !Pattern.Guid.IsMatch(value)
            : QueryNames.Contains(name) && !Pattern.PlainCode.IsMatch(value) && !NotASecret.IsOne(value);

    /// <summary>Whether the name of a part of a query says that its value may be a key.</summary>
    public static bool IsNameInQuery(string name) => QueryNames.Contains(name) || GradeOf(name) != Grade.None;

    /// <summary>Whether a number under this name may be a secret, such as a PIN.</summary>
    public static bool MayHoldNumber(string name, string number) => IsName(name) && IsPin(number);

    /// <summary>Whether a number may be a PIN: no fraction, nor three digits. Its value says so, because platforms write it in their own way.</summary>
    public static bool IsPin(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 1000 && Math.Floor(value) == value;

    /// <summary>The name that says what a value inside a list or a table is: below a secret's name all is one, but for what describes it in a schema.</summary>
    public static string NameWithin(string of, string name) => IsName(of) && !SchemaWords.Contains(name) ? of : name;

    /// <summary>The same, which knows of a default or an example in a schema that it is one.</summary>
    public static string NameIn(string of, string name) =>
        NameWithin(of, name) is var secret && secret == of && NotASecret.SampleOf(of, name) is string sample ? sample : secret;

    /// <summary>Whether a text is a key by its shape, under any name.</summary>
    public static bool LooksLikeKey(string value) =>
        IsKnownKey(value) || (value.Length >= ShortestOpaque && value.IndexOf(' ') < 0 && !NameShape.IsName(value));

    /// <summary>Whether a key is where the name of a header, a property or a variable belongs.</summary>
    public static bool IsKeyAsName(string name) => LooksLikeKey(name) || PastedKey.IsIn(name);

    /// <summary>
    /// Whether a text has the beginning that keys of a known provider have, or a scheme, before what is no word: sk-bratislava-1,
    /// pplx-70b-online and hf_mistral-7b begin as keys do.
    /// </summary>
    public static bool IsKnownKey(string value) => value.Length >= ShortestPrefixed
        && ((Beginning.KnownKey.IsMatch(value) && !IsWords(value))
            || (Beginning.Login.Match(value) is { Success: true } login && IsLogin(login.Groups["scheme"].Value, login.Groups["key"].Value)));

    /// <summary>Whether a word of a name is a key.</summary>
    public static bool IsPastedKey(string word) => IsKnownKey(word) && IsOpaque(word);

    public static bool HoldsPastedKey(string text) => PastedKey.IsIn(text);

    /// <summary>A text with something else instead of each key that its beginning gives away, wherever it is in the text.</summary>
    public static string ReplaceKeys(string text, Func<string, string> replacement) => PastedKey.Replace(
        Pattern.KeyInText.Replace(text, key => IsWords(key.Value + key.Groups["rest"].Value) ? key.Value : replacement(key.Value)), replacement);

    private static bool IsId(string name, string value) =>
        Pattern.Guid.IsMatch(value) && Parts(name) is var parts && parts.LastOrDefault() == "id" && parts.Any(Places.Contains);

    // Some schemes are words of other sentences too.
    private static bool IsLogin(string scheme, string key) =>
        scheme.ToLowerInvariant() is not ("basic" or "digest" or "token") || key.Any(char.IsDigit) || key.Skip(1).Any(char.IsUpper) || IsOpaque(key);

    /// <summary>Whether a text is long and neither words nor a version.</summary>
    public static bool IsOpaque(string value) => value.Length >= ShortestOpaque && !NameShape.IsPlain(value);

    // Of three words and more, which describe a value, one alone would have to be a key.
    private static bool IsOpaqueText(string value) =>
        IsOpaque(value) && (value.Split(' ') is not { Length: > 2 } words || words.Any(w => w.Length >= ShortestPrefixed && !NameShape.IsPlain(w)));

    // Behind the beginning of a key, one word alone may be a key, and so may words with a longer number than those of versions.
    private static bool IsWords(string value) =>
        NameShape.Pieces(value).Count(p => p.Length > 0) > 2 && NameShape.IsPlain(value) && !Pattern.LongNumber.IsMatch(value);

    // Answers and manifests have the same few names thousands of times. One with a digit may be a key in the wrong place, which nothing keeps.
    private static Grade GradeOf(string name)
    {
        if (Known[name] is Grade known)
        {
            return known;
        }

        Grade grade = Judge(name);
        if (name.Length <= LongestKnown && Known.Count < MostKnown && !name.Any(char.IsDigit))
        {
            lock (Known)
            {
                Known[name] = grade;
            }
        }

        return grade;
    }

    private static Grade Judge(string name)
    {
        int secretary = name.IndexOf("secretar", StringComparison.OrdinalIgnoreCase);
        string[] parts = Parts(secretary < 0 ? name : name.Remove(secretary, "secretar".Length));
        string joined = string.Concat(parts);
        string[] plain =
        [
            .. parts.Select(p => p.Length > 3 && p[p.Length - 1] == 's' && !p.EndsWith("ss", StringComparison.Ordinal) ? p.Substring(0, p.Length - 1) : p),
        ];
        int last = plain.Length - 1;
        while (last > 0 && Additions.Contains(plain[last]))
        {
            last--;
        }

        if (last < 0)
        {
            return Grade.None;
        }

        bool isDescription = last > 0 && Descriptions.Contains(plain[last]);
        bool isWord = plain.Any(IsSecretWord) || LongWords.Any(joined.Contains);
        if (isWord)
        {
            return isDescription ? Grade.Perhaps : Grade.Secret;
        }

        bool isQualified = plain.Any(KeyQualifiers.Contains);
        int key = Array.FindLastIndex(plain, IsKeyOrToken);
        return key < 0 || (!isQualified && key == 1 && plain[1] == "key" && Open.Contains(plain[0])) ? Grade.None
            : isDescription ? Grade.Perhaps
            : isQualified || plain[key] is not ("key" or "token") ? Grade.Secret
            : (plain[key] == "key" && (key != last || last == 0)) || plain.Any(Harmless.Contains) || parts[key] == "tokens" ? Grade.Perhaps
            : Grade.Secret;
    }

    /// <summary>The words of a name, in whichever way they are put together, in lower case and without numbers.</summary>
    private static string[] Parts(string name)
    {
        var parts = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            // apiKey, APIKey
            bool begins = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            parts.Append(begins ? " " : "").Append(char.IsLetter(name[i]) ? char.ToLowerInvariant(name[i]) : ' ');
        }

        return parts.ToString().Split([' '], StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsSecretWord(string part) => Words.Contains(part) || part.EndsWith("pwd", StringComparison.Ordinal) || LongWords.Any(part.Contains);

    // Written together: accesstoken, openaikey.
    private static bool IsKeyOrToken(string part) =>
        (part.EndsWith("key", StringComparison.Ordinal) && !NoKeys.Contains(part)) || part.EndsWith("token", StringComparison.Ordinal);

    // Apart, so that what works without them, as the first request does, does not wait for them to be built; few texts need more than these.
    private static class Beginning
    {
        public static readonly Regex KnownKey = new(
            $"^{KeyForm.AnyOf(static f => f.Alone)}[-_.A-Za-z0-9/+=]{{6,}}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Login = new(
            @"^(?<scheme>bearer|basic|digest|negotiate|token|apikey|api-key)\s+(?<key>[^\s{}$]{6,})\s*\z",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }

    private static class Pattern
    {
        // What is behind it up to the end of the word says whether it is one.
        public static readonly Regex KeyInText = new(
            $@"\b{KeyForm.AnyOf(static _ => "", static f => f.IsNoWord)}[-_.A-Za-z0-9/+=]{{8,}}(?=(?<rest>[^\s""',;)]{{0,100}}))",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

        // A country, a language, a count or a short word.
        public static readonly Regex PlainCode = new(@"^(?:[A-Za-z]{1,8}(?:-[A-Za-z]{2,4})?|\d{1,8})\z", RegexOptions.CultureInvariant);

        public static readonly Regex LongNumber = new(@"\d{4}", RegexOptions.CultureInvariant);

        // An id, which many addresses have in them, alone or behind the letters of its kind.
        public static readonly Regex Guid = new(
            @"^(?:[A-Za-z]{1,4}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
