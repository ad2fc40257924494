namespace KoreConnections.Client;

/// <summary>What rules found among connections, and what was not looked at.</summary>
/// <param name="Rules">The rules that were checked; null where somebody else chose the findings.</param>
/// <param name="Issues">The findings, the gravest and most urgent first.</param>
/// <param name="Gaps">What could not be examined, a sentence each.</param>
internal sealed record Examination(
    IReadOnlyList<ExaminedConnection> Connections, IReadOnlyList<IssueRule>? Rules, IReadOnlyList<ConnectionIssue> Issues, IssueContext Context,
    IReadOnlyList<string> Gaps)
{
    public IssueSeverity MinimumSeverity { get; init; }
}
