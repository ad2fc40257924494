namespace KoreConnections.Client;

/// <summary>A table of an answer. Where there is room for a text only, as in a cell of a CSV file, it is JSON.</summary>
internal sealed class JsonTable(int capacity, StringComparer comparer) : OrderedDictionary(capacity, comparer)
{
    /// <summary>Whether a key that the request knew was taken out of it: a mask in it stands for that key.</summary>
    internal bool IsRedacted { get; set; }

    public override string ToString() => JsonValues.Text(this);
}
