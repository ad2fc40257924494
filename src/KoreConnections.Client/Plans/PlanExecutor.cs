namespace KoreConnections.Client;

/// <summary>Applies items of a plan: asks the provider first where that is wanted, then creates or changes.</summary>
/// <param name="tester">Asks providers; null where keys are taken as they are.</param>
internal sealed class PlanExecutor(ConnectionsClient client, KeyTester? tester, Uri? providerUri)
{
    /// <summary>Applies an item; how it went stands in it afterwards.</summary>
    public async Task<ConnectionPlanItem> RunAsync(ConnectionPlanItem item, RequestContext context)
    {
        try
        {
            await VerifyAsync(item, context).ConfigureAwait(false);
            Connection connection = item.ActionValue == PlanAction.Create
                ? await client.CreateAsync(item.Wanted!.Definition, context, wasAbsent: true).ConfigureAwait(false)
                : await client.ChangeAsync(item.ConnectionId!, item.Change!, context).ConfigureAwait(false);
            item.ConnectionId = connection.ConnectionId ?? item.ConnectionId;
            if (item.ActionValue == PlanAction.Create)
            {
                item.StillDifferent = item.Wanted!.Definition.StillDifferent(connection);
            }
            else
            {
                item.StillDifferent = [.. item.Wanted!.Definition.OtherConnection(connection), .. item.Change!.StillDifferent(connection)];
                item.KeyStateValue = item.BringsKey ? new ConnectionDiff(item.Wanted!, connection).Key : item.KeyStateValue;
            }

            item.OutcomeValue = SyncOutcome.Done;
        }
        catch (KoreException e)
        {
            item.Failure = e;
            item.OutcomeValue = SyncOutcome.Failed;
        }

        return item;
    }

    private async Task VerifyAsync(ConnectionPlanItem item, RequestContext context)
    {
        if (tester is null || !item.BringsKey)
        {
            return;
        }

        KeyTestResult test = await tester.TestAsync(item.Probe(providerUri)!, context).ConfigureAwait(false);
        item.Lifecycle = test.Lifecycle;
        if (test.Failure("To skip this test, omit -VerifyKey.") is KoreException failure)
        {
            throw failure;
        }
    }
}
