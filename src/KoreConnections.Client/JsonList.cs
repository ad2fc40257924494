namespace KoreConnections.Client;

/// <summary>A list of an answer. Where there is room for a text only, names stand between semicolons, and all else is JSON.</summary>
/// <typeparam name="T">Texts or tables.</typeparam>
internal sealed class JsonList<T>(IEnumerable<T> items) : List<T>(items)
{
    /// <summary>The list in the form that parameters and cells of a CSV file take.</summary>
    public override string ToString() =>
        Count > 0 && this.All(i => i is string text && text.Trim().Length > 0 && text.IndexOf(';') < 0 && text[0] is not ('[' or '{'))
        ? string.Join(";", this)
        : JsonValues.Text(this);
}
