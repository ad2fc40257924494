namespace KoreConnections.Client;

/// <param name="before">The listing that the plan was made from.</param>
/// <param name="tester">Asks providers; null where keys are taken as they are.</param>
internal sealed class PlanExecutor(ConnectionsClient client, ConnectionList before, KeyTester? tester, Uri? providerUri)
{
    private readonly KeyOwnership _owners = new();

    /// <summary>Refuses what is known to be wrong before anything of the item is sent, in the order of the plan.</summary>
    /// <param name="isRehearsed">Whether to refuse at once what sending refuses.</param>
    /// <returns>Why it is refused; null where it is not.</returns>
    public KoreException? Refusal(ConnectionPlanItem item, bool isRehearsed)
    {
        bool isCreate = item.ActionValue == PlanAction.Create;
        ConnectionDefinition definition = item.Wanted!.Definition;
        try
        {
            // What is created can get another key; what a changed connection had is lost, and what is sent to a provider is known there.
            if (KeyOf(item) is Secret key && !(isCreate && (tester is null || providerUri is not null)))
            {
                _owners.Require(key, definition.Provider);
            }

            if (isRehearsed && isCreate)
            {
                PlatformKey.Refuse(definition, client.Transport);
            }
            else if (isRehearsed)
            {
                PlatformKey.Refuse(item.Change!, client.Transport);
            }

            return null;
        }
        catch (KoreException e)
        {
            return item.Failure = e;
        }
    }

    /// <summary>Notes whose the key of an item is that is sent, or would be: another provider's connection does not get it.</summary>
    public void Note(ConnectionPlanItem item)
    {
        if (KeyOf(item) is Secret key)
        {
            _owners.Note(key, item.Wanted!.Definition.Provider);
        }
    }

    public async Task<ConnectionPlanItem> RunAsync(ConnectionPlanItem item, RequestContext context)
    {
        try
        {
            await VerifyAsync(item, context).ConfigureAwait(false);
            Connection connection = item.ActionValue == PlanAction.Create
                ? await client.CreateAsync(item.Wanted!.Definition, context, before).ConfigureAwait(false)
                : await new ChangeInDoubt(client, item.ConnectionId!, item.Change!, item.Before).RunAsync(context).ConfigureAwait(false);
            item.ConnectionId = connection.ConnectionId ?? item.ConnectionId;
            if (item.ActionValue == PlanAction.Create)
            {
                item.StillDifferent = item.Wanted!.Definition.StillDifferent(connection);
            }
            else
            {
                // As the next plan compares it: what that would change again is not done. An answer may hide headers that a read shows.
                var comparison = new ConnectionDiff(item.Wanted!, connection, ignoresKeys: !item.BringsKey, item.Change!.Answer);
                string[] shown = [.. item.Parameters.Where(p => p != "Header" || ShownHeader.All(connection, out _) is not null)];
                item.StillDifferent = [.. item.Wanted!.Definition.OtherConnection(connection), .. comparison.PropertiesOf(shown)];
                item.KeyStateValue = item.BringsKey ? comparison.Key : item.KeyStateValue;
            }

            item.OutcomeValue = SyncOutcome.Done;
            RequireName(item, connection);
        }
        catch (KoreException e)
        {
            if (item.ActionValue == PlanAction.Create && e is { Kind: KoreErrorKind.Conflict, IsIndeterminate: false }
                && ServerWords.MayBeOfName(e.ServerMessage ?? ""))
            {
                e.RecommendedAction = "It was created since the plan was made. Run Sync-Connection again, which compares it with the manifest.";
            }

            item.Failure = e;
            item.OutcomeValue = e.IsIndeterminate ? SyncOutcome.Unconfirmed : SyncOutcome.Failed;
        }

        return item;
    }

    private static Secret? KeyOf(ConnectionPlanItem item) =>
        item.BringsKey && item.Wanted!.Definition is NamedProviderDefinition { ApiKey: { Problem: null } key } ? key : null;

    // The name is what the next run finds it by.
    private static void RequireName(ConnectionPlanItem item, Connection answer)
    {
        ConnectionDefinition wanted = item.Wanted!.Definition;
        if (!wanted.IsFoundAs(answer))
        {
            bool isCreate = item.ActionValue == PlanAction.Create;
            string other = TextSanitizer.SingleLine(wanted.Show(answer.ConnectionName), 100);
            throw new KoreException(
                KoreErrorKind.UnexpectedResponse,
                $"The response to the {(isCreate ? "create" : "change")} of '{TextSanitizer.SingleLine(wanted.ShownName, 100)}' has the name '{other}' "
                    + $"({TextSanitizer.SingleLine(item.ConnectionId, 100)})."
                    + (!isCreate ? ""
                        : wanted.IsNamedOtherwise(answer)
                            ? " If the platform stored it under that name, the next run would create another connection."
                        : " They differ only in case, white space or the composition of letters. "
                            + "If the platform stored it under that name, the next run will be Ambiguous."),
                "Check both names with Get-Connection, and correct the name in the manifest.");
        }
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
