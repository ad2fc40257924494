namespace KoreConnections.Client;

/// <summary>A listing, and whether it is all there is.</summary>
/// <param name="Total">How many the platform says there are.</param>
/// <param name="Gap">What else in the answer shows that there is more, such as <c>nextCursor</c>.</param>
internal sealed record ConnectionList(IReadOnlyList<Connection> Items, long? Total, string? Gap = null)
{
    /// <summary>False when the platform says that there are more.</summary>
    public bool IsComplete => Gap is null && (Total is null || Total <= Items.Count);

    /// <summary>Whether a name that is not in it is absent. Else it is unknown: it may be that of what is not listed, or is listed without a name.</summary>
    public bool ShowsAllNames => IsComplete && Nameless == 0;

    private int Nameless => Items.Count(c => string.IsNullOrEmpty(c.ConnectionName));

    /// <summary>
    /// Each id once, as it was listed first, and as complete as before. What has another name under the same id stays, because nobody knows which
    /// of them is meant.
    /// </summary>
    internal ConnectionList WithoutRepeats()
    {
        var listed = new HashSet<(string, string?)>();
        Connection[] once = [.. Items.Where(c => c.ConnectionId is not { Length: > 0 } id || listed.Add((id, c.ConnectionName)))];
        return once.Length == Items.Count ? this : new ConnectionList(once, Total > Items.Count ? Total : once.Length, Gap);
    }

    /// <summary>What is missing of it, as the beginning of a sentence.</summary>
    internal string Shortfall => Total > Items.Count
        ? $"the platform reports {Total} connections but returned only {Items.Count}"
        : Gap is not null ? $"the platform returned {Items.Count} connections, and its answer shows that there may be more ({Gap})"
        : $"the platform returned {Nameless} of {Items.Count} connections without a name";

    /// <summary>What a person can do about it.</summary>
    internal string Remedy => IsComplete
        ? "Check the connections without a name in the platform's web UI."
        : "Try again. If this persists, the platform limits its listings: contact its support.";
}
