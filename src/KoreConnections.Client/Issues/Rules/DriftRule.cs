namespace KoreConnections.Client;

/// <summary>The platform is not what the manifest says.</summary>
internal sealed class DriftRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "With -ManifestPath: the platform differs from the manifest, as Compare-Connection shows it.";

    public override bool IsPossible(IssueContext context) => context.Plan is not null;

    public override IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context) =>
        (context.Plan ?? []).Where(i => i.ActionValue is not (PlanAction.InSync or PlanAction.Unmanaged)).Select(item => Issue(
            new Connection { ConnectionName = item.Name, ConnectionId = item.ConnectionId, Provider = item.Provider, Model = item.Model },
            $"{Reason(item)} ({TextSanitizer.SingleLine(System.IO.Path.GetFileName(item.File), 100)}:{item.Line})",
            item.ActionValue is PlanAction.Create or PlanAction.Update or PlanAction.ChangeKey
                ? "Review the plan with Compare-Connection. Then apply the manifest with Sync-Connection, or correct the manifest."
                : "This needs a manual decision. Compare-Connection shows what the API cannot do."));

    private static string Reason(ConnectionPlanItem item) =>
        item.ActionValue == PlanAction.Create ? "It is in the manifest, but not on the platform." : item.Reason;
}
