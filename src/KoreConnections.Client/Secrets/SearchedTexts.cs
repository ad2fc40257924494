namespace KoreConnections.Client;

/// <summary>
/// Which keys the texts of failures were searched for without finding one. A thousand items of a pipeline fail with the same text, and each
/// failure is searched for the keys of all.
/// </summary>
internal sealed class SearchedTexts
{
    // Where each text is another one, nothing is gained by keeping them.
    private const int MaxTexts = 16;

    // What is looked for depends on whether a key is known to be right.
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(Secret, bool IsChecked), bool>> _keys = new(StringComparer.Ordinal);

    /// <summary>Those of the keys that a text was not searched for yet.</summary>
    public IReadOnlyCollection<Secret> Without(string text, IReadOnlyCollection<Secret> keys) =>
        _keys.TryGetValue(text, out var searched) ? [.. keys.Where(k => !searched.ContainsKey((k, k.IsChecked)))] : keys;

    /// <summary>Notes that a text holds none of the keys.</summary>
    public void Add(string text, IReadOnlyCollection<Secret> keys)
    {
        if (_keys.Count >= MaxTexts && !_keys.ContainsKey(text))
        {
            _keys.Clear();
        }

        var searched = _keys.GetOrAdd(text, static _ => new());
        foreach (Secret key in keys)
        {
            searched[(key, key.IsChecked)] = true;
        }
    }
}
