namespace KoreConnections.Commands;

/// <summary>Finds by name: the exact name first, so that <c>GPT [prod]</c> finds itself, then the pattern.</summary>
internal static class NamePattern
{
    /// <summary>What has this name, or else fits this pattern.</summary>
    /// <param name="name">A name or a pattern.</param>
    /// <param name="isPattern">Whether it is a pattern, which may find nothing.</param>
    public static T[] Find<T>(IReadOnlyCollection<T> items, Func<T, string?> nameOf, string name, out bool isPattern)
    {
        isPattern = WildcardPattern.ContainsWildcardCharacters(name);
        T[] matches = items.Where(i => nameOf(i) == name).ToArray();
        if (matches.Length > 0)
        {
            return matches;
        }

        try
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            _ = pattern.IsMatch(""); // only its use shows whether it is one, and there may be no items
            matches = items.Where(i => nameOf(i) is string candidate && pattern.IsMatch(candidate)).ToArray();
        }
        catch (Exception e) when (e is WildcardPatternException or ArgumentException)
        {
            // "GPT [prod" is no pattern, so it is a name; of "a[b-[c]", PowerShell makes an expression that .NET refuses.
            isPattern = false;
        }

        // Last, a name in another case that is no pattern or finds nothing as one.
        return matches.Length > 0 ? matches : items.Where(i => string.Equals(nameOf(i), name, StringComparison.OrdinalIgnoreCase)).ToArray();
    }
}
