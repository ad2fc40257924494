namespace KoreConnections.Client;

/// <summary>A change whose answer may get lost, or say too little: then reading the connection shows what became of it, as far as it can.</summary>
/// <param name="before">The connection as it was read before; null where nobody read it.</param>
internal sealed class ChangeInDoubt(ConnectionsClient client, string connectionId, ConnectionChange change, Connection? before)
{
    // A read may show for seconds what was there before. Many changes may wait, so that no time is left for what arrives later.
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromSeconds(2)];

    private const string HowToCheck = "Check the connection and its ModifiedOn with Get-Connection before you change it again. "
        + "If the change includes a key, try the connection in an agent before you revoke the previous key.";

    private TimeProvider Time => client.Transport.TimeProvider;

    /// <summary>The connection with the change, by the platform's answer or by reading it.</summary>
    public async Task<Connection> RunAsync(RequestContext context)
    {
        await client.LateChanges.AwaitAsync(connectionId, context).ConfigureAwait(false);
        (DateTimeOffset sent, int sendings) = (Time.GetUtcNow(), context.Sendings);
        try
        {
            return await client.ChangeAsync(connectionId, change, context).ConfigureAwait(false);
        }
        // Once the command was stopped, nothing can be read any more. It is the same failure, which says how the change ended.
        catch (KoreException e) when (RequestOutcome.IsInDoubt(e) && context.CancellationToken.IsCancellationRequested)
        {
            if (context.Sendings > sendings && !(RequestOutcome.IsPostponed(e) && context.Sendings == sendings + 1))
            {
                e.IsIndeterminate = true;
                e.RecommendedAction = HowToCheck;
            }

            throw;
        }
        catch (KoreException e) when (RequestOutcome.IsInDoubt(e))
        {
            context.Log($"It is unclear whether '{TextSanitizer.SingleLine(connectionId, 100)}' was changed. Reading the connection to find out: {e.Message}");
            var evidence = new ChangeEvidence(before?.ModifiedOn, client.Clock.ToServer(sent))
            {
                // What a connection with its values lacked, it did not show. A listing has no values.
                WasShown = before is null ? null : change.IsShownBy(before) ?? (ActualValues.HasDetails(before) ? false : null),
                ReadOn = before is null ? null : client.Clock.OfReading(before),
            };
            bool isOnly = context.Sendings == sendings + 1;
            return await FindOutAsync(e, RequestOutcome.IsReported(e) && isOnly, isOnly, evidence, context).ConfigureAwait(false);
        }
    }

    /// <param name="isOnly">Whether it was sent once: what reading shows of it has arrived.</param>
    private async Task<Connection> FindOutAsync(KoreException failure, bool isReported, bool isOnly, ChangeEvidence evidence, RequestContext context)
    {
        (bool? isMade, string seen) = (null, "");
        foreach (TimeSpan wait in isReported ? [TimeSpan.Zero] : Looks)
        {
            Connection now = await ReadAsync(failure, wait, context).ConfigureAwait(false);
            bool? shown = change.IsShownBy(now);
            isMade = isReported ? evidence.IsMadeDespite(shown, now) : evidence.IsMadeForSure(shown, now);
            if (isMade == true)
            {
                if (isOnly)
                {
                    client.LateChanges.Remove(connectionId);
                }

                return now;
            }

            seen = evidence.Seen(shown, now);
            if (isMade is null && shown is null && evidence.ModifiedBefore is null)
            {
                // No later read could show more.
                break;
            }
        }

        if (!isReported || isMade is null)
        {
            throw Unknown(failure, seen);
        }

        client.LateChanges.Remove(connectionId);
        failure.RecommendedAction = $"{ErrorMapper.ActionOfRefusal(failure)} Reading the connection does not show the change.".TrimStart();
        throw failure;
    }

    private async Task<Connection> ReadAsync(KoreException failure, TimeSpan wait, RequestContext context)
    {
        try
        {
            await Time.Delay(wait, context.CancellationToken).ConfigureAwait(false);
            return await client.GetAsync(connectionId, [.. change.Keys, .. change.Hidden], context).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            throw Unknown(failure, $"Reading the connection also failed: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            throw Unknown(failure, "The command was stopped before reading the connection could show it.");
        }
    }

    private static KoreException Unknown(KoreException failure, string why) => failure.Undecided("the change was made", why, HowToCheck);
}
