using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

internal static class StateRules
{
    public static IssueRule Inactive { get; } = OfEach(
        "Inactive",
        IssueSeverity.Warning,
        "The status is INACTIVE: agents get no answers through it.",
        connection => HasStatus(connection, "INACTIVE") ? "The connection is inactive, so agents get no answers through it." : null,
        _ => "Activate it in the platform's web UI, or delete it there if nothing needs it.");

    public static IssueRule Draft { get; } = OfEach(
        "Draft",
        IssueSeverity.Information,
        "The status is DRAFT: agents cannot use it until it is finalized.",
        connection => HasStatus(connection, "DRAFT") ? "The connection is a draft, so agents cannot use it." : null,
        connection => connection.Snapshot.IsCustomApi
            ? "Finalize it with Set-Connection -Status FINALIZED, or delete it in the platform's web UI."
            : "Finalize or delete it in the platform's web UI.");

    public static IssueRule Drift { get; } = new(
        "Drift",
        IssueSeverity.Warning,
        "With -ManifestPath: the platform differs from the manifest, as Compare-Connection shows it.",
        (_, context) => (context.Plan ?? []).Where(i => i.ActionValue is not (PlanAction.InSync or PlanAction.Unmanaged)).Select(item => Issue(
            new Connection { ConnectionName = item.Name, ConnectionId = item.ConnectionId, Provider = item.Provider, Model = item.Model },
            $"{Reason(item)} ({TextSanitizer.SingleLine(Path.GetFileName(item.File), 100)}:{item.Line})",
            item.ActionValue is PlanAction.Create or PlanAction.Update or PlanAction.ChangeKey
                ? "Review the plan with Compare-Connection. Then apply the manifest with Sync-Connection, or correct the manifest."
                : "This needs a manual decision. Compare-Connection shows what the API cannot do.")))
    {
        IsPossible = static context => context.Plan is not null,
    };

    private static bool HasStatus(ExaminedConnection connection, string status) =>
        string.Equals(connection.Snapshot.Status, status, StringComparison.OrdinalIgnoreCase);

    private static string Reason(ConnectionPlanItem item) =>
        item.ActionValue == PlanAction.Create ? "It is in the manifest, but not on the platform." : item.Reason;
}
