namespace KoreConnections.Client;

/// <summary>Reads connections whose key was sent, and knows how long nothing that is read is final.</summary>
internal sealed class RotationReading(ConnectionsClient client)
{
    private TimeProvider Time => client.Transport.TimeProvider;

    /// <summary>How long an attempt in doubt may still be under way: until then nothing is known for good, and nothing is put back.</summary>
    /// <returns>Whole seconds, because a timer may end a moment early.</returns>
    public static TimeSpan UnderWay(RetryState retryState) =>
        Delivery.LongestArrival - retryState.InDoubtFor is { Ticks: > 0 } wait
            ? TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds))
            : default;

    public async Task<(bool? IsChanged, Connection? Now)> LookAsync(RotationItem item, RequestContext context, TimeSpan wait)
    {
        (Connection? now, _) = await ReadAsync(item, context, wait).ConfigureAwait(false);
        return (now is null ? null : item.IsChanged(now), now);
    }

    public async Task<(Connection? Now, KoreException? Failure)> ReadAsync(RotationItem item, RequestContext context, TimeSpan wait = default)
    {
        try
        {
            await Time.Delay(wait, context.CancellationToken).ConfigureAwait(false);
            return (item.Saw(await client.GetAsync(item.ConnectionId, item.Keys, context).ConfigureAwait(false)), null);
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

    public async Task<bool> TryWaitAsync(TimeSpan wait, RequestContext context)
    {
        try
        {
            await Time.Delay(wait, context.CancellationToken).ConfigureAwait(false);
            return !context.CancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
