using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Polly;
using Polly.Retry;

namespace KoreConnections.Client;

/// <summary>
/// What is repeated, when, and how often. A create is repeated only where it is certain that nothing was created;
/// everything else about creates is <see cref="ExactlyOnceCreate"/>'s.
/// </summary>
internal sealed class RetryPolicy
{
    // No wait for a platform goes beyond this, whatever it asks for.
    private static readonly TimeSpan LongestTotal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly Random Random = new();
    private static readonly ResiliencePropertyKey<Run> Key = new("KoreConnections.Run");

    private readonly TransportOptions _options;
    private readonly Lazy<ResiliencePipeline> _pipeline;
    private long _notBeforeTicks;

    public RetryPolicy(TransportOptions options)
    {
        _options = options;
        _pipeline = new Lazy<ResiliencePipeline>(Build);
    }

    /// <summary>How long the platform still wants to be left alone.</summary>
    public TimeSpan Pause => new DateTimeOffset(Interlocked.Read(ref _notBeforeTicks), TimeSpan.Zero) - _options.TimeProvider.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;

    /// <summary>Begins a piece of work.</summary>
    public RetryState Begin(RequestContext call) => new(call, _options.TimeProvider.GetUtcNow());

    /// <summary>Runs an attempt, and again as the policy says.</summary>
    public async Task<T> RunAsync<T>(HttpMethod method, Func<Task<T>> attempt, RetryState retryState)
    {
        try
        {
            return await AttemptAsync(attempt, retryState).ConfigureAwait(false);
        }
        catch (KoreException e) when (IsRepeated(e, method, retryState))
        {
            // Only now is the machinery needed, and loaded.
            return await RepeatAsync(attempt, new Run(method, retryState, e)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (retryState.Known is not null)
        {
            throw retryState.Known;
        }
    }

    /// <summary>Whether a change that is known not to be made may be sent again.</summary>
    public bool MaySendAgain(KoreException failure, RetryState retryState) =>
        IsOpen(failure) && IsWithinBounds(failure, retryState);

    /// <summary>A wait as before a repetition, for those who repeat by themselves.</summary>
    public async Task BackOffAsync(KoreException failure, RetryState retryState)
    {
        TimeSpan wait = failure.RetryAfter ?? Spread(Math.Min(LongestBackoff.Ticks, _options.RetryInterval.Ticks << Math.Min(retryState.Count, 10)));
        retryState.Add(failure, wait, _options.MaximumRetryCount);
        await _options.TimeProvider.Delay(wait, retryState.Context.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>A failure that may pass, and that leaves open whether the platform did the work.</summary>
    public static bool IsOpen(KoreException e) =>
        (int?)e.StatusCode is 502 or 503 or 504 or 529
        || e.Kind == KoreErrorKind.Timeout
        || (e.Kind == KoreErrorKind.Unreachable && !e.IsNotSent && !e.IsTls && e.StatusCode is null);

    private async Task<T> RepeatAsync<T>(Func<Task<T>> attempt, Run run)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(run.RetryState.Context.CancellationToken);
        context.Properties.Set(Key, run);
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                async (c, state) =>
                {
                    if (state.Run.TakeFirstFailure() is KoreException first)
                    {
                        throw first;
                    }

                    return await AttemptAsync(state.Attempt, state.Run.RetryState).ConfigureAwait(false);
                },
                context,
                (Attempt: attempt, Run: run)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.RetryState.Known is not null)
        {
            // Stopped while waiting: what is known of a write is how it failed.
            throw run.RetryState.Known;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> AttemptAsync<T>(Func<Task<T>> attempt, RetryState retryState)
    {
        // When one request is told to wait, all of the session wait.
        while (Pause is { Ticks: > 0 } wait && HasTime(retryState, wait))
        {
            await _options.TimeProvider.Delay(wait, retryState.Context.CancellationToken).ConfigureAwait(false);
        }

        retryState.BeginAttempt(_options.TimeProvider.GetUtcNow());
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Throttled)
        {
            // Even where this request is not repeated any more.
            SlowDown(e.RetryAfter);
            throw;
        }
    }

    private ResiliencePipeline Build() => new ResiliencePipelineBuilder { TimeProvider = _options.TimeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(1, _options.MaximumRetryCount),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = _options.RetryInterval,
            MaxDelay = LongestBackoff,
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is KoreException e && IsRepeated(e, Of(args.Context).Method, Of(args.Context).RetryState)),
            DelayGenerator = args => new ValueTask<TimeSpan?>((args.Outcome.Exception as KoreException)?.RetryAfter),
            OnRetry = args =>
            {
                OnRetry(Of(args.Context).RetryState, (KoreException)args.Outcome.Exception!, args.RetryDelay);
                return default;
            },
        })
        .Build();

    private bool IsRepeated(KoreException e, HttpMethod method, RetryState retryState) =>
        IsTransient(e, method) && IsWithinBounds(e, retryState);

    private bool IsWithinBounds(KoreException e, RetryState retryState) =>
        retryState.Count < _options.MaximumRetryCount && HasTime(retryState, e.RetryAfter ?? TimeSpan.Zero);

    /// <summary>Whether there is still time for another attempt, the wait before it included.</summary>
    private bool HasTime(RetryState retryState, TimeSpan wait) =>
        _options.TimeProvider.GetUtcNow() - retryState.Start + wait <= LongestTotal;

    private static bool IsTransient(KoreException e, HttpMethod method) =>
        e.Kind == KoreErrorKind.Throttled
        || e.IsNotSent
        || (method != HttpMethod.Post && IsOpen(e));

    private void OnRetry(RetryState retryState, KoreException failure, TimeSpan wait)
    {
        retryState.Add(failure, wait, _options.MaximumRetryCount);
        if (failure.Kind == KoreErrorKind.Throttled)
        {
            SlowDown(wait);
        }
    }

    private void SlowDown(TimeSpan? wait)
    {
        if (wait is null || wait > LongestTotal)
        {
            return;
        }

        DateTimeOffset until = _options.TimeProvider.GetUtcNow() + wait.Value;
        long current;
        while ((current = Interlocked.Read(ref _notBeforeTicks)) < until.UtcTicks)
        {
            Interlocked.CompareExchange(ref _notBeforeTicks, until.UtcTicks, current);
        }
    }

    // Creates that failed together would come back together: up to a quarter more or less, as the pipeline spreads its own.
    private static TimeSpan Spread(long ticks)
    {
        lock (Random)
        {
            return TimeSpan.FromTicks((long)(ticks * (0.75 + (Random.NextDouble() / 2))));
        }
    }

    private static Run Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    private sealed class Run(HttpMethod method, RetryState retryState, KoreException firstFailure)
    {
        private KoreException? _first = firstFailure;

        public HttpMethod Method => method;

        public RetryState RetryState => retryState;

        /// <summary>The failure that came before the machinery was there: its first outcome.</summary>
        public KoreException? TakeFirstFailure()
        {
            KoreException? first = _first;
            _first = null;
            return first;
        }
    }
}
