namespace KoreConnections.Client;

/// <summary>Names and models with characters that nobody sees.</summary>
internal sealed class HiddenCharactersRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The name or the model begins or ends with white space, or contains an invisible character.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        foreach ((string what, string? text) in new[] { ("name", connection.Snapshot.ConnectionName), ("model", connection.Snapshot.Model) })
        {
            string? problem = text is null ? null : SingleLine.Problem(text) ?? (SingleLine.Trim(text) != text ? "begins or ends with white space." : null);
            if (problem is not null)
            {
                yield return Issue(connection.Snapshot, $"The {what} {Shown(text)} {problem.Replace(" Remove it.", "")}", what == "name"
                    ? "Retype the name in the platform's web UI: scripts and manifests do not find a name that only looks the same."
                    : "No provider has a model with this name. Create a new connection with the correct model.");
            }
        }
    }
}
