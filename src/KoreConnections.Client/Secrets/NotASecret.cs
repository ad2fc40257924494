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
        return text.Length == 0 || (text[0] == '<' && text[text.Length - 1] == '>') || Words.Contains(text)
            || (text[text.Length - 1] == '}' && Pattern.Placeholder.IsMatch(text));
    }

    /// <summary>Whether a value under a secret's name is a code such as EUR, or a sample in a schema that is a word.</summary>
    public static bool IsCodeOrSample(string name, string value) =>
        Pattern.Code.IsMatch(value)
        || (Samples.Any(s => name.EndsWith("." + s, StringComparison.Ordinal)) && Pattern.Word.IsMatch(value));

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
        public static readonly Regex Angles = new("<[^<>]*>", RegexOptions.CultureInvariant);
        public static readonly Regex Placeholder = new(
            @"^(?:[A-Za-z-]{1,12}\s+)?(?:\{\{[^{}]*\}\}|\$\{\{[^{}]*\}\}|\$\{env:[^{}]*\})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
