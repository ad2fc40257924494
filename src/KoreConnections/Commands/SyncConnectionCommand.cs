using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>
/// Brings a platform to what a manifest says: creates what is absent, then changes what differs. It removes nothing, and
/// touches nothing that the manifest does not name.
/// </summary>
[Cmdlet(VerbsData.Sync, "Connection", SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionPlanItem))]
public sealed class SyncConnectionCommand : PlanCmdlet
{
    private protected override string Activity => "Bringing connections in step";

    private protected override bool NeedsAll => true;

    private protected override void Handle(IReadOnlyList<ConnectionPlanItem> plan)
    {
        foreach (ConnectionPlanItem item in plan.Where(i => i.Action == PlanAction.Create))
        {
            Apply(item, $"Create connection ({item.Provider}{(item.Model is null ? "" : ", " + CleanText.Line(item.Model, 100))})");
        }

        // What is created stands before anything that exists is changed.
        Flush();
        foreach (ConnectionPlanItem item in plan.Where(i => i.Action is PlanAction.Update or PlanAction.ChangeKey))
        {
            Apply(item, item.Action == PlanAction.ChangeKey ? "Change the key" : $"Change: {CleanText.Line(string.Join(", ", item.Difference.Select(d => d.Property)))}");
        }

        Flush();
        foreach (ConnectionPlanItem item in plan.Where(i => i.Action > PlanAction.ChangeKey))
        {
            // Where nothing is applied, it is the plan of Compare-Connection.
            Emit(item, IsWhatIf ? null : item.Action is PlanAction.CannotChange or PlanAction.Ambiguous ? SyncOutcome.Skipped : SyncOutcome.Unchanged);
        }

        if (!IsWhatIf)
        {
            WriteInformation(new InformationRecord(PlanSummary.OfOutcome([.. plan]), MyInvocation.MyCommand.Name));
        }
    }

    private void Apply(ConnectionPlanItem item, string action)
    {
        if (!ShouldProcess(CleanText.Line(item.Name), action))
        {
            Result(item.Name, () => Emit(item, IsWhatIf ? null : SyncOutcome.Skipped));
            return;
        }

        ConnectionsClient client = Client;
        Start(item.Name, item.Action == PlanAction.Create ? "Create" : "Change", call => ApplyAsync(client, item, call), WriteObject, i => i.Error, i => i.Error is null ? "done" : $"failed. {i.Error.Message}");
    }

    private static async Task<ConnectionPlanItem> ApplyAsync(ConnectionsClient client, ConnectionPlanItem item, Call call)
    {
        try
        {
            Connection result = item.Action == PlanAction.Create
                ? await client.CreateAsync(item.Wanted!.Definition, call).ConfigureAwait(false)
                : await client.ChangeAsync(item.ConnectionId!, item.Change!, call).ConfigureAwait(false);
            item.ConnectionId = result.ConnectionId ?? item.ConnectionId;
            item.Outcome = SyncOutcome.Done;
        }
        catch (KoreException e)
        {
            item.Error = e;
            item.Outcome = SyncOutcome.Failed;
        }

        return item;
    }

    private void Emit(ConnectionPlanItem item, SyncOutcome? outcome)
    {
        item.Outcome = outcome;
        WriteObject(item);
    }
}
