using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

internal static class NameRules
{
    public static IssueRule LookAlike { get; } = new(
        "LookAlikeName",
        IssueSeverity.Warning,
        "Another connection has the same name, or one that differs only in case, white space or composed letters.",
        (connections, _) => connections
            .Where(c => c.Snapshot.ConnectionName is not null)
            .GroupBy(c => SingleLine.Comparable(c.Snapshot.ConnectionName!), StringComparer.Ordinal)
            .SelectMany(group => IssueForEach(
                group,
                group,
                c => $"{Shown(c.ConnectionName)} ({TextSanitizer.SingleLine(c.ConnectionId, 60)})",
                others => $"The name looks like the name of {others}.",
                "Rename one of them in the platform's web UI: agents and manifests find connections by name.")));

    public static IssueRule HiddenCharacters { get; } = new(
        "HiddenCharacters",
        IssueSeverity.Warning,
        "The name or the model begins or ends with white space, or contains an invisible character.",
        (connections, _) => connections.SelectMany(c => new[]
        {
            Hidden(
                c.Snapshot, "name", c.Snapshot.ConnectionName,
                "Retype the name in the platform's web UI: scripts and manifests do not find a name that only looks the same."),
            Hidden(
                c.Snapshot, "model", c.Snapshot.Model, "No provider has a model with this name. Create a new connection with the correct model."),
        }).OfType<ConnectionIssue>());

    private static ConnectionIssue? Hidden(Connection connection, string what, string? text, string advice)
    {
        string? problem = text is null ? null : SingleLine.Fault(text)?.What ?? (SingleLine.Trim(text) != text ? "begins or ends with white space" : null);
        return problem is null ? null : Issue(connection, $"The {what} {Shown(text)} {problem}.", advice);
    }
}
