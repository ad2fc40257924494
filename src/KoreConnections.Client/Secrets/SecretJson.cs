namespace KoreConnections.Client;

/// <summary>Finds the keys in texts that are or have JSON, by the names of their properties. The sandbox compiles this file too.</summary>
internal static class SecretJson
{
    // JSON in a text of JSON in a text: nobody who means well goes further.
    private const int DeepestText = 8;

    // A text ends where its quotation mark comes again with as many backslashes: JSON may hold JSON as text.
    private static readonly Regex Pair = new(
        @"""(?<name>[^""]{1,80})""\s*:\s*(?<quote>\\*"")(?<value>.*?)(?:(?<!\\)\k<quote>|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>A text with something else instead of the keys in its JSON, also in JSON that is a text of it.</summary>
    /// <param name="replacement">What stands for a key, by its text.</param>
    /// <param name="isKey">Whether a value is one, by its name and its text; null for the rule of the values there.</param>
    public static string Replace(string text, Func<string, string> replacement, Func<string, string, bool>? isKey = null) =>
        text.IndexOf('"') < 0 ? text : Replace(text, replacement, isKey ?? SecretRule.MayHoldInText, 0);

    /// <summary>The keys themselves.</summary>
    public static IEnumerable<string> In(string text, Func<string, string, bool>? isKey = null)
    {
        var found = new List<string>();
        Replace(text, key => { found.Add(key); return key; }, isKey);
        return found;
    }

    private static string Replace(string text, Func<string, string> replacement, Func<string, string, bool> isKey, int depth) =>
        Pair.Replace(text, pair =>
        {
            Group value = pair.Groups["value"];
            int at = value.Index - pair.Index;
            string shown = isKey(pair.Groups["name"].Value.TrimEnd('\\'), value.Value) ? replacement(value.Value)
                : value.Value.IndexOf('"') < 0 ? value.Value
                : depth < DeepestText ? Replace(value.Value, replacement, isKey, depth + 1)
                : replacement(value.Value);
            return pair.Value.Substring(0, at) + shown + pair.Value.Substring(at + value.Length);
        });
}
