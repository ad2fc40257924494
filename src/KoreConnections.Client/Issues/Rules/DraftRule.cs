using System;
using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>A custom API that was never finished.</summary>
internal sealed class DraftRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The status is DRAFT: it is not offered to agents before it is finalized.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (string.Equals(connection.Snapshot.Status, "DRAFT", StringComparison.OrdinalIgnoreCase))
        {
            yield return Issue(connection.Snapshot, "The connection is a draft: it is not offered to agents.", "Finalize it: Set-Connection -Status FINALIZED. Or delete it on the platform's own page.");
        }
    }
}
