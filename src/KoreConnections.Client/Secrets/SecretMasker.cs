namespace KoreConnections.Client;

/// <summary>Finds out which texts are keys or masks, and turns a key that arrived unmasked into a mask.</summary>
internal static class SecretMasker
{
    private const char Star = '*';

    private const int MaskStars = 3;

    private const int MostOwnStars = 9;

    // Linux opens none that is longer, and of one on Windows no message shows as much.
    private const int LongestPath = 4096;

    /// <summary>Three or more asterisks: something that was read back from the platform.</summary>
    public static bool IsMasked(ReadOnlySpan<char> text)
    {
        int stars = 0;
        foreach (char c in text)
        {
            stars += c == Star ? 1 : 0;
        }

        return stars >= MaskStars;
    }

    /// <summary>What a text shows of its key, before and behind the asterisks; null for one without any.</summary>
    public static (string Start, string End)? EndsOf(string? text) =>
        text?.IndexOf(Star) is >= 0 and int first ? (text.Substring(0, first), text.Substring(text.LastIndexOf(Star) + 1)) : null;

    /// <summary>The word that a mask shows before the key, such as Bearer; empty for none.</summary>
    public static string SchemeOf(string mask) => IsMasked(mask) ? Pattern.Scheme.Match(mask).Value : "";

    /// <summary>
    /// Whether a text has a key of a known shape in it, apart from addresses, or is or has JSON with a key under a key's name. A placeholder is none.
    /// </summary>
    public static bool HoldsKey(string text) =>
        SecretJson.In(text).Any(static key => !IsMasked(key)) || SecretRule.HoldsPastedKey(AddressesInText(text));

    public static bool HoldsMask(string text) => SecretJson.In(text, SecretRule.MayHold).Any(IsWholeMask);

    /// <summary>Whether a text has a mask that stands for a key within other text, as <see cref="WithoutKeys"/> makes it.</summary>
    public static bool HoldsKeyMask(string text) => text.IndexOf(Secret.Mask, StringComparison.Ordinal) >= 0 && Pattern.KeyMask.IsMatch(text);

    /// <summary>Whether a text has just the mask in it that a repeated key is shown as.</summary>
    public static bool HoldsMaskWithin(string text) => text.IndexOf(Secret.Mask, StringComparison.Ordinal) >= 0 && Pattern.MaskWithin.IsMatch(text);

    /// <summary>
    /// Whether the value of a header is a mask. Under a name that is not a key's, a few asterisks alone are a rating: masks have more, or show an end.
    /// </summary>
    public static bool IsHeaderMask(string name, ReadOnlySpan<char> value) =>
        IsMasked(value) && (value.Length > MostOwnStars || SecretRule.IsName(name) || !value.Trim('*').IsEmpty);

    /// <summary>A text with something else instead of such masks, and of keys in the forms of their providers.</summary>
    public static string ReplaceKeyMasks(string text, Func<string, string> replacement) =>
        PastedKey.Replace(Pattern.KeyMask.Replace(text, mask => replacement(mask.Value)), replacement);

    /// <summary>Whether a text is a mask under any name: with the start or the end of a key, or as many asterisks as are shown here.</summary>
    public static bool IsWholeMask(string text) => IsMasked(text) && Pattern.WholeMask.IsMatch(text);

    /// <summary>Whether a text under this name is a mask, or JSON with one, rather than one that holds asterisks, as rules and stop sequences do.</summary>
    public static bool IsMask(string name, string text) =>
        IsWholeMask(text) || HoldsMask(text) || (SecretRule.IsName(name) && IsMasked(text));

    /// <summary>Whether a text under this name is a mask, or has one within.</summary>
    public static bool HasMask(string name, string text) => IsMask(name, text) || HoldsKeyMask(text);

    public static string Shown(string name, string value) =>
        SecretRule.MayHold(name, value) ? Apply(value) : SecretRule.ReplaceKeys(AsRead(value), Apply);

    /// <summary>
    /// What somebody gave, as a message may quote it: on one line, and without what may be a key, which is easily given in the
    /// wrong place. The one way into a message for all that is not one of a known set.
    /// </summary>
    public static string Quote(string? text, int maxLength = 100)
    {
        // A key may have any marks in it, and its parts are plain then.
        string shown = Pattern.Token.Replace(LostContent.WithoutRow(text ?? ""), m => IsKey(m.Value) ? Secret.Mask : m.Value);
        return TextSanitizer.SingleLine(Pattern.Word.Replace(WithoutLogin(Scrub(shown)), m => IsKey(m.Value) ? Secret.Mask : m.Value), maxLength);

        static bool IsKey(string word) => MayBeKey(word) && !KeyVariableNames.IsOne(word) && word.IndexOf("://", StringComparison.Ordinal) < 0;
    }

    /// <summary>A text without the logins of addresses, also of those that lack their scheme.</summary>
    public static string WithoutLogin(string text) => text.IndexOf('@') < 0 ? text
        : Pattern.BeforeAt.Replace(Addresses(text), run => Pattern.Login.Replace(run.Value, "${scheme}" + Secret.Mask + "@"));

    /// <summary>Whether a text looks like a key. A connection's id is as long as one and none.</summary>
    public static bool MayBeKey(string text) => SecretRule.LooksLikeKey(text) && !Pattern.Id.IsMatch(text);

    /// <summary>A name as a path shows it: a key, which is ASCII, may have been put in its place.</summary>
    public static string Step(string name) => (MayBeKey(name) && name.All(c => c <= '~')) || SecretRule.HoldsPastedKey(name) ? Secret.Mask : name;

    /// <summary>A place in the file system as a message may quote it: its names may be long, and only what is a key for sure is none.</summary>
    public static string QuotePath(string? path) =>
        Pattern.Path.IsMatch(path ?? "") && !SecretRule.IsKnownKey(path!)
            ? TextSanitizer.SingleLine(WithoutLogin(WithoutKnownKey(Scrub(LostContent.WithoutRow(path!)))), 200)
            : Quote(path);

    /// <summary>Why the file system refused, in its own words: they hold the path.</summary>
    public static string Reason(Exception refusal) =>
        TextSanitizer.SingleLine(WithoutKnownKey(Scrub(LostContent.WithoutRow(refusal.Message))), TextSanitizer.Shortened);

    /// <summary>A path, or a text with one, as far as a key begins in it. Where that ends is not to be seen: keys have slashes too.</summary>
    public static string WithoutKnownKey(string text)
    {
        // Each name in it is held against all that follows.
        text = text.Length <= LongestPath ? text : text.Substring(0, LongestPath);
        for (int i = 0; i < text.Length; i++)
        {
            if ((i == 0 || text[i - 1] is '/' or '\\' or '\'' or '"' or ' ') && SecretRule.IsKnownKey(text.Substring(i)))
            {
                return text.Substring(0, i) + Secret.Mask;
            }
        }

        return text;
    }

    /// <summary>Free text or broken JSON with everything masked that looks like a key.</summary>
    public static string Scrub(string text) => SecretRule.ReplaceKeys(
        Addresses(SecretJson.Replace(text, Apply, static (name, value) => name == "value" || SecretRule.MayHold(name, value))), Apply);

    /// <summary>A text with addresses, without the keys in them.</summary>
    public static string Addresses(string text) => SecretAddress.Replace(text, static (_, _) => Secret.Mask);

    /// <summary>The same of what people write, in which links and code are no keys.</summary>
    private static string AddressesInText(string text) => SecretAddress.ReplaceInText(text, static (_, _) => Secret.Mask);

    /// <summary>A text without the keys that the forms of their providers give away, wherever they are in it.</summary>
    public static string WithoutKeys(string text) => PastedKey.Replace(text, static key =>
        // What has words to pronounce begins as a key does, and is a name, a model, a folder or a host.
        NameShape.IsName(key) ? key : Apply(key) is var mask && mask.Length > Secret.Mask.Length ? mask : key.Substring(0, 2) + Secret.Mask);

    /// <summary>A text in which no mask shows characters of its key, in whichever form a provider writes it: with asterisks, or as sk-...MQAA.</summary>
    public static string WithoutMasks(string text) => Pattern.Shortened.Replace(Pattern.Asterisks.Replace(text, "***"), "***");

    /// <summary>A text of an answer as it is read where its name does not make it a key.</summary>
    public static string AsRead(string text) => WithoutKeys(AddressesInText(SecretJson.Replace(text, Apply)));

    /// <summary>The text as it may be shown: itself when it is a mask already, else the platform's way of masking.</summary>
    public static string Apply(string value) =>
        value.Length == 0 || IsMasked(value) ? value
        : value.Length < 20 ? Secret.Mask
        : value.Substring(0, char.IsHighSurrogate(value[1]) ? 1 : 2)
            + Secret.Mask
            + value.Substring(value.Length - (char.IsLowSurrogate(value[value.Length - 4]) ? 3 : 4));

    // Apart, so that what works without them, as the first request does, does not wait for them to be built.
    private static class Pattern
    {
        // One character beside asterisks is a rule's or a comment's.
        public static readonly Regex WholeMask = new(
            @"^(?:[A-Za-z][A-Za-z-]{0,11} )?(?:[^\s*]{2,12}\*{10,}[^\s*]{0,12}|[^\s*]{0,12}\*{10,}[^\s*]{2,12}|\*{15})\z", RegexOptions.CultureInvariant);
        public static readonly Regex MaskWithin = new(@"(?<!\*)\*{15}(?!\*)", RegexOptions.CultureInvariant);
        public static readonly Regex KeyMask = new(@"(?<![A-Za-z0-9*])[A-Za-z]{2}\*{15}(?!\*)(?:[-_A-Za-z0-9]{4})?", RegexOptions.CultureInvariant);
        public static readonly Regex Asterisks = new(@"(?<![^\s'""])[^\s'""]*\*{3,}[^\s'""]*", RegexOptions.CultureInvariant);
        public static readonly Regex Shortened = new(
            $@"(?<!\w){KeyForm.AnyOf(static _ => "")}[\w-]{{0,40}}(?:\.{{3}}|…|•{{3,}})\w{{2,12}}(?!\w)", RegexOptions.CultureInvariant);
        public static readonly Regex Scheme = new(@"^[A-Za-z][A-Za-z0-9-]*(?= +\S*\z)", RegexOptions.CultureInvariant);
        public static readonly Regex Login = new(
            @"(?<![^\s'""(=,])(?<scheme>[A-Za-z][\w+.-]*://)?[^\s'""(=,]*?:(?![\\/])[^\s'""]*@", RegexOptions.CultureInvariant);
        // Where no @ follows, each colon would be tried up to the end of the text.
        public static readonly Regex BeforeAt = new(@"(?<![^\s'""])[^\s'""]*@", RegexOptions.CultureInvariant);
        public static readonly Regex Token = new(@"\S+", RegexOptions.CultureInvariant);
        public static readonly Regex Path = new(@"^(?:[/\\~.]|[A-Za-z][\w+.-]*:)|\.[A-Za-z]\w{0,7}\z", RegexOptions.CultureInvariant);
        public static readonly Regex Word = new(@"[^\s'""`,;=<>(){}|]+", RegexOptions.CultureInvariant);
        public static readonly Regex Id = new(
            @"^(?:cn-[0-9a-z-]{1,80}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
