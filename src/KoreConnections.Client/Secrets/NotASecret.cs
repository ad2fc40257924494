namespace KoreConnections.Client;

/// <summary>Values that are no secret under whichever name. The sandbox compiles this file too.</summary>
internal static class NotASecret
{
    // Of a property of a schema that is called as a secret: whole words there are what a tool may be called with.
    private static readonly string[] Samples = ["default", "example", "examples", "const"];

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "null", "none", "auto", "yes", "no",
        // How one signs in.
        "same-origin", "cross-origin", "include", "omit", "anonymous", "oauth2", "api_key", "managed_identity", "managed-identity", "ManagedIdentity",
        "system_assigned", "user_assigned", "workload_identity", "service_principal", "service_account",
    };

    /// <summary>Whether a value is empty, a word for yes, no, nothing or a kind of login, or a placeholder.</summary>
    public static bool IsOne(string value)
    {
        string text = value.Trim();
        return text.Length == 0 || text is "*" or "**" || (text[0] == '<' && text[text.Length - 1] == '>') || Words.Contains(text)
            || (text[text.Length - 1] == '}' && Pattern.Placeholder.IsMatch(text));
    }

    /// <summary>Whether a value under a secret's name is a code such as EUR, or a sample in a schema that is a word.</summary>
    public static bool IsCodeOrSample(string name, string value) =>
        Pattern.Code.IsMatch(value)
        || (Samples.Any(s => name.EndsWith("." + s, StringComparison.Ordinal)) && Pattern.Word.IsMatch(value));

    /// <summary>
    /// Whether the long value of a header, whose name is no secret's, is plain by its form: an address or JSON with words in it, or a model under
    /// its name.
    /// </summary>
    public static bool IsPlainForm(string name, string value) => value[0] is '{' or '[' ? IsPlainJson(value)
        : Pattern.Address.IsMatch(value) ? IsPlainAddress(value)
        : Pattern.Model.IsMatch(name) && Pattern.ModelWord.IsMatch(value)
            && !SecretRule.LooksLikeKey(value) && !SecretRule.HoldsPastedKey(value);

    private static bool IsPlainAddress(string value) => !SecretAddress.IsIn(value)
        && !Pattern.QueryName.Matches(value).Cast<Match>().Any(m => MayNameKey(m.Groups["name"].Value))
        && NameShape.IsPlain(value.Replace("%20", " ").Replace('?', '/').Replace('&', '/'));

    // Under these, a word may be a key.
    private static bool MayNameKey(string name) => SecretRule.IsNameInQuery(name) || Pattern.Personal.IsMatch(name);

    private static bool IsPlainJson(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return IsPlain(json.RootElement, "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // A text that is called as a secret names the one beside it.
    private static bool IsPlain(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().All(p =>
            !SecretRule.IsKeyAsName(p.Name) && !(p.Value.ValueKind == JsonValueKind.String && MayNameKey(p.Name))
                && IsPlain(p.Value, SecretRule.NameIn(name, p.Name))),
        JsonValueKind.Array => json.EnumerateArray().All(item => IsPlain(item, name)),
        JsonValueKind.String => json.GetString()! is var text && text.IndexOf(':') < 0 && !SecretRule.MayHoldInHeader(name, text) && !SecretRule.IsName(text),
        JsonValueKind.Number => !SecretRule.MayHoldNumber(name, json.GetRawText()) && !SecretRule.IsOpaque(json.GetRawText()),
        _ => true,
    };

    /// <summary>What a sample in the schema of a secret is called, so that its value is known as one; null for another property.</summary>
    public static string? SampleOf(string secret, string property) =>
        !Samples.Contains(property) ? null : secret.EndsWith("." + property, StringComparison.Ordinal) ? secret : $"{secret}.{property}";

    /// <summary>A value in JSON within a text without what is to be filled in, such as the token in "Bearer &lt;token&gt;".</summary>
    public static string WithoutPlaceholders(string value) => value.IndexOf('<') < 0 ? value : Pattern.Angles.Replace(value, "");

    // Apart, so that what works without them, as the first request does, does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex Code = new(@"^[A-Z]{2,4}\z", RegexOptions.CultureInvariant);
        public static readonly Regex Word = new(@"^[A-Za-z]?[a-z]{1,19}\z", RegexOptions.CultureInvariant);
        public static readonly Regex Address = new(
            @"^https?://[\w.~:/-]+(?:\?[\w.-]+=(?:[\w.-]|%20)*(?:&[\w.-]+=(?:[\w.-]|%20)*)*)?(?:#[\w.-]*)?\z",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Personal = new(
            @"^(?:s|sess|session|user|login)?[-_]?(?:id|session|login|user|username)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex QueryName = new("[?&#;](?<name>[^=&#?;]*)", RegexOptions.CultureInvariant);
        public static readonly Regex Model = new(
            @"(?:^|[-_.])models?(?:[-_](?:name|id|deployment|version))?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        // OpenRouter names the variant of a model behind a colon, Ollama its size.
        public static readonly Regex ModelWord = new(
            @"^(?=[^:]*[a-z]{4})[^:\s]+(?::(?:free|beta|nitro|online|thinking|extended|exacto|floor|latest|\d{1,4}[bB](?:-[a-z0-9_-]{1,20})?))?\z",
            RegexOptions.CultureInvariant);
        public static readonly Regex Angles = new("<[^<>]*>", RegexOptions.CultureInvariant);
        public static readonly Regex Placeholder = new(
            @"^(?:[A-Za-z-]{1,12}\s+)?(?:\{\{[^{}]*\}\}|\$\{\{[^{}]*\}\}|\$\{env:[^{}]*\})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
