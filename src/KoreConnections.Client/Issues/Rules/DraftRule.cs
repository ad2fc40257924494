namespace KoreConnections.Client;

/// <summary>A custom API that was never finished.</summary>
internal sealed class DraftRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The status is DRAFT: agents cannot use it until it is finalized.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (string.Equals(connection.Snapshot.Status, "DRAFT", StringComparison.OrdinalIgnoreCase))
        {
            yield return Issue(
                connection.Snapshot,
                "The connection is a draft, so agents cannot use it.",
                "Finalize it with Set-Connection -Status FINALIZED, or delete it in the platform's web UI.");
        }
    }
}
