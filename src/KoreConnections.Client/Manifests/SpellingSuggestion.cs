namespace KoreConnections.Client;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
internal static class SpellingSuggestion
{
    private const int Longest = 40;
    private const int ShortestWord = 3;

    /// <summary>The nearest of the names, or null when none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> names)
    {
        if (typed.Length is 0 or > Longest)
        {
            return null;
        }

        string letters = Letters(typed);
        if (names.FirstOrDefault(n => string.Equals(Letters(n), letters, StringComparison.OrdinalIgnoreCase)) is string same)
        {
            return same;
        }

        // A third of the letters may differ; more is another word, unless it is a whole word of the name.
        (string? name, int distance) = names
            .Select(n => (Name: (string?)n, Distance: Distance(typed.ToLowerInvariant(), n.ToLowerInvariant())))
            .OrderBy(n => n.Distance)
            .FirstOrDefault();
        return name is not null && distance <= Math.Max(1, Math.Max(typed.Length, name.Length) / 3) ? name
            : letters.Length < ShortestWord ? null
            : names
                .Where(n => n.Length > letters.Length && n.EndsWith(letters, StringComparison.OrdinalIgnoreCase) && char.IsUpper(n[n.Length - letters.Length]))
                .OrderBy(n => n.Length)
                .FirstOrDefault();
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit));

    // Letters added, left out, changed, or swapped with their neighbour.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
