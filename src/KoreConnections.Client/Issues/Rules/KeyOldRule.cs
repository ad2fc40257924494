namespace KoreConnections.Client;

/// <summary>The key has not been changed for long.</summary>
internal sealed class KeyOldRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The key is older than -MaximumKeyAgeDays (90): the connection, and so its key, has not been changed since then.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if ((connection.Snapshot.ModifiedOn ?? connection.Snapshot.CreatedOn) is not DateTime changed)
        {
            yield break;
        }

        int days = (int)(context.AsOf - changed).TotalDays;
        if (days > context.MaximumKeyAgeDays)
        {
            yield return Issue(
                connection.Snapshot,
                $"The key is at least {days} days old: the connection was last changed on {ModelLifecycle.Day(changed)}.",
                "Create a new key at the provider, and rotate to it with Update-ConnectionKey.",
                changed.Date.AddDays(context.MaximumKeyAgeDays));
        }
    }
}
