namespace KoreConnections.Client;

/// <summary>The provider will shut the model down soon.</summary>
internal sealed class ModelRetiringRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The provider retires the model within -WithinDays (90).";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (connection.Lifecycle(context) is { } life && life.StatusOn(context.Day) == ModelStatus.Retiring && life.EndsWithin(context.Day, context.WithinDays))
        {
            ConnectionIssue issue = Issue(connection.Snapshot, life.Describe(context.Day), life.Advice(connection.Snapshot.Provider), life.RetiresOn);
            issue.Replacement = life.Replacement;
            yield return issue;
        }
    }
}
