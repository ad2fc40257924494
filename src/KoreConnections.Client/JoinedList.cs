using System.Collections.ObjectModel;

namespace KoreConnections.Client;

/// <summary>
/// A list of what is found out here. Where there is room for a text only, such as a cell of a CSV file, its items stand between semicolons.
/// It is no <c>List</c>, whose own ForEach would run instead of PowerShell's.
/// </summary>
internal sealed class JoinedList<T>(IEnumerable<T> items) : ReadOnlyCollection<T>([.. items])
{
    /// <summary>The count, by the name that it has of arrays.</summary>
    public int Length => Count;

    public override string ToString() => string.Join("; ", this);
}
