namespace KoreConnections.Client;

/// <summary>The platform does not use the connection.</summary>
internal sealed class InactiveRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The status is INACTIVE: agents get no answers through it.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (string.Equals(connection.Snapshot.Status, "INACTIVE", StringComparison.OrdinalIgnoreCase))
        {
            yield return Issue(
                connection.Snapshot,
                "The connection is inactive, so agents get no answers through it.",
                "Activate it in the platform's web UI, or delete it there if nothing needs it.");
        }
    }
}
