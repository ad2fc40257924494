using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>Names and models with characters that nobody sees.</summary>
internal sealed class HiddenCharactersRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The name or the model begins or ends with white space, or holds a character that nobody sees.";

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        foreach ((string what, string? text) in new[] { ("name", connection.Snapshot.ConnectionName), ("model", connection.Snapshot.Model) })
        {
            string? problem = text is null ? null : SingleLine.Problem(text) ?? (SingleLine.Trim(text) != text ? "begins or ends with white space." : null);
            if (problem is not null)
            {
                yield return Issue(connection.Snapshot, $"The {what} {Shown(text)} {problem.Replace(" Remove it.", "")}", what == "name"
                    ? "Type the name anew on the platform's own page: names that look alike are others to scripts and manifests."
                    : "A provider knows no such model: create a successor with the right one.");
            }
        }
    }
}
