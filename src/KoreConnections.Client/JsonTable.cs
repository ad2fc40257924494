using System.Collections.Specialized;

namespace KoreConnections.Client;

/// <summary>A table of an answer. Where there is room for a text only, as in a cell of a CSV file, it is JSON.</summary>
internal sealed class JsonTable(int capacity, StringComparer comparer) : OrderedDictionary(capacity, comparer)
{
    public override string ToString() => JsonValues.Text(this);
}
