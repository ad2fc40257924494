namespace KoreConnections.Client;

/// <summary>The platform fills <c>{{name}}</c> in a payload. What it cannot fill stays there, and an agent gets nowhere.</summary>
internal static class PayloadPlaceholders
{
    // What is longer is no name.
    private const int LongestName = 80;

    public static Regex Pattern { get; } = new(@"\{\{\s*([^{}\s]+)\s*\}\}", RegexOptions.CultureInvariant);

    public static IEnumerable<string> Names(string text) => Pattern.Matches(text).Cast<Match>().Select(m => m.Groups[1].Value).Distinct();

    /// <summary>What is missing or unknown, a sentence each.</summary>
    public static IEnumerable<string> Remarks(CustomApiSettings settings)
    {
        if (settings.Payload is not JsonElement payload)
        {
            yield break;
        }

        string[] used = [.. Names(payload.GetRawText()).Where(n => n.Length <= LongestName)];
        string[] known = [.. Variable.PromptNames.Values, .. (settings.CustomVariables ?? []).Select(v => v.Name)];
        foreach (string name in used.Except(known))
        {
            string near = SpellingSuggestion.Of(name, known) is string other ? $" Did you mean {{{{{other}}}}}?" : " Declare it with -CustomVariable.";
            yield return $"the payload uses {{{{{TextSanitizer.SingleLine(name, 80)}}}}}, but this connection has no such variable, so it is sent as is.{near}";
        }

        if (!used.Contains("prompt") && (settings.PromptVariables ?? []).Any(v => v.Name == "prompt" && v.IsOn))
        {
            yield return "the payload does not use {{prompt}}, so the API never gets the question of an agent. Put {{prompt}} where the question belongs.";
        }
    }
}
