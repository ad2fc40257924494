namespace KoreConnections.Client;

/// <summary>
/// Collects the properties of an object in one pass. The result keeps their order and ignores case; where two names differ by
/// case only, all are kept, distinguished by case. Of a name that comes again, the last value counts. A key in a name is masked.
/// </summary>
internal sealed class PropertyTable
{
    // So many are compared faster than they are hashed.
    private const int Few = 12;

    // Ten thousand rows of a listing have none.
    private List<KeyValuePair<string, object?>>? _properties;
    private Dictionary<string, int>? _places;

    public void Add(string name, object? value)
    {
        _properties ??= [];
        if (PlaceOf(name) is int place)
        {
            _properties[place] = new(name, value);
            return;
        }

        _places?.Add(name, _properties.Count);
        _properties.Add(new(name, value));
    }

    /// <param name="stop">Ends the work when the time of the request is over: each name is searched for keys.</param>
    public JsonTable ToTable(CancellationToken stop = default)
    {
        MaskNames(stop);
        return ToTable(StringComparer.OrdinalIgnoreCase) ?? ToTable(StringComparer.Ordinal)!;
    }

    // Not before all are there: two keys may have the same mask, and are two names.
    private void MaskNames(CancellationToken stop)
    {
        HashSet<string>? taken = null;
        // How often each mask is there: thousands of keys may have the same.
        Dictionary<string, int>? counts = null;
        for (int i = 0; i < _properties?.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            string name = _properties[i].Key;
            string masked = SecretMasker.WithoutKeys(name);
            if (masked == name)
            {
                continue;
            }

            taken ??= new(_properties.Select(p => p.Key), StringComparer.OrdinalIgnoreCase);
            counts ??= new(StringComparer.OrdinalIgnoreCase);
            string shown = masked;
            while (!taken.Add(shown))
            {
                counts[masked] = counts.TryGetValue(masked, out int count) ? count + 1 : 2;
                shown = $"{masked} ({counts[masked]})";
            }

            _properties[i] = new(shown, _properties[i].Value);
        }
    }

    /// <summary>The table; null where two names are one to its comparer.</summary>
    private JsonTable? ToTable(StringComparer comparer)
    {
        var table = new JsonTable(_properties?.Count ?? 0, comparer);
        for (int i = 0; i < _properties?.Count; i++)
        {
            if (table.Contains(_properties[i].Key))
            {
                return null;
            }

            table.Add(_properties[i].Key, _properties[i].Value);
        }

        return table;
    }

    private int? PlaceOf(string name)
    {
        if (_properties!.Count > Few)
        {
            _places ??= Enumerable.Range(0, _properties.Count).ToDictionary(i => _properties[i].Key, StringComparer.Ordinal);
            return _places.TryGetValue(name, out int place) ? place : null;
        }

        for (int i = 0; i < _properties.Count; i++)
        {
            if (_properties[i].Key == name)
            {
                return i;
            }
        }

        return null;
    }
}
