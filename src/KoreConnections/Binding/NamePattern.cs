namespace KoreConnections.Commands;

/// <summary>Finds by name: the exact name first, so that <c>GPT [prod]</c> finds itself, then the pattern.</summary>
internal static class NamePattern
{
    /// <param name="otherwise">What stands for a name that nothing has; a pattern may find nothing.</param>
    public static T[] Find<T>(IReadOnlyCollection<T> items, Func<T, string?> nameOf, string name, Func<T[]>? otherwise = null)
    {
        T[] matches = items.Where(i => nameOf(i) == name).ToArray();
        if (matches.Length > 0)
        {
            return matches;
        }

        WildcardPattern? pattern = Of(name);
        bool isPattern = pattern is not null && WildcardPattern.ContainsWildcardCharacters(name);
        matches = items.Where(i => nameOf(i) is string candidate && pattern?.IsMatch(candidate) == true).ToArray();

        // A name in another case that is no pattern or finds nothing as one.
        matches = matches.Length > 0 ? matches : items.Where(i => string.Equals(nameOf(i), name, StringComparison.OrdinalIgnoreCase)).ToArray();

        // Last, without the white space around it, which a pattern may be about.
        string trimmed = matches.Length > 0 ? name : SingleLine.Trim(name);
        return trimmed.Length == 0 || trimmed == name ? matches.Length > 0 || isPattern || otherwise is null ? matches : otherwise()
            : isPattern ? [.. items.Where(i => nameOf(i) == trimmed)]
            : Find(items, nameOf, trimmed, otherwise);
    }

    /// <summary>A text as a pattern; null where it can be none, as "GPT [prod". Of "a[b-[c]", PowerShell makes an expression that .NET refuses.</summary>
    public static WildcardPattern? Of(string text)
    {
        try
        {
            var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            _ = pattern.IsMatch(""); // only its use shows whether it is one
            return pattern;
        }
        catch (Exception e) when (e is WildcardPatternException or ArgumentException)
        {
            return null;
        }
    }
}
