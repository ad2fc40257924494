namespace KoreConnections.Client;

/// <summary>The provider has shut the model down.</summary>
internal sealed class ModelRetiredRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Error;

    public override string Help =>
        "The provider has retired the model: requests to it fail. It is a warning if only the version of an Azure deployment decides.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (connection.Lifecycle(context) is { } life && life.StatusOn(context.Day) == ModelStatus.Retired)
        {
            ConnectionIssue issue = Issue(connection.Snapshot, life.Describe(context.Day), life.Advice(connection.Snapshot.Provider), life.RetiresOn);
            issue.Replacement = life.Replacement;
            issue.SeverityValue = life.IsCertain ? Severity : IssueSeverity.Warning;
            yield return issue;
        }
    }
}
