using System.Net;

namespace KoreConnections.Client;

/// <summary>
/// Gives connections a new key: verify it at its provider, change it, read it back and confirm, or put the previous one
/// back. A change is sent again only where reading shows that it was not made, so none is made twice.
/// </summary>
internal sealed class KeyRotator(ConnectionsClient client, RotationPreparation preparation, RotationJournal? report, RotationLimit limit)
{
    // A read may show for seconds what was there before. Together they are what a create waits for its listing.
    private static readonly TimeSpan[] FurtherLooks = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)];

    private readonly RotationReading _reading = new(client);
    private readonly Dictionary<string, ConnectionCredential> _claimed = new(StringComparer.Ordinal);

    public KoreException? ReportFailure { get; private set; }

    /// <summary>Refuses a second key for a connection: which of the two is meant nobody knows, and a report has one line of its end.</summary>
    public void Claim(string connectionId, ConnectionCredential key)
    {
        if (!_claimed.TryGetValue(connectionId, out ConnectionCredential earlier))
        {
            _claimed.Add(connectionId, key);
        }
        else if (!key.AgreesWith(earlier))
        {
            throw KoreException.InvalidInput(
                "InputObject", $"An earlier row has another key for '{TextSanitizer.SingleLine(connectionId, 100)}'. Keep only one row for each connection.");
        }
    }

    /// <summary>Notes what a run before has done, because a key that one provider's connection has is refused for another's.</summary>
    public void NoteDone(ConnectionCredential key, string? provider)
    {
        preparation.Note(key, provider);
        limit.NoteUsable();
    }

    /// <summary>Refuses what a preview can know to be refused.</summary>
    public void Preview(RotationItem item) => preparation.ClaimUnread(item);

    /// <summary>
    /// Reads the connections of a batch and verifies their new keys; nothing is changed yet. What speaks against a change is kept in its item.
    /// When the session has ended, so has the rotation.
    /// </summary>
    public async Task PrepareAsync(IReadOnlyList<RotationItem> batch, int throttleLimit, RequestContext context)
    {
        await preparation.RunAsync(batch, throttleLimit, context).ConfigureAwait(false);
        if (batch.Any(i => i.Failure is { Kind: KoreErrorKind.NotConnected or KoreErrorKind.Unauthorized }))
        {
            limit.Stop("the session has ended");
        }

        limit.Count(batch.Count(i => i.Failure is not null));
    }

    public async Task<KeyUpdateResult> ChangeAsync(RotationItem item, RequestContext context)
    {
        KeyUpdateResult result = await RunAsync(item, context).ConfigureAwait(false);
        // The report keeps what it says of a doubt that nothing was done about.
        if ((item.IsBegun || !item.IsStillInDoubt) && !TryRecord(result, r => r.Finished(result), out KoreException? unwritten) && result.IsSent)
        {
            // What was done stays true without its line.
            result.Reason = $"{result.Reason} {unwritten!.Message}".TrimStart();
        }

        return result;
    }

    /// <summary>Records a step. Where that fails no further change is begun: nobody could know afterwards what was done.</summary>
    private bool TryRecord(KeyUpdateResult result, Action<RotationJournal> record, out KoreException? failure)
    {
        failure = null;
        try
        {
            if (report is not null)
            {
                record(report);
            }
        }
        catch (KoreException e)
        {
            failure = e;
            ReportFailure ??= e;
            result.IsUnrecorded = true;
            limit.Stop("the report could not be written");
        }

        return failure is null;
    }

    private async Task<KeyUpdateResult> RunAsync(RotationItem item, RequestContext context)
    {
        if (item.IsDone)
        {
            item.Result.Reason = "The previous run ended during this change. Reading the connection shows that the change was made.";
            item.Result.MaskAfter = item.Before!.Mask;
            return item.End(KeyUpdateOutcome.Updated);
        }

        if (item.Failure is KoreException failure)
        {
            return item.End(KeyUpdateOutcome.Failed, failure);
        }

        if (limit.StopReason is string reason)
        {
            item.Result.Reason = $"Not attempted: {reason}.";
            return item.End(KeyUpdateOutcome.Skipped);
        }

        context.CancellationToken.ThrowIfCancellationRequested();
        if (!TryRecord(item.Result, r => r.Started(item.Result), out KoreException? unwritten))
        {
            return item.End(KeyUpdateOutcome.Failed, unwritten);
        }

        item.IsBegun = true;
        // What is true of it from here on, until more is known.
        item.Result.OutcomeValue = KeyUpdateOutcome.Unconfirmed;
        KeyUpdateResult result;
        try
        {
            result = await SendAsync(item, client.Retry.Begin(context)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The key was sent, so that its result and its line in the report are owed for it.
            result = item.EndUnconfirmed(KoreException.FromUnexpected(e));
        }

        if (result.IsFailure)
        {
            limit.Count(1);
        }

        return result;
    }

    private async Task<KeyUpdateResult> SendAsync(RotationItem item, RetryState retryState)
    {
        RequestContext context = retryState.Context;
        item.SentOn = client.Clock.ToServer(client.Transport.TimeProvider.GetUtcNow());
        item.ReadOn = item.Before is null ? null : client.Clock.OfReading(item.Before);
        while (true)
        {
            try
            {
                Connection changed = await client.ChangeAsync(item.ConnectionId, item.Change!, once: true, retryState).ConfigureAwait(false);
                item.IsAccepted = true;
                item.Result.RequestId = context.RequestId;
                item.Result.MaskAfter = item.Saw(changed).Mask;
                return await ConfirmAsync(item, changed, retryState).ConfigureAwait(false);
            }
            catch (KoreException e) when (Delivery.IsOpen(e))
            {
                context.Log(
                    LogLevel.Verbose, $"It is unclear whether the key of '{item.Result.Shown}' was changed. Reading the connection to find out: {e.Message}");
                bool maySendAgain = client.Retry.MaySendAgain(e, retryState);
                // The same key again does no harm. To say how it ended, or to put the previous key back, nothing may be under way any more.
                bool isAccepted = e.StatusCode == HttpStatusCode.Accepted;
                TimeSpan wait = maySendAgain || isAccepted ? default : RotationReading.UnderWay(retryState);
                (bool? isChanged, Connection? now) = await _reading.LookAsync(item, context, wait).ConfigureAwait(false);
                // Where neither the key's end nor a date is shown, no later look shows more.
                if (isAccepted ? isChanged == false || (isChanged is null && now?.ModifiedOn is not null)
                    : isChanged is null && maySendAgain && item.WayBack is not null)
                {
                    (isChanged, now) = await _reading.LookAsync(item, context, RotationReading.UnderWay(retryState)).ConfigureAwait(false);
                }

                if (isChanged != true && isAccepted)
                {
                    // It may be done at any time: a key that is put back now could be replaced afterwards.
                    return item.EndUnconfirmed(e);
                }

                switch (isChanged)
                {
                    case true:
                        item.Result.MaskAfter = now!.Mask;
                        return item.End(KeyUpdateOutcome.Updated);
                    case false when maySendAgain:
                        await client.Retry.BackOffAsync(e, retryState).ConfigureAwait(false);
                        break;
                    case false:
                        string action = Delivery.IsIndeterminate(e) ? "Try again." : ErrorMapper.ActionOfRefusal(e);
                        e.RecommendedAction = $"The key was not changed, as reading the connection shows. {action}";
                        return item.End(KeyUpdateOutcome.Failed, e);
                    default:
                        return await RollBackAsync(item, e, retryState).ConfigureAwait(false);
                }
            }
            catch (KoreException e)
            {
                // Some refuse what they have stored by then. Only the end of the new key says so for certain.
                if ((int?)e.StatusCode is 400 or 404 or 409 or 422
                    && (await _reading.ReadAsync(item, context).ConfigureAwait(false)).Now is Connection now && item.Fits(now) == true)
                {
                    item.Result.Reason = "The platform answered the change with an error, but reading the connection shows the new key.";
                    item.Result.MaskAfter = now.Mask;
                    return item.End(KeyUpdateOutcome.Updated);
                }

                return item.End(e.IsIndeterminate ? KeyUpdateOutcome.Unconfirmed : KeyUpdateOutcome.Failed, e);
            }
        }
    }

    private async Task<KeyUpdateResult> ConfirmAsync(RotationItem item, Connection answer, RetryState retryState)
    {
        RequestContext context = retryState.Context;
        bool? answered = item.Fits(answer);
        (Connection? now, KoreException? failure) = await _reading.ReadAsync(item, context).ConfigureAwait(false);
        for (int i = 0; i < FurtherLooks.Length && now is not null && item.IsChanged(now) != true && item.IsChanged(answer) == true; i++)
        {
            (now, failure) = await _reading.ReadAsync(item, context, FurtherLooks[i]).ConfigureAwait(false);
        }

        if (now is null)
        {
            return await RollBackAsync(item, failure!, retryState).ConfigureAwait(false);
        }

        bool? isChanged = answered == false ? false : item.IsChanged(now) ?? answered;
        if (isChanged == true)
        {
            item.Result.MaskAfter = answered == true ? item.Result.MaskAfter : now.Mask;
            return item.End(KeyUpdateOutcome.Updated);
        }

        var unconfirmed = new KoreException(KoreErrorKind.UnexpectedResponse, isChanged == false
            ? $"The platform accepted the change, but reading '{item.Result.Shown}' does not show it."
            : $"The platform accepted the change, but for '{item.Result.Shown}' it shows neither a new end of the key nor a newer modification date.")
        {
            RecommendedAction = "Check it with Get-Connection, and try it in an agent before you revoke the previous key.",
        };
        return isChanged == false
            ? await RollBackAsync(item, unconfirmed, retryState).ConfigureAwait(false)
            : item.End(KeyUpdateOutcome.Unconfirmed, unconfirmed);
    }

    private async Task<KeyUpdateResult> RollBackAsync(RotationItem item, KoreException why, RetryState retryState)
    {
        RequestContext context = retryState.Context;
        // What arrives after the previous key would undo that.
        if (item.WayBack is not ConnectionChange back || !await _reading.TryWaitAsync(RotationReading.UnderWay(retryState), context).ConfigureAwait(false))
        {
            return item.EndUnconfirmed(why);
        }

        try
        {
            if (!TryRecord(item.Result, r => r.RollingBack(item.Result), out KoreException? unwritten))
            {
                throw unwritten!;
            }

            (DateTime? last, DateTime? earliest) = (item.LastModified, client.Clock.Now - ServerClock.Error);
            // An attempt in doubt may have modified it later than any read saw.
            last = retryState.InDoubtFor is not null && earliest > last ? earliest : last;
            Connection? restored = await new ChangeInDoubt(client, item.ConnectionId, back, before: null).RunAsync(context).ConfigureAwait(false);
            item.Result.MaskAfter = restored.Mask;
            // An answer from before the change says that it was never made.
            bool? isBack = item.IsBack(restored, last, earliest)
                ?? (restored.ModifiedOn is DateTime modified && modified == item.Result.ModifiedBefore ? true : null);
            for (int i = 0; i < FurtherLooks.Length && isBack is null && restored is not null; i++)
            {
                (restored, _) = await _reading.ReadAsync(item, context, FurtherLooks[i]).ConfigureAwait(false);
                isBack = restored is null ? null : item.IsBack(restored, last, earliest);
            }

            if (isBack != true)
            {
                throw new KoreException(KoreErrorKind.UnexpectedResponse, "The platform accepted the previous key, but does not show it.");
            }

            why.RecommendedAction = "The previous key was restored. Find out why the change could not be confirmed, and try again.";
            return item.End(KeyUpdateOutcome.RolledBack, why);
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
}
