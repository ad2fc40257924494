namespace KoreConnections.Client;

/// <summary>Gives connections a new key: verify it at its provider, change it, and keep a report of each step.</summary>
internal sealed class KeyRotator(ConnectionsClient client, RotationPreparation preparation, RotationJournal? report, RotationLimit limit)
{
    private readonly Dictionary<string, ConnectionCredential> _claimed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RotationItem> _sent = new(StringComparer.Ordinal);
    private ILookup<string?, string?>? _names;

    public KoreException? ReportFailure { get; private set; }

    /// <summary>The row of a connection, with what the report says of an earlier run. What is known to be refused is refused here.</summary>
    public RotationItem Take(
        string connectionId, string? name, string? provider, ConnectionCredential key, ConnectionCredential? previous, int? row)
    {
        JournalEntry? recorded = report?.Find(connectionId);
        var item = new RotationItem(connectionId, key, previous, recorded) { Row = row };
        item.NameIs(name);
        item.Result.Provider = provider;
        item.Narrow(provider ?? recorded?.Provider);
        Claim(connectionId, item.NewKey);
        if (recorded is { IsDone: true })
        {
            string reason = $"It was already updated at {recorded.At.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}.";
            item.EndAsUpdated(
                KeyUpdateOutcome.AlreadyUpdated, reason, recorded.ConnectionName, recorded.Provider, recorded.MaskBefore, recorded.MaskAfter);
            // A key that one provider's connection has is refused for another's.
            preparation.Note(item.NewKey, recorded.Provider);
            limit.NoteUsable();
        }
        else if (_sent.TryGetValue(connectionId, out RotationItem earlier))
        {
            if (earlier.Before is Connection read)
            {
                item.RequireMeant(read);
            }

            KeyUpdateResult done = earlier.Result;
            // What is in doubt, a run that resumes this one decides: it may still arrive.
            string reason = done.OutcomeValue == KeyUpdateOutcome.Updated ? "An earlier row updated it." : "It is in doubt since an earlier row.";
            item.EndAsUpdated(done.OutcomeValue, reason, done.ConnectionName, done.Provider, done.MaskBefore, done.MaskAfter);
        }

        return item;
    }

    /// <summary>Refuses what a preview can know to be refused.</summary>
    /// <param name="listed">The connection of its id, where it was listed.</param>
    public void Preview(RotationItem item, Connection? listed)
    {
        PlatformKey.Refuse([.. item.Keys], [], client.Transport);
        if (listed is not null)
        {
            item.RequireMeant(listed);
        }

        preparation.ClaimUnread(item);
    }

    /// <summary>
    /// Reads the connections of a batch and verifies their new keys; nothing is changed yet. What speaks against a change is kept in its result.
    /// When the session has ended, so has the rotation.
    /// </summary>
    public async Task PrepareAsync(IReadOnlyList<RotationItem> batch, int throttleLimit, RequestContext context)
    {
        await preparation.RunAsync(batch, throttleLimit, context).ConfigureAwait(false);
        CountFailures(batch);
    }

    private void CountFailures(IReadOnlyList<RotationItem> items)
    {
        if (items.Any(i => i.Result.Failure is { Kind: KoreErrorKind.NotConnected or KoreErrorKind.Unauthorized }))
        {
            limit.Stop("the session has ended");
        }

        limit.Count(items.Count(i => i.Result.Failure is not null));
    }

    /// <summary>Names connections that are skipped: those given by their ids, which nobody knows them by, were never read.</summary>
    public async Task NameAsync(IEnumerable<RotationItem> skipped, RequestContext context)
    {
        foreach (RotationItem item in skipped.Where(i => i.Result.ConnectionName is null))
        {
            _names ??= (await TryListAsync(context).ConfigureAwait(false)).ToLookup(c => c.ConnectionId, c => c.ConnectionName);
            item.NameIs(_names[item.ConnectionId].FirstOrDefault());
        }
    }

    public async Task<KeyUpdateResult> ChangeAsync(RotationItem item, RequestContext context)
    {
        KeyUpdateResult result = await RunAsync(item, context).ConfigureAwait(false);
        if (result.OutcomeValue is KeyUpdateOutcome.Updated or KeyUpdateOutcome.Unconfirmed)
        {
            _sent[item.ConnectionId] = item;
        }

        // The report keeps what it says of a doubt that nothing was done about.
        if ((item.IsBegun || !item.IsStillInDoubt) && Record(result, r => r.Finished(result)) is KoreException unwritten && result.IsSent)
        {
            // What was done stays true without its line.
            result.Reason = $"{result.Reason} {unwritten.Message}".TrimStart();
        }

        return result;
    }

    // Which of two keys of a connection is meant nobody knows, and a report has one line of its end.
    private void Claim(string connectionId, ConnectionCredential key)
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

    private async Task<IReadOnlyList<Connection>> TryListAsync(RequestContext context)
    {
        try
        {
            return (await client.ListAsync(null, context).ConfigureAwait(false)).Items;
        }
        catch (KoreException e)
        {
            // What stopped the rotation may stop this too, and the ids are all there is then.
            context.Log($"The names of the skipped connections could not be read: {e.Message}");
            return [];
        }
    }

    /// <summary>Records a step. Where that fails no further change is begun: nobody could know afterwards what was done.</summary>
    /// <returns>Why it failed; null where it did not.</returns>
    private KoreException? Record(KeyUpdateResult result, Action<RotationJournal> step)
    {
        try
        {
            if (report is not null)
            {
                step(report);
            }

            return null;
        }
        catch (KoreException e)
        {
            ReportFailure ??= e;
            result.IsUnrecorded = true;
            limit.Stop("the report could not be written");
            return e;
        }
    }

    private async Task<KeyUpdateResult> RunAsync(RotationItem item, RequestContext context)
    {
        KeyUpdateResult result = item.Result;
        if (limit.StopReason is null && !item.IsDone && result.Failure is null)
        {
            await client.LateChanges.AwaitAsync(item.ConnectionId, context).ConfigureAwait(false);
        }

        if (limit.StopReason is null && !await preparation.RefreshAsync(item, context).ConfigureAwait(false))
        {
            CountFailures([item]);
        }

        if (item.IsDone)
        {
            result.Reason = "The previous run ended during this change. Reading the connection shows that the change was made.";
            result.MaskAfter = item.Before!.Mask;
            return item.End(KeyUpdateOutcome.Updated);
        }

        if (result.Failure is KoreException failure)
        {
            return item.End(KeyUpdateOutcome.Failed, failure);
        }

        if (limit.StopReason is string reason)
        {
            result.Reason = $"Not attempted: {reason}.";
            return item.End(KeyUpdateOutcome.Skipped);
        }

        context.CancellationToken.ThrowIfCancellationRequested();
        if (Record(result, r => r.Started(result)) is KoreException unwritten)
        {
            return item.End(KeyUpdateOutcome.Failed, unwritten);
        }

        item.IsBegun = true;
        // What is true of it from here on, until more is known.
        result.OutcomeValue = KeyUpdateOutcome.Unconfirmed;
        try
        {
            var change = new ConfirmedChange(client, item, client.Retry.Begin(context), () => Record(result, r => r.RollingBack(result)));
            await change.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The key was sent, so that its result and its line in the report are owed for it.
            item.EndUnconfirmed(KoreException.FromUnexpected(e));
        }

        if (result.IsFailure)
        {
            limit.Count(1);
        }

        return result;
    }
}
