namespace KoreConnections.Client;

/// <summary>A custom API that is switched off.</summary>
internal sealed class DisabledRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The custom API is disabled (isEnable is false).";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (Setting(connection, "isEnable") is false)
        {
            yield return Issue(
                connection.Snapshot,
                "The connection is disabled.",
                "Enable it in the platform's web UI, or delete it there if nothing needs it. The API can do neither.");
        }
    }
}
