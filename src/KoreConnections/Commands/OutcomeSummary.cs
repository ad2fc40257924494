namespace KoreConnections.Commands;

/// <summary>Counts what became of the items of a pipeline, for its last verbose line.</summary>
internal sealed class OutcomeSummary
{
    public const string Failed = "failed";

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The counts, or null where all failed: the errors say so, and PowerShell adds bound parameters to a line, of which one may be a key.</summary>
    public string? Text => _counts.Keys.Any(outcome => outcome != Failed) ? string.Join(", ", _counts.Select(o => $"{o.Value} {o.Key}")) : null;

    /// <param name="outcome">A word, such as <c>created</c>; of an enumeration's value its words.</param>
    public void Add(string outcome)
    {
        string words = Phrases.Words(outcome).ToLowerInvariant();
        _counts[words] = (_counts.TryGetValue(words, out int count) ? count : 0) + 1;
    }
}
