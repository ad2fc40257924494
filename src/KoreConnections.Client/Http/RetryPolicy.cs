using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Polly;
using Polly.Retry;

namespace KoreConnections.Client;

/// <summary>
/// What is repeated, when, and how often. A create is repeated only where it is certain that nothing was created;
/// everything else about creates is <see cref="Creation"/>'s.
/// </summary>
internal sealed class RetryPolicy
{
    // No wait for a platform goes beyond this, whatever it asks for.
    private static readonly TimeSpan LongestTotal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly ResiliencePropertyKey<Attempts> Key = new("KoreConnections.Attempts");

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

    /// <summary>Runs an attempt, and again as the policy says.</summary>
    public async Task<T> RunAsync<T>(HttpMethod method, Func<Task<T>> attempt, Call call)
    {
        var attempts = new Attempts(method, call, _options.TimeProvider.GetUtcNow());
        try
        {
            return await AttemptAsync(attempt, call).ConfigureAwait(false);
        }
        catch (KoreException e) when (IsRepeated(e, attempts))
        {
            // Only now is the machinery needed, and loaded.
            attempts.LastFailure = e;
            return await RepeatAsync(attempt, attempts).ConfigureAwait(false);
        }
    }

    /// <summary>A wait as before a repetition, for those who repeat by themselves.</summary>
    public async Task BackOffAsync(KoreException failure, int attempt, Call call)
    {
        TimeSpan wait = failure.RetryAfter ?? TimeSpan.FromTicks(Math.Min(LongestBackoff.Ticks, _options.RetryInterval.Ticks << Math.Min(attempt, 10)));
        call.Log(LogLevel.Verbose, $"Again in {wait.TotalSeconds:0.#} s ({attempt + 1} of {_options.MaximumRetryCount}): {failure.Message}");
        await _options.TimeProvider.Delay(wait, call.CancellationToken).ConfigureAwait(false);
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> attempt, Attempts attempts)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(attempts.Call.CancellationToken);
        context.Properties.Set(Key, attempts);
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                async (c, state) =>
                {
                    if (state.Attempts.TakeFirstFailure() is KoreException first)
                    {
                        throw first;
                    }

                    return await AttemptAsync(state.Run, state.Attempts.Call).ConfigureAwait(false);
                },
                context,
                (Run: attempt, Attempts: attempts)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (attempts.LastFailure is not null && attempts.Call.IsSent)
        {
            // Stopped while waiting: what is known of a write is how it failed.
            throw attempts.LastFailure;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> AttemptAsync<T>(Func<Task<T>> attempt, Call call)
    {
        // When one request is told to wait, all of the session wait.
        while (Pause is { Ticks: > 0 } wait)
        {
            await _options.TimeProvider.Delay(wait, call.CancellationToken).ConfigureAwait(false);
        }

        return await attempt().ConfigureAwait(false);
    }

    private ResiliencePipeline Build() => new ResiliencePipelineBuilder { TimeProvider = _options.TimeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(1, _options.MaximumRetryCount),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = _options.RetryInterval,
            MaxDelay = LongestBackoff,
            ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is KoreException e && IsRepeated(e, Of(args.Context))),
            DelayGenerator = args => new ValueTask<TimeSpan?>((args.Outcome.Exception as KoreException)?.RetryAfter),
            OnRetry = args =>
            {
                OnRetry(Of(args.Context), (KoreException)args.Outcome.Exception!, args.AttemptNumber, args.RetryDelay);
                return default;
            },
        })
        .Build();

    /// <summary>Whether there is still time for another attempt, the wait that the platform asks for included.</summary>
    public bool HasTime(DateTimeOffset start, KoreException failure) =>
        _options.TimeProvider.GetUtcNow() - start + (failure.RetryAfter ?? TimeSpan.Zero) <= LongestTotal;

    private bool IsRepeated(KoreException e, Attempts attempts) =>
        _options.MaximumRetryCount > 0 && IsTransient(e, attempts.Method) && HasTime(attempts.Start, e);

    private static bool IsTransient(KoreException e, HttpMethod method) =>
        e.Kind == KoreErrorKind.Throttled
        || e.IsNotSent
        || (method != HttpMethod.Post && IsOpen(e));

    /// <summary>A failure that may pass, and that leaves open whether the platform did the work.</summary>
    public static bool IsOpen(KoreException e) =>
        (int?)e.StatusCode is 502 or 503 or 504 or 529
        || e.Kind == KoreErrorKind.Timeout
        || (e.Kind == KoreErrorKind.Unreachable && !e.IsNotSent && !e.IsTls && e.StatusCode is null);

    private void OnRetry(Attempts attempts, KoreException failure, int number, TimeSpan wait)
    {
        attempts.LastFailure = failure;
        attempts.Call.Log(LogLevel.Verbose, $"Again in {wait.TotalSeconds:0.#} s ({number + 1} of {_options.MaximumRetryCount}): {failure.Message}");
        if (failure.Kind == KoreErrorKind.Throttled)
        {
            SlowDown(_options.TimeProvider.GetUtcNow() + wait);
        }
    }

    private void SlowDown(DateTimeOffset until)
    {
        long current;
        while ((current = Interlocked.Read(ref _notBeforeTicks)) < until.UtcTicks)
        {
            Interlocked.CompareExchange(ref _notBeforeTicks, until.UtcTicks, current);
        }
    }

    private static Attempts Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    private sealed class Attempts(HttpMethod method, Call call, DateTimeOffset start)
    {
        private bool _isFirst = true;

        public HttpMethod Method => method;

        public Call Call => call;

        public DateTimeOffset Start => start;

        public KoreException? LastFailure { get; set; }

        /// <summary>The failure that came before the machinery was there: its first outcome.</summary>
        public KoreException? TakeFirstFailure()
        {
            KoreException? first = _isFirst ? LastFailure : null;
            _isFirst = false;
            return first;
        }
    }
}
