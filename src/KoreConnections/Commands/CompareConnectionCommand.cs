namespace KoreConnections.Commands;

/// <summary>Shows what would have to be done so that the platform has what a manifest says. Only reads are sent.</summary>
[Cmdlet(VerbsData.Compare, "Connection", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionPlanItem))]
public sealed class CompareConnectionCommand : PlanCmdlet
{
    private protected override string Activity => "Comparing connections";

    private protected override bool IsApplied => false;

    private protected override void Handle(IReadOnlyList<ConnectionPlanItem> plan)
    {
        foreach (ConnectionPlanItem item in plan)
        {
            WriteOwn(item);
        }
    }
}
