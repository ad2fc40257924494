namespace KoreConnections.Client;

/// <summary>
/// The change of a connection's key, sent until reading shows what became of it. It is sent again only where reading shows that it was not
/// made, so that none is made twice; where it cannot be confirmed, the previous key is put back.
/// </summary>
/// <param name="recordRollBack">Records that the previous key is put back; gives why that failed, or null.</param>
internal sealed class ConfirmedChange(ConnectionsClient client, RotationItem item, RetryState retryState, Func<KoreException?> recordRollBack)
{
    // A read may show for seconds what was there before. Together they are what a create waits for its listing.
    private static readonly TimeSpan[] FurtherLooks = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)];

    private RequestContext Context => retryState.Context;

    private TimeProvider Time => client.Transport.TimeProvider;

    // How long an attempt in doubt, of this run or of one before, may still be under way: until then nothing is known for good, and nothing
    // is put back. In whole seconds, because a timer may end a moment early.
    private TimeSpan UnderWay
    {
        get
        {
            TimeSpan? inDoubtFor = new[] { retryState.InDoubtFor, item.InDoubtFor(Time.GetUtcNow()) }.Min();
            return RequestOutcome.LongestArrival - inDoubtFor is { Ticks: > 0 } wait ? TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)) : default;
        }
    }

    public async Task<KeyUpdateResult> RunAsync()
    {
        item.SentOn = client.Clock.ToServer(Time.GetUtcNow());
        item.ReadOn = item.Before is null ? null : client.Clock.OfReading(item.Before);
        while (true)
        {
            try
            {
                Connection changed = await client.ChangeAsync(item.ConnectionId, item.Change!, once: true, retryState).ConfigureAwait(false);
                item.IsAccepted = true;
                item.Result.RequestId = Context.RequestId;
                item.Result.MaskAfter = item.Saw(changed).Mask;
                return await ConfirmAsync(changed).ConfigureAwait(false);
            }
            catch (KoreException e) when (RequestOutcome.IsInDoubt(e))
            {
                if (await FindOutAsync(e).ConfigureAwait(false) is KeyUpdateResult result)
                {
                    return result;
                }
            }
            catch (KoreException e)
            {
                // Some refuse what they have stored by then. Only the end of the new key says so for certain.
                if ((int?)e.StatusCode is 400 or 404 or 409 or 422
                    && (await ReadAsync().ConfigureAwait(false)).Now is Connection now && item.Fits(now) == true)
                {
                    item.Result.Reason = "The platform answered the change with an error, but reading the connection shows the new key.";
                    return EndUpdated(now);
                }

                return item.End(e.IsIndeterminate ? KeyUpdateOutcome.Unconfirmed : KeyUpdateOutcome.Failed, e);
            }
        }
    }

    /// <summary>What became of a change of which its answer, or the lack of one, says too little.</summary>
    /// <returns>Null where it was not made and is to be sent again.</returns>
    private async Task<KeyUpdateResult?> FindOutAsync(KoreException failure)
    {
        Context.Log($"It is unclear whether the key of '{item.Result.Shown}' was changed. Reading the connection to find out: {failure.Message}");
        bool maySendAgain = client.Retry.MaySendAgain(failure, retryState);
        bool isAccepted = failure.StatusCode == HttpStatusCode.Accepted;
        // The same key again does no harm. To say how it ended, or to put the previous key back, nothing may be under way any more.
        (Connection? now, _) = await ReadAsync(maySendAgain || isAccepted ? default : UnderWay).ConfigureAwait(false);
        bool mayShowMore = (IsChanged(), isAccepted) switch
        {
            (true, _) => false,
            (false, _) => isAccepted,
            // Where neither the key's end nor a date is shown, no later look shows more.
            (null, true) => now?.ModifiedOn is not null,
            (null, false) => maySendAgain && item.RollbackChange is not null,
        };
        if (mayShowMore && !item.SawThirdKey)
        {
            (now, _) = await ReadAsync(UnderWay).ConfigureAwait(false);
        }

        switch (IsChanged(), isAccepted, maySendAgain)
        {
            case (true, _, _):
                return EndUpdated(now!);
            case var _ when item.SawThirdKey:
                return item.EndThirdKey(failure);
            case (_, true, _):
                // It may be done at any time: a key that is put back now could be replaced afterwards.
                return item.EndUnconfirmed(failure);
            case (null, _, _):
                return await RollBackAsync(failure).ConfigureAwait(false);
            case (false, _, true):
                await client.Retry.BackOffAsync(failure, retryState).ConfigureAwait(false);
                return null;
            case (false, _, false):
                string action = RequestOutcome.IsIndeterminate(failure) ? "Try again." : ErrorMapper.ActionOfRefusal(failure);
                failure.RecommendedAction = $"The key was not changed, as reading the connection shows. {action}";
                return item.End(KeyUpdateOutcome.Failed, failure);
        }

        // Somebody else changed more than the key: then a later modification may be theirs alone.
        bool? IsChanged() => item.IsChanged(now) == true && item.Fits(now!) != true && item.IsOtherwiseChanged(now!) ? null : item.IsChanged(now);
    }

    private async Task<KeyUpdateResult> ConfirmAsync(Connection answer)
    {
        bool? answered = item.Fits(answer);
        // Nothing is put back before that, so that a read then also shows what somebody else does meanwhile.
        bool mayWait = item.RollbackChange is not null && item.IsChanged(answer) == false;
        (Connection? now, KoreException? failure) = await ReadAsync(mayWait ? UnderWay : default).ConfigureAwait(false);
        for (int i = 0; i < FurtherLooks.Length && now is not null && MayShowMore(now); i++)
        {
            (now, failure) = await ReadAsync(FurtherLooks[i]).ConfigureAwait(false);
        }

        if (now is null)
        {
            return await RollBackAsync(failure!).ConfigureAwait(false);
        }

        // Some answer with what was there before. The end that reading shows says more.
        bool? isChanged = answered == false ? item.Fits(now) == true : item.IsChanged(now) ?? answered;
        if (isChanged == true)
        {
            return EndUpdated(answered == true ? answer : now);
        }

        var unconfirmed = new KoreException(
            KoreErrorKind.UnexpectedResponse,
            isChanged == false ? $"The platform accepted the change, but reading '{item.Result.Shown}' does not show it."
                : $"The platform accepted the change, but for '{item.Result.Shown}' it shows neither a new end of the key nor a newer modification date.",
            "Check it with Get-Connection, and try it in an agent before you revoke the previous key.");
        return isChanged == false ? await RollBackAsync(unconfirmed).ConfigureAwait(false) : item.End(KeyUpdateOutcome.Unconfirmed, unconfirmed);

        bool MayShowMore(Connection seen) => item.IsChanged(seen) != true && item.IsChanged(answer) == true && !item.SawThirdKey;
    }

    private async Task<KeyUpdateResult> RollBackAsync(KoreException why)
    {
        if (item.SawThirdKey)
        {
            return item.EndThirdKey(why);
        }

        if (item.RollbackChange is not ConnectionChange back)
        {
            return item.EndUnconfirmed(why);
        }

        // What arrives after the previous key would undo that. A stop ends the wait, too.
        await Task.WhenAny(Time.Delay(UnderWay, Context.CancellationToken)).ConfigureAwait(false);
        if (Context.CancellationToken.IsCancellationRequested)
        {
            return item.EndUnconfirmed(why);
        }

        try
        {
            if (recordRollBack() is KoreException unwritten)
            {
                throw unwritten;
            }

            (DateTime? last, DateTime? earliest) = (item.LastModified, client.Clock.Now - ServerClock.Error);
            // An attempt in doubt may have modified it later than any read saw.
            last = retryState.InDoubtFor is not null && earliest > last ? earliest : last;
            Connection? restored = await new ChangeInDoubt(client, item.ConnectionId, back, before: null).RunAsync(Context).ConfigureAwait(false);
            item.Result.MaskAfter = restored.Mask;
            // An answer from before the change says that it was never made.
            bool? isBack = item.IsBack(restored, last, earliest)
                ?? (restored.ModifiedOn is DateTime modified && modified == item.Result.ModifiedBefore ? true : null);
            for (int i = 0; i < FurtherLooks.Length && isBack is null && restored is not null; i++)
            {
                (restored, _) = await ReadAsync(FurtherLooks[i]).ConfigureAwait(false);
                isBack = restored is null ? null : item.IsBack(restored, last, earliest);
            }

            if (isBack != true)
            {
                throw new KoreException(KoreErrorKind.UnexpectedResponse, "The platform accepted the previous key, but does not show it.");
            }

            // A lost attempt to put it back would undo the next change, also that of another run.
            await Task.WhenAny(client.LateChanges.AwaitAsync(item.ConnectionId, Context)).ConfigureAwait(false);
            why.RecommendedAction = "The previous key was restored. Find out why the change could not be confirmed, and try again.";
            return item.End(KeyUpdateOutcome.RolledBack, why);
        }
        catch (KoreException e) when (e is { IsNotSent: true, IsIndeterminate: false })
        {
            return item.EndUnconfirmed(why);
        }
        catch (KoreException e)
        {
            item.Result.IsEitherKey = true;
            var both = new KoreException(e.Kind, $"{why.Message} Restoring the previous key also failed: {e.Message}", e)
            {
                StatusCode = e.StatusCode,
                RequestId = e.RequestId,
                RecommendedAction = "The connection may have the new or the previous key. "
                    + "Check it with Get-Connection, and set the key again with Set-Connection.",
            };
            return item.End(KeyUpdateOutcome.Unconfirmed, both);
        }
    }

    private KeyUpdateResult EndUpdated(Connection shown)
    {
        item.Result.MaskAfter = shown.Mask;
        return item.End(KeyUpdateOutcome.Updated);
    }

    private async Task<(Connection? Now, KoreException? Failure)> ReadAsync(TimeSpan wait = default)
    {
        try
        {
            await Time.Delay(wait, Context.CancellationToken).ConfigureAwait(false);
            return (item.Saw(await client.GetAsync(item.ConnectionId, item.Keys, Context).ConfigureAwait(false)), null);
        }
        catch (KoreException e)
        {
            return (null, e);
        }
        catch (OperationCanceledException)
        {
            return (null, new KoreException(KoreErrorKind.UnexpectedResponse, "The rotation was stopped before the change could be confirmed."));
        }
    }
}
