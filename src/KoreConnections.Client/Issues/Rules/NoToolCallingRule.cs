namespace KoreConnections.Client;

/// <summary>A custom API whose tool calling is off.</summary>
internal sealed class NoToolCallingRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "Tool calling is off for the custom API: agents cannot use tools through it, and agentic apps cannot use it.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (ActualValues.On(Setting(connection, "llmFeatures")) is { } on && !IsIn(on, "toolCalling"))
        {
            yield return Issue(
                connection.Snapshot,
                "Tool calling is off, so agentic apps cannot use the connection.",
                "If the API supports it, use Set-Connection -Feature with toolCalling and the features that are on now.");
        }
    }

    private static bool IsIn(IEnumerable<string> on, string feature)
    {
        foreach (string name in on)
        {
            if (name == feature)
            {
                return true;
            }
        }

        return false;
    }
}
