namespace KoreConnections;

/// <summary>A property that differs. Keys are shown as masks.</summary>
public sealed class ConnectionDifference
{
    /// <summary>The property by the manifest's name, such as <c>payload.max_tokens</c>.</summary>
    public string Property { get; internal set; } = "";

    /// <summary>What the platform returns, or null where it has none.</summary>
    public string? Old { get; internal set; }

    /// <summary>What the manifest says, or null where it has none.</summary>
    public string? New { get; internal set; }

    /// <summary>Both on one line.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{Property}: {Old ?? "(none)"} -> {New ?? "(none)"}");
}
