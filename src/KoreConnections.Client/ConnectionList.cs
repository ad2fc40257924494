namespace KoreConnections.Client;

/// <summary>A listing, and whether it is all there is.</summary>
/// <param name="items">What came.</param>
/// <param name="total">How many the platform says there are, where it says so.</param>
public sealed class ConnectionList(IReadOnlyList<Connection> items, long? total)
{
    /// <summary>What came.</summary>
    public IReadOnlyList<Connection> Items { get; } = items;

    /// <summary>How many the platform says there are.</summary>
    public long? Total { get; } = total;

    /// <summary>False when the platform says that there are more: a name that is not in it is then unknown, not absent.</summary>
    public bool IsComplete => Total is null || Total <= Items.Count;

    /// <summary>What is missing of it, as the beginning of a sentence.</summary>
    internal string Shortfall => $"the platform reports {Total} connections but returned only {Items.Count}";
}
