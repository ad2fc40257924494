using System;
using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>The key has not been changed for long.</summary>
internal sealed class KeyOldRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The key is older than -MaximumKeyAgeDays (90): the connection was not changed since then, so neither was its key.";

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
                "Make a new key at the provider and rotate to it: Update-ConnectionKey.",
                changed.Date.AddDays(context.MaximumKeyAgeDays));
        }
    }
}
