namespace KoreConnections.Client;

/// <summary>The platform fills <c>{{name}}</c> in a payload. What it cannot fill stays there, and an agent gets nowhere.</summary>
internal static class PayloadPlaceholders
{
    // What is longer is no name.
    private const int LongestName = 80;

    private const string NoQuestion = "so the API never gets the question of an agent. Put {{prompt}} where the question belongs.";

    public static Regex Pattern { get; } = new(@"\{\{\s*([^{}\s]+)\s*\}\}", RegexOptions.CultureInvariant);

    public static IEnumerable<string> Names(string text) => Pattern.Matches(text).Cast<Match>().Select(m => m.Groups[1].Value).Distinct();

    /// <summary>Refuses what a pipeline or a shell did not fill in a payload, or in a variable's default, that somebody gave.</summary>
    /// <param name="at">Where the JSON is within the parameter's value.</param>
    /// <param name="name">What says what the JSON is: the variable's name.</param>
    public static void RefuseLeftovers(JsonElement json, string parameter, string at = "", string name = "")
    {
        foreach ((string place, string left, _) in Leftovers(json, at, name).Where(l => l.IsCertain))
        {
            throw Guard.Invalid(
                parameter,
                $"contains '{SecretMasker.Quote(left)}' {place}, which a pipeline or a shell did not replace. Specify its value. "
                    + "If the API needs the text as it is, put it into a manifest, and use Sync-Connection.");
        }
    }

    /// <summary>What is missing, unknown or left over, a sentence each. What a change does not bring, the connection has.</summary>
    /// <param name="there">The connection that is changed, as far as it is known.</param>
    public static IEnumerable<string> Remarks(CustomApiSettings settings, Connection? there = null)
    {
        foreach ((string place, string left, _) in LeftoversOf(settings).Where(l => !IsOfManifest(l.Text)))
        {
            yield return $"the payload contains '{SecretMasker.Quote(left)}' {place}, which looks like a variable that a pipeline or a shell "
                + "did not replace. If so, specify its value.";
        }

        JsonString[] texts = [.. PayloadOf(settings, there) is JsonElement payload ? JsonString.In(payload) : []];
        string[] used = [.. texts.SelectMany(t => Names(t.Text)).Distinct().Where(n => n.Length <= LongestName)];
        foreach (string unfilled in Unfilled(settings, there, used))
        {
            yield return unfilled;
        }

        if (settings.Payload is null)
        {
            yield break;
        }

        foreach (string malformed in texts.SelectMany(t => Malformed.Matches(t.Text).Cast<Match>()).Select(m => m.Value).Distinct())
        {
            yield return $"the payload contains {TextSanitizer.SingleLine(malformed, LongestName)}, which is not a variable in two braces. "
                + "Write a name without spaces, such as {{prompt}}.";
        }

        foreach ((string half, string name) in Halves(texts, settings, there, used))
        {
            yield return $"the payload contains {TextSanitizer.SingleLine(half, LongestName)}, which is not a variable in two braces. Write {Shown(name)}.";
        }

        bool isOn = settings.PromptVariables?.Any(v => v.Name == "prompt" && v.IsOn) ?? true;
        if (isOn && !texts.Any(t => !t.IsName && Names(t.Text).Contains("prompt")))
        {
            yield return used.Contains("prompt")
                ? $"the payload uses {{{{prompt}}}} only in the name of a property, {NoQuestion}"
                : $"the payload does not use {{{{prompt}}}}, {NoQuestion}";
        }
    }

    // Of a change of the variables alone, the one that uses them is there.
    private static JsonElement? PayloadOf(CustomApiSettings settings, Connection? there) => settings.Payload
        ?? (there is not null && (settings.CustomVariables ?? settings.PromptVariables) is not null
            && ActualValues.Of(there, CustomApiFields.Payload) is IDictionary payload ? JsonValues.Write(payload) : null);

    private static IEnumerable<string> Unfilled(CustomApiSettings settings, Connection? there, string[] used)
    {
        IReadOnlyList<string>? custom = settings.CustomVariables?.Select(v => v.Name).ToArray() ?? NamesOf(there, CustomApiFields.CustomVariable);
        string[] known = [.. Variable.PromptNames.Values, .. custom ?? []];
        foreach (string name in used.Except(known))
        {
            string? near = SpellingSuggestion.Of(name, known) is string other ? $" Did you mean {{{{{other}}}}}?" : null;
            if (settings.CustomVariables is not null || (custom is not null && near is null))
            {
                yield return $"the payload uses {Shown(name)}, but this connection has no such variable, so it is sent as is."
                    + (near ?? " Declare it with -CustomVariable.");
            }
            else if (near is not null)
            {
                yield return $"the payload uses {Shown(name)}, which may be misspelt.{near}";
            }
        }

        // No platform shows none of the three: an empty list says nothing of them.
        IReadOnlyList<string>? on = settings.PromptVariables?.Where(v => v.IsFilled).Select(v => v.Name).ToArray()
            ?? (NamesOf(there, CustomApiFields.PromptVariable) is { Count: > 0 } names ? names : null);
        foreach (string name in on is null ? [] : used.Intersect(Variable.PromptNames.Values).Except(on))
        {
            yield return $"the payload uses {Shown(name)}, which is switched off for this connection, so it is sent as is. Switch it on with -PromptVariable.";
        }
    }

    /// <summary>The variables that a connection has, without those that are off; null where it does not show them.</summary>
    private static IReadOnlyList<string>? NamesOf(Connection? there, ConnectionField field)
    {
        IDictionary[]? variables = there is null ? null : ActualValues.Tables(ActualValues.Of(there, field))?.ToArray();
        string?[]? names = variables?.Select(v => ActualValues.Text(v, "name")).ToArray();
        return names?.Any(n => n is null || SecretMasker.IsMasked(n.AsSpan())) != false ? null
            : [.. variables!.Where(v => ActualValues.IsTrue(v["status"]) != false).Select(v => ActualValues.Text(v, "name")!)];
    }

    // Nothing, names with spaces, or a third brace that belongs to nothing else. Templates of other tools and LaTeX have marks beside the name.
    private static readonly Regex Malformed = new(
        @"(?<![\w{}])\{{3}\s*\w+\s*\}{3}(?!\})|(?<!\{)\{\{(?:\s*|\s*[A-Za-z_]\w*(?:[ \t]+[A-Za-z_]\w*)+\s*)\}\}", RegexOptions.CultureInvariant);

    // Braces are common in JSON, code, LaTeX and templates. A brace is missing for certain where the name is a variable's, and the text
    // has more of one brace than of the other; or where a variable of this connection is in single braces, and nowhere in two.
    private static IEnumerable<(string Half, string Name)> Halves(JsonString[] texts, CustomApiSettings settings, Connection? there, string[] used)
    {
        string[] declared =
        [
            .. settings.CustomVariables?.Select(v => v.Name) ?? NamesOf(there, CustomApiFields.CustomVariable) ?? [],
            .. settings.PromptVariables?.Where(v => v.IsFilled).Select(v => v.Name) ?? [],
        ];
        return from text in texts.Select(t => t.Text)
               let surplus = text.Count(c => c == '{') - text.Count(c => c == '}')
               from Match half in Half.Matches(text)
               let name = half.Groups["name"].Value
               where half.Groups["single"].Success ? declared.Except(used).Contains(name)
                   : (half.Groups["open"].Success ? surplus > 0 : surplus < 0) && (declared.Contains(name) || Variable.PromptNames.Values.Contains(name))
               group name by half.Value.Trim() into same
               select (same.Key, same.First());
    }

    private static readonly Regex Half = new(
        @"(?<![\w{}\]\\$#@%)+*?^|])(?:(?<open>\{\{)(?>[ \t]*)(?<name>(?>[^{}\s]+))(?>[ \t]*)(?:\}(?!\})|(?=(?>[^{}]*)(?:\z|\{)))"
            + @"|\{(?>[ \t]*)(?<name>(?>[^{}\s]+))(?>[ \t]*)(?:\}\}(?!\})|(?<single>\})(?!\})))",
        RegexOptions.CultureInvariant);

    private static string Shown(string name) => $"{{{{{TextSanitizer.SingleLine(name, LongestName)}}}}}";

    // Where it is escaped, a manifest means the text itself.
    private static bool IsOfManifest(string left) => left.StartsWith("${env:", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Place, string Text, bool IsCertain)> LeftoversOf(CustomApiSettings settings) =>
    [
        .. settings.Payload is JsonElement payload ? Leftovers(payload) : [],
        .. (settings.CustomVariables ?? []).SelectMany(v => v.Default is JsonElement value ? Leftovers(value, v.DefaultPlace, v.Name) : []),
    ];

    private static IEnumerable<(string Place, string Text, bool IsCertain)> Leftovers(JsonElement json, string at = "", string name = "") =>
        from text in JsonString.In(json, at, name)
        where !text.IsName
        let left = UnfilledPlaceholder.FindInPayload(text.Text, text.Name)
        where left is not null
        select ($"at '{TextSanitizer.SingleLine(text.Place.TrimStart('.'), 200)}'", left, UnfilledPlaceholder.IsCertain(left, text.Text));
}
