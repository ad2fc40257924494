namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Compare, "Connection", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionPlanItem))]
public sealed class CompareConnectionCommand : PlanCmdlet
{
    private protected override string Activity => "Comparing connections";

    private protected override bool IsApplied => false;

    private protected override void Handle(IReadOnlyList<ConnectionPlanItem> plan)
    {
        WarnOfRemovedHeaders(plan);
        WriteOwn(plan);
    }
}
