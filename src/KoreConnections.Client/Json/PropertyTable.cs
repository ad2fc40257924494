namespace KoreConnections.Client;

/// <summary>
/// Collects the properties of an object in one pass. The result keeps their order and ignores case; where two names differ by
/// case only, all are kept, distinguished by case. Of a name that comes again, the last value counts. A key in a name is masked.
/// </summary>
internal sealed class PropertyTable
{
    // Ten thousand rows of a listing have none.
    private OrderedDictionary? _properties;

    public void Add(string name, object? value) => (_properties ??= new OrderedDictionary(StringComparer.Ordinal))[name] = value;

    /// <param name="stop">Ends the work when the time of the request is over: each name is searched for keys.</param>
    public JsonTable ToTable(CancellationToken stop = default)
    {
        (string Name, object? Value)[] shown = _properties is null ? [] : [.. Shown(_properties, stop)];
        return Table(shown, StringComparer.OrdinalIgnoreCase) ?? Table(shown, StringComparer.Ordinal)!;
    }

    // Not before all are there: two keys may have the same mask, and are two names.
    private static IEnumerable<(string Name, object? Value)> Shown(OrderedDictionary properties, CancellationToken stop)
    {
        HashSet<string>? taken = null;
        // How often each mask is there: thousands of keys may have the same.
        Dictionary<string, int>? counts = null;
        foreach (DictionaryEntry property in properties)
        {
            stop.ThrowIfCancellationRequested();
            string name = (string)property.Key;
            string masked = SecretMasker.WithoutKeys(name);
            string shown = masked;
            if (masked != name)
            {
                taken ??= new(properties.Keys.Cast<string>(), StringComparer.OrdinalIgnoreCase);
                counts ??= new(StringComparer.OrdinalIgnoreCase);
                while (!taken.Add(shown))
                {
                    counts[masked] = counts.TryGetValue(masked, out int count) ? count + 1 : 2;
                    shown = $"{masked} ({counts[masked]})";
                }
            }

            yield return (shown, property.Value);
        }
    }

    /// <summary>The table; null where two names are one to its comparer.</summary>
    private static JsonTable? Table((string Name, object? Value)[] properties, StringComparer comparer)
    {
        var table = new JsonTable(properties.Length, comparer);
        foreach ((string name, object? value) in properties)
        {
            if (table.Contains(name))
            {
                return null;
            }

            table.Add(name, value);
        }

        return table;
    }
}
