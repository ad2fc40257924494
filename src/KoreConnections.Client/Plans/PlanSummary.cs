namespace KoreConnections.Client;

internal static class PlanSummary
{
    public static string Of(IReadOnlyCollection<ConnectionPlanItem> plan)
    {
        string[] parts = [.. plan.GroupBy(i => i.ActionValue).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Words(g.Key)}")];
        return parts.Length == 0 ? "Nothing to compare." : $"{string.Join(", ", parts)}.";
    }

    public static string OfOutcome(IReadOnlyCollection<ConnectionPlanItem> plan)
    {
        string unconfirmed = Of(SyncOutcome.Unconfirmed) is int count and > 0 ? $"{count} unconfirmed, " : "";
        return $"{Of(SyncOutcome.Done)} done, {Of(SyncOutcome.Failed)} failed, {unconfirmed}"
            + $"{Of(SyncOutcome.Skipped)} skipped, {Of(SyncOutcome.Unchanged)} unchanged.";

        int Of(SyncOutcome outcome) => plan.Count(i => i.OutcomeValue == outcome);
    }

    private static string Words(PlanAction action) => action switch
    {
        PlanAction.Create => "to create",
        PlanAction.Update => "to update",
        PlanAction.ChangeKey => "to get another key",
        PlanAction.CannotChange => "that cannot be changed",
        PlanAction.Ambiguous => "ambiguous",
        PlanAction.InSync => "in sync",
        _ => "unmanaged",
    };
}
