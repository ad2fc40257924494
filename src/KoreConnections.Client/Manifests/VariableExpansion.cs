namespace KoreConnections.Client;

/// <summary>
/// Fills in <c>${env:NAME}</c>, also within <c>${{ }}</c> and <c>{{ }}</c>, marks of pipelines and payloads that are left
/// as they are. <c>$${env:</c> stands for the text itself.
/// </summary>
internal static class VariableExpansion
{
    /// <summary>How each begins, as a regular expression: for the schema, too.</summary>
    public const string Start = @"\$\{env:";

    private const RegexOptions AnyCase = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly Regex Pattern = new($@"(?<escaped>\${Start})|{Start}(?<name>[^}}\r\n]*)(?<end>\}})?", AnyCase);
    private static readonly Regex Opening = new(Start, AnyCase);
    private static readonly Regex Name = new(@"^[^\s=:${}]+\z", RegexOptions.CultureInvariant);

    /// <summary>The text with its variables filled in, and what they were; null for none.</summary>
    public static (string Text, Substituted? Origin) Apply(string text, Func<string, string?> environment, Action<string> problem, bool allowsUnset = false)
    {
        if (text.IndexOf("${", StringComparison.Ordinal) < 0)
        {
            return (text, null);
        }

        var values = new List<SubstitutedValue>();
        string result = Pattern.Replace(text, match =>
        {
            if (match.Groups["escaped"].Success)
            {
                return match.Value.Substring(1);
            }

            string name = match.Groups["name"].Value;
            if (!match.Groups["end"].Success || !Name.IsMatch(name))
            {
                problem("contains '${env:' without a variable name and a closing brace. Use ${env:NAME}. To write the characters themselves, use $${env:.");
                return match.Value;
            }

            string shown = TextSanitizer.SingleLine(name, 100);
            string? value = environment(name);
            if (value?.Length > Secret.MaxLength)
            {
                problem($"refers to the environment variable '{shown}', which has {value.Length} characters. Use a value of at most {Secret.MaxLength}.");
                return match.Value;
            }

            if (value?.Length > 0)
            {
                values.Add(new SubstitutedValue(match.Value, Secret.FromPlainText(value)));
                return value;
            }

            string unset = $"refers to the environment variable '{shown}', which is not set or empty.";
            if (allowsUnset)
            {
                var unresolved = Secret.Unresolved(KoreException.InvalidInput("Path", unset));
                values.Add(new SubstitutedValue(match.Value, unresolved));
                return unresolved.Read(standIn => standIn.ToString());
            }

            problem(unset);
            return match.Value;
        });
        return (result, values.Count == 0 ? null : new Substituted(text, values));
    }

    public static string Unescape(string text) => Apply(text, _ => null, _ => { }).Text;

    /// <summary>The text as it has to be written to be read back as it is.</summary>
    public static string Escape(string text) => Opening.Replace(text, static match => "$" + match.Value);

    /// <summary>Whether a text has a variable that is not escaped.</summary>
    public static bool IsIn(string text) => Regex.IsMatch(text, $@"(?<!\$){Start}", AnyCase);

    /// <summary>Whether a text may be what another with variables becomes: they and a reference may lead to anything.</summary>
    public static bool Fits(string written, string text)
    {
        if (!IsIn(written) || SecretReference.Parse(text.AsSpan()).IsReference)
        {
            return IsIn(written);
        }

        string[] parts = [.. Regex.Split(written, $@"(?<!\$){Start}[^}}]*\}}", AnyCase).Select(Unescape)];
        int at = parts[0].Length;
        foreach (string part in parts.Skip(1).Take(parts.Length - 2))
        {
            int found = at > text.Length ? -1 : text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return text.Length >= at + parts[^1].Length
            && text.StartsWith(parts[0], StringComparison.Ordinal) && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    /// <summary>What was written beside the variables.</summary>
    public static string Without(string written) => Regex.Replace(written, $@"{Start}[^}}]*\}}", "", AnyCase).Trim();
}
