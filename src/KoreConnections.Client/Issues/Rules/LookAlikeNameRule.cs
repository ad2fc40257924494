namespace KoreConnections.Client;

/// <summary>Names that a person cannot distinguish.</summary>
internal sealed class LookAlikeNameRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "Another connection has the same name, or one that differs only in case, white space or composed letters.";

    public override IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context) => connections
        .Where(c => c.Snapshot.ConnectionName is not null)
        .GroupBy(c => SingleLine.Comparable(c.Snapshot.ConnectionName!), StringComparer.Ordinal)
        .SelectMany(group => IssueForEach(
            [.. group],
            c => $"{Shown(c.ConnectionName)} ({TextSanitizer.SingleLine(c.ConnectionId, 60)})",
            others => $"The name looks like the name of {others}.",
            "Rename one of them in the platform's web UI: agents and manifests find connections by name."));
}
