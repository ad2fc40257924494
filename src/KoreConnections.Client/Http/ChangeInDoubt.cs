namespace KoreConnections.Client;

/// <summary>A change whose answer may get lost, or say too little: then reading the connection shows what became of it, as far as it can.</summary>
/// <param name="before">The connection as it was read before; null where nobody read it.</param>
internal sealed class ChangeInDoubt(ConnectionsClient client, string connectionId, ConnectionChange change, Connection? before)
{
    /// <summary>The waits between reads. A read may show for seconds what was there before. Together they are what a create waits for its listing.</summary>
    public static readonly TimeSpan[] FurtherLooks = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)];

    private TimeProvider Time => client.Transport.TimeProvider;

    /// <summary>The connection with the change, by the platform's answer or by reading it.</summary>
    public async Task<Connection> RunAsync(RequestContext context)
    {
        DateTimeOffset sent = Time.GetUtcNow();
        try
        {
            return await client.ChangeAsync(connectionId, change, context).ConfigureAwait(false);
        }
        // Once the command was stopped, nothing can be read any more.
        catch (KoreException e) when (Delivery.IsOpen(e) && !context.CancellationToken.IsCancellationRequested)
        {
            context.Log(
                LogLevel.Verbose,
                $"It is unclear whether '{TextSanitizer.SingleLine(connectionId, 100)}' was changed. Reading the connection to find out: {e.Message}");
            var evidence = new ChangeEvidence(before?.ModifiedOn, client.Clock.ToServer(sent))
            {
                WasShown = before is not null && change.IsShownBy(before) == true,
            };
            return await FindOutAsync(e, evidence, context).ConfigureAwait(false);
        }
    }

    private async Task<Connection> FindOutAsync(KoreException failure, ChangeEvidence evidence, RequestContext context)
    {
        bool? isMade = null;
        foreach (TimeSpan wait in new[] { TimeSpan.Zero }.Concat(FurtherLooks))
        {
            Connection now = await ReadAsync(failure, wait, context).ConfigureAwait(false);
            bool? shown = change.IsShownBy(now);
            isMade = evidence.IsMadeForSure(shown, now);
            if (isMade == true)
            {
                return now;
            }

            if (isMade is null && shown is null && evidence.ModifiedBefore is null)
            {
                // No later read could show more.
                break;
            }
        }

        if (isMade is null)
        {
            throw Unknown(failure, "Reading the connection does not show it.");
        }

        failure.IsIndeterminate = false;
        failure.RecommendedAction = $"The change was not made, as reading the connection shows. {ErrorMapper.ActionOfRefusal(failure)}".TrimEnd();
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

    private static KoreException Unknown(KoreException failure, string why) =>
        new(failure.Kind, $"Could not determine whether the change was made: {failure.Message} {why}", failure)
        {
            StatusCode = failure.StatusCode,
            Code = failure.Code,
            ServerMessage = failure.ServerMessage,
            RequestId = failure.RequestId,
            RetryAfter = failure.RetryAfter,
            IsIndeterminate = true,
            RecommendedAction = "Check the connection and its ModifiedOn with Get-Connection before you change it again. "
                + "If the change includes a key, try the connection in an agent before you revoke the previous key.",
        };
}
