namespace KoreConnections.Client;

/// <summary>A listing, and whether it is all there is.</summary>
/// <param name="gap">What else in the answer shows that there is more, such as <c>nextCursor</c>.</param>
public sealed class ConnectionList(IReadOnlyList<Connection> items, long? total, string? gap = null)
{
    /// <summary>What came.</summary>
    public IReadOnlyList<Connection> Items { get; } = items;

    /// <summary>How many the platform says there are.</summary>
    public long? Total { get; } = total;

    /// <summary>False when the platform says that there are more: a name that is not in it is then unknown, not absent.</summary>
    public bool IsComplete => Gap is null && (Total is null || Total <= Items.Count);

    internal string? Gap { get; } = gap;

    /// <summary>What is missing of it, as the beginning of a sentence.</summary>
    internal string Shortfall => Total > Items.Count
        ? $"the platform reports {Total} connections but returned only {Items.Count}"
        : $"the platform returned {Items.Count} connections, and its answer shows that there may be more ({Gap})";
}
