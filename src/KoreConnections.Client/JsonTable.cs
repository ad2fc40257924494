using System.Collections.Specialized;

namespace KoreConnections.Client;

/// <summary>A table of an answer. Where there is room for a text only, as in a cell of a CSV file, it is JSON.</summary>
internal sealed class JsonTable(int capacity, StringComparer comparer) : OrderedDictionary(capacity, comparer)
{
    public override string ToString() => JsonValues.Text(this);

    public static JsonTable Of(IEnumerable<KeyValuePair<string, object?>> properties)
    {
        var table = new PropertyTable();
        foreach (KeyValuePair<string, object?> property in properties)
        {
            table.Add(property.Key, property.Value);
        }

        return table.ToTable();
    }
}
