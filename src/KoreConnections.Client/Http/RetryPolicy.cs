namespace KoreConnections.Client;

/// <summary>
/// The one retry loop: what is retried, when, and how often. A write that must not arrive twice is retried here only where
/// it is certain that it did nothing; all else about it is decided by those who can find out, with the same bounds.
/// </summary>
internal sealed class RetryPolicy(TransportOptions options)
{
    // No wait for a platform is longer, even where it asks for that.
    private static readonly TimeSpan LongestTotal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly Random Random = new();

    private readonly SessionPause _pause = new(options.TimeProvider);

    public TimeSpan Pause => _pause.Remaining;

    public RetryState Begin(RequestContext context) => new(context, options.TimeProvider);

    /// <param name="isIdempotent">Whether it may arrive twice.</param>
    public async Task<T> RunAsync<T>(bool isIdempotent, Func<Task<T>> attempt, RetryState retryState)
    {
        try
        {
            while (true)
            {
                try
                {
                    return await AttemptAsync(attempt, retryState).ConfigureAwait(false);
                }
                catch (KoreException e) when (MayRetry(e, isIdempotent) && IsWithinBounds(e, retryState))
                {
                    await BackOffAsync(e, retryState).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (retryState.Known is not null)
        {
            // Stopped while waiting: what is known of a write is how it failed.
            throw retryState.Known;
        }
    }

    /// <summary>Whether a change that is known not to be made may be sent again.</summary>
    public bool MaySendAgain(KoreException failure, RetryState retryState) => RequestOutcome.IsTransient(failure) && IsWithinBounds(failure, retryState);

    /// <summary>Waits before a retry; here, or where somebody finds out first what became of the last attempt.</summary>
    public async Task BackOffAsync(KoreException failure, RetryState retryState)
    {
        TimeSpan wait = failure.RetryAfter ?? Spread(Math.Min(LongestBackoff.Ticks, options.RetryInterval.Ticks << Math.Min(retryState.Count, 10)));
        retryState.Add(failure, wait, MaximumRetries(failure));
        if (failure.Kind == KoreErrorKind.Throttled)
        {
            _pause.Extend(wait);
        }

        await options.TimeProvider.Delay(wait, retryState.Context.CancellationToken).ConfigureAwait(false);
    }

    private async Task<T> AttemptAsync<T>(Func<Task<T>> attempt, RetryState retryState)
    {
        // When one request has to wait, all of the session wait.
        // What has elapsed is read first: read after the pause, the moment between them would count twice.
        for (TimeSpan elapsed = retryState.Elapsed; Pause is { Ticks: > 0 } wait; elapsed = retryState.Elapsed)
        {
            if (!HasTime(elapsed, wait))
            {
                KoreException refusal = _pause.Refusal(wait);
                retryState.Fail(refusal);
                throw refusal;
            }

            await options.TimeProvider.Delay(wait, retryState.Context.CancellationToken).ConfigureAwait(false);
        }

        retryState.BeginAttempt();
        try
        {
            T result = await attempt().ConfigureAwait(false);
            retryState.Succeed();
            return result;
        }
        catch (KoreException e)
        {
            retryState.Fail(e);
            // Even where this request is not retried any more.
            if (e is { Kind: KoreErrorKind.Throttled, RetryAfter: TimeSpan wait })
            {
                _pause.Extend(wait);
            }

            throw;
        }
    }

    private static bool MayRetry(KoreException e, bool isIdempotent) =>
        e.Kind == KoreErrorKind.Throttled || e.IsNotSent || (isIdempotent && RequestOutcome.IsTransient(e));

    private bool IsWithinBounds(KoreException e, RetryState retryState) =>
        retryState.Count < MaximumRetries(e) && HasTime(retryState.Elapsed, e.RetryAfter ?? TimeSpan.Zero);

    // A mistyped name stays unknown however long one waits.
    private int MaximumRetries(KoreException e) => Math.Min(options.MaximumRetryCount, e.IsHostUnknown ? 1 : int.MaxValue);

    /// <summary>Whether there is still time for another attempt, the wait before it included.</summary>
    private static bool HasTime(TimeSpan elapsed, TimeSpan wait) => elapsed + wait <= LongestTotal;

    // Requests that failed together would come back together: up to a quarter more or less.
    private static TimeSpan Spread(long ticks)
    {
        lock (Random)
        {
            return TimeSpan.FromTicks((long)(ticks * (0.75 + (Random.NextDouble() / 2))));
        }
    }
}
