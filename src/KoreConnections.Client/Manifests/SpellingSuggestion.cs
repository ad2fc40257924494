namespace KoreConnections.Client;

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
        string lower = typed.ToLowerInvariant();
        string? near = names
            .Select(n => (Name: n, Distance: Distance(lower, n.ToLowerInvariant(), Math.Max(1, Math.Max(typed.Length, n.Length) / 3))))
            .Where(n => n.Distance is not null)
            .OrderBy(n => n.Distance)
            .FirstOrDefault().Name;
        return near is not null ? near
            : letters.Length < ShortestWord ? null
            : names
                .Where(n => n.Length > letters.Length && n.EndsWith(letters, StringComparison.OrdinalIgnoreCase) && char.IsUpper(n[n.Length - letters.Length]))
                .OrderBy(n => n.Length)
                .FirstOrDefault();
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit));

    // Letters added, left out, changed, or swapped with their neighbour; null for more than the limit.
    private static int? Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
        {
            return null;
        }

        (int[] before, int[] above, int[] row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (int i = 0; i <= a.Length; i++)
        {
            (before, above, row) = (above, row, before);
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = i == 0 ? j : Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[b.Length] <= limit ? row[b.Length] : null;
    }
}
