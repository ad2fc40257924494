using System;
using System.Collections.Generic;
using System.Collections.Specialized;

namespace KoreConnections.Client;

/// <summary>
/// Collects the properties of an object in one pass. The result keeps their order and ignores case; where two names differ by
/// case only, all are kept, told apart by case. Of a name that comes again, the last value counts.
/// </summary>
internal sealed class PropertyTable
{
    // Ten thousand rows of a listing have none.
    private List<KeyValuePair<string, object?>>? _properties;
    private Dictionary<string, int> _places = null!;
    private HashSet<string> _names = null!;

    public void Add(string name, object? value)
    {
        if (_properties is null)
        {
            _properties = [];
            _places = new(StringComparer.Ordinal);
            _names = new(StringComparer.OrdinalIgnoreCase);
        }

        if (_places.TryGetValue(name, out int place))
        {
            _properties[place] = new(name, value);
            return;
        }

        _places[name] = _properties.Count;
        _properties.Add(new(name, value));
        _names.Add(name);
    }

    public OrderedDictionary ToDictionary() => Fill(new OrderedDictionary(Count, Comparer));

    public JsonTable ToTable() => Fill(new JsonTable(Count, Comparer));

    private int Count => _properties?.Count ?? 0;

    private StringComparer Comparer => _properties is null || _names.Count == _places.Count ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private T Fill<T>(T table)
        where T : OrderedDictionary
    {
        foreach (KeyValuePair<string, object?> property in _properties ?? [])
        {
            table.Add(property.Key, property.Value);
        }

        return table;
    }
}
