using System;
using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>The platform does not use the connection.</summary>
internal sealed class InactiveRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The status is INACTIVE: no agent gets an answer through it.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (string.Equals(connection.Snapshot.Status, "INACTIVE", StringComparison.OrdinalIgnoreCase))
        {
            yield return Issue(connection.Snapshot, "The connection is inactive: no agent gets an answer through it.", "Activate it on the platform's own page, or delete it there when nothing needs it.");
        }
    }
}
