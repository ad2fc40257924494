using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>A custom API that is switched off.</summary>
internal sealed class DisabledRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The custom API is switched off (isEnable is false).";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (Setting(connection, "isEnable") is false)
        {
            yield return Issue(connection.Snapshot, "The connection is switched off.", "Switch it on at the platform's own page, or delete it there when nothing needs it: the API can do neither.");
        }
    }
}
