namespace KoreConnections.Client;

/// <summary>
/// Collects the properties of an object in one pass. The result keeps their order and ignores case; where two names differ by
/// case only, all are kept, distinguished by case. Of a name that comes again, the last value counts.
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

    public JsonTable ToTable()
    {
        var table = new JsonTable(_properties?.Count ?? 0, Comparer);
        foreach (KeyValuePair<string, object?> property in _properties ?? [])
        {
            table.Add(property.Key, property.Value);
        }

        return table;
    }

    private StringComparer Comparer => _properties is null || AreApartWithoutCase(_properties) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private static bool AreApartWithoutCase(List<KeyValuePair<string, object?>> properties)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return properties.All(p => names.Add(p.Key));
    }

    private int? PlaceOf(string name)
    {
        if (_properties!.Count > Few)
        {
            _places ??= Enumerable.Range(0, _properties.Count).ToDictionary(i => _properties[i].Key, StringComparer.Ordinal);
            return _places.TryGetValue(name, out int place) ? place : null;
        }

        int found = _properties.FindIndex(p => p.Key == name);
        return found < 0 ? null : found;
    }
}
