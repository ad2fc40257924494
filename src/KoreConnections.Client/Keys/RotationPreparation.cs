namespace KoreConnections.Client;

/// <summary>What comes before any key of a batch is changed: the connections are read, and their new keys verified.</summary>
/// <param name="tester">Asks the providers; null to change without verification.</param>
/// <param name="owners">Refuses one key for several providers; null to allow it.</param>
internal sealed class RotationPreparation(ConnectionsClient client, KeyTester? tester, Uri? providerUri, KeyOwnership? owners)
{
    private const string WithoutTest = "To change the key without this test, use -SkipVerification.";

    private TimeProvider Time => client.Transport.TimeProvider;

    public async Task RunAsync(IReadOnlyList<RotationItem> batch, int throttleLimit, RequestContext context)
    {
        await ForEachAsync(batch, throttleLimit, item => ReadAsync(item, context), context).ConfigureAwait(false);
        foreach (RotationItem item in batch.Where(i => i.IsDone))
        {
            Note(item.NewKey, item.Before!.Provider);
        }

        foreach (RotationItem item in batch.Where(IsOpen))
        {
            // In the order of the input, so that the same connection is the first of its provider each time.
            await AttemptAsync(item, () => { Claim(item); return Task.CompletedTask; }).ConfigureAwait(false);
        }

        await ForEachAsync(batch.Where(IsOpen), throttleLimit, item => VerifyAsync(item, context), context).ConfigureAwait(false);
    }

    public void Note(ConnectionCredential done, string? provider)
    {
        if (owners is not null && provider is not null && done.ApiKey is Secret key)
        {
            owners.Note(key, provider);
        }
    }

    /// <summary>
    /// Refuses what belongs to another provider, as far as that is known before the connection is read. A run finds it once it has
    /// read a whole batch; a preview reads none.
    /// </summary>
    public void ClaimUnread(RotationItem item)
    {
        if (owners is not null && ApiValues.Providers.Find(item.Result.Provider) is { } provider and not ApiValues.CustomApi)
        {
            RequireOwner(item.PreviousKey, provider);
            if (item.NewKey.ApiKey is Secret key)
            {
                owners.Claim(key, provider);
            }
        }
    }

    private static bool IsOpen(RotationItem item) => item is { Result.Failure: null, IsDone: false };

    private static async Task ForEachAsync(IEnumerable<RotationItem> items, int throttleLimit, Func<RotationItem, Task> work, RequestContext context)
    {
        using var throttle = new SemaphoreSlim(throttleLimit);
        await Task.WhenAll(items.Select(async item =>
        {
            await throttle.WaitAsync(context.CancellationToken).ConfigureAwait(false);
            try
            {
                await AttemptAsync(item, () => work(item)).ConfigureAwait(false);
            }
            finally
            {
                throttle.Release();
            }
        })).ConfigureAwait(false);
    }

    private static async Task AttemptAsync(RotationItem item, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            item.Result.Failure = KoreException.FromUnexpected(e);
        }
    }

    private async Task ReadAsync(RotationItem item, RequestContext context)
    {
        Connection read = await client.GetAsync(item.ConnectionId, item.Keys, context).ConfigureAwait(false);
        if (item.Before is null)
        {
            // Later, somebody may have renamed it. Its id says which it is.
            item.RequireMeant(read);
        }

        item.Before = read;
        item.NameIs(item.Before.ConnectionName);
        item.Result.Provider = item.Before.Provider;
        item.Narrow(item.Before.Provider);
        await ResolveInDoubtAsync(item, context).ConfigureAwait(false);
        if (!item.IsDone)
        {
            item.RefuseThirdKey(item.Before);
            (item.Result.MaskBefore, item.Result.ModifiedBefore) = (item.Before.Mask, item.Before.ModifiedOn);
        }

        item.ReadAt = Time.GetTimestamp();
    }

    /// <summary>Reads a connection again whose turn comes late: what somebody has changed meanwhile is neither lost nor put back.</summary>
    /// <returns>Whether nothing that it shows speaks against the change.</returns>
    public async Task<bool> RefreshAsync(RotationItem item, RequestContext context)
    {
        if (!IsOpen(item) || Time.GetElapsedTime(item.ReadAt) <= RequestOutcome.LongestArrival)
        {
            return true;
        }

        await AttemptAsync(item, async () =>
        {
            await ReadAsync(item, context).ConfigureAwait(false);
            if (!item.IsDone)
            {
                SetChange(item);
            }
        }).ConfigureAwait(false);
        return item.Result.Failure is null;
    }

    private void Claim(RotationItem item)
    {
        SetChange(item);
        if (owners is not null && item is { NewKey.ApiKey: Secret key, Change: KeyChange })
        {
            owners.Claim(key, item.Before!.Provider!);
        }
    }

    private void SetChange(RotationItem item)
    {
        item.Change = item.NewKey.Change(item.Before!);
        item.Change.Hidden = [.. item.PreviousKey?.Keys ?? []];
        if (item.PreviousKey is not null)
        {
            // What could not be put back has to be known before there is anything to put back.
            RequirePrevious(item, item.PreviousKey);
            item.RollbackChange = item.PreviousKey.Change(item.Before!, "PreviousHeader");
            item.RollbackChange.Hidden = [.. item.NewKey.Keys];
        }
    }

    private void RequirePrevious(RotationItem item, ConnectionCredential previous)
    {
        Connection before = item.Before!;
        if (owners is not null)
        {
            RequireOwner(previous, before.SupportedProvider());
        }

        // A connection that has the new key already does not have the previous one.
        if (previous.IsContradictedBy(before) && item.NewKey.Matches(before) != true)
        {
            throw (previous.Headers is null
                ? Guard.Invalid(
                    "PreviousApiKey",
                    $"does not end as the key of {before.Shown} does "
                        + $"({TextSanitizer.SingleLine(before.Mask, 100)}). Specify the key that the connection has now, or omit -PreviousApiKey.")
                : Guard.Invalid(
                    "PreviousHeader",
                    $"does not end as the headers of {before.Shown} do. Specify the headers that the connection has now, or omit -PreviousHeader."))
                .About(before.Called);
        }
    }

    private static void RequireOwner(ConnectionCredential? previous, string provider) =>
        KeyOwnership.Check(previous?.ApiKey, provider, "Specify the key that the connection has now, or use -Force.", "PreviousApiKey");

    private async Task VerifyAsync(RotationItem item, RequestContext context)
    {
        if (tester is not null)
        {
            KeyTestResult test = await tester.TestAsync(Probe(item), context).ConfigureAwait(false);
            item.Result.VerdictValue = test.VerdictValue;
            item.Result.Failure = test.Failure(WithoutTest);
        }
    }

    private KeyProbe Probe(RotationItem item)
    {
        try
        {
            return item.NewKey.Probe(item.Before!, providerUri, isForced: owners is null);
        }
        catch (KoreException e)
        {
            if (KeyElsewhere.Masked(item.Before!, isWhole: true).Select(f => f.Parameter).ToArray() is not { Length: > 0 } masked)
            {
                e.RecommendedAction ??= WithoutTest;
                throw;
            }

            throw KoreException.InvalidInput(
                masked[0],
                $"The new key of {item.Before!.Shown} cannot be verified, because {string.Join(" and ", masked)} "
                    + $"{(masked.Length == 1 ? "contains a mask" : "contain masks")} instead of a key. "
                    + "Use -SkipVerification. To test the new key before, use Test-ConnectionKey -CustomApi with the complete values.")
                .About(item.Before.Called);
        }
    }

    /// <summary>For an attempt whose end nobody saw: whether it was done, once nothing of it can be under way any more.</summary>
    private async Task ResolveInDoubtAsync(RotationItem item, RequestContext context)
    {
        if (item.Recorded is not { IsUndecided: true } recorded)
        {
            return;
        }

        TimeSpan arrival = RequestOutcome.LongestArrival;
        if (recorded.IsInDoubt)
        {
            (item.Result.MaskBefore, item.Result.ModifiedBefore) = (recorded.MaskBefore, recorded.ModifiedBefore);
            item.SentOn = ServerClock.IsTime(recorded.SentAt.Year) ? client.Clock.ToServer(recorded.SentAt) : null;
            item.IsDone = IsShown(item, recorded);
            // The same key again does no harm. A previous key that arrives late would replace the new one.
            arrival = client.Transport.Timeout < arrival ? client.Transport.Timeout : arrival;
        }

        if (!item.IsDone && arrival - item.InDoubtFor(Time.GetUtcNow()) is { Ticks: > 0 } wait)
        {
            await Time.Delay(wait, context.CancellationToken).ConfigureAwait(false);
            item.Before = await client.GetAsync(item.ConnectionId, item.Keys, context).ConfigureAwait(false);
            item.IsDone = recorded.IsInDoubt && IsShown(item, recorded);
        }
    }

    // Since then, anybody may have changed anything. Where it is in doubt who did, the same key again does no harm.
    private bool IsShown(RotationItem item, JournalEntry recorded) =>
        item.IsChanged(item.Before!) == true && (item.Fits(item.Before!) == true || MayBeOf(recorded, item, item.Before!));

    /// <summary>Whether a connection was last modified before a change could not arrive any more, and has the name that it had.</summary>
    private bool MayBeOf(JournalEntry recorded, RotationItem item, Connection now) =>
        (recorded.ConnectionName is not string name || item.Redacted(name) == item.Redacted(now.ConnectionName))
            && ServerClock.IsTime(recorded.SentAt.Year) && ServerClock.IsTime(recorded.At.Year)
            && now.ModifiedOn?.ToUniversalTime() < client.Clock.ToServer(recorded.At) + RequestOutcome.LongestArrival + ServerClock.Error;
}
