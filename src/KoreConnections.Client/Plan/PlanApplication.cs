using System;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>Applies items of a plan: asks the provider first where that is wanted, then creates or changes.</summary>
/// <param name="client">The platform.</param>
/// <param name="tester">Asks providers; null where keys are taken as they are.</param>
/// <param name="providerUri">A gateway to ask in place of named providers, or null.</param>
internal sealed class PlanApplication(ConnectionsClient client, KeyTester? tester, Uri? providerUri)
{
    /// <summary>Applies an item; how it went stands in it afterwards.</summary>
    /// <param name="item">The item.</param>
    /// <param name="call">Who listens and when to stop.</param>
    public async Task<ConnectionPlanItem> RunAsync(ConnectionPlanItem item, Call call)
    {
        try
        {
            await VerifyAsync(item, call).ConfigureAwait(false);
            Connection connection = item.Action == PlanAction.Create
                ? await client.CreateAsync(item.Wanted!.Definition, call, wasAbsent: true).ConfigureAwait(false)
                : await client.ChangeAsync(item.ConnectionId!, item.Change!, call).ConfigureAwait(false);
            item.ConnectionId = connection.ConnectionId ?? item.ConnectionId;
            if (item is { Action: not PlanAction.Create, BringsKey: true })
            {
                item.KeyState = new Comparison(item.Wanted!, connection).Key;
            }

            item.Outcome = SyncOutcome.Done;
        }
        catch (KoreException e)
        {
            item.Error = e;
            item.Outcome = SyncOutcome.Failed;
        }

        return item;
    }

    private async Task VerifyAsync(ConnectionPlanItem item, Call call)
    {
        if (tester is null || !item.BringsKey)
        {
            return;
        }

        KeyTestResult test = await tester.TestAsync(item.Probe(providerUri)!, call).ConfigureAwait(false);
        item.Lifecycle = test.Lifecycle;
        if (!test.IsUsable)
        {
            throw KeyRotation.NotVerified(test, "Without -VerifyKey the provider is not asked.");
        }
    }
}
