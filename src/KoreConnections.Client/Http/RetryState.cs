namespace KoreConnections.Client;

/// <summary>What one piece of work has used up of its repetitions and its time, whichever of its requests used it.</summary>
internal sealed class RetryState(RequestContext context, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private KoreException? _lastFailure;
    private int _before;
    private int _sendings;

    public RequestContext Context => context;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>When its first request went out, or began to, by this machine's clock.</summary>
    public DateTimeOffset? FirstAttempt { get; private set; }

    public int Count { get; private set; }

    /// <summary>What is known of a change when it is stopped: how it failed last, unless it was sent again since then.</summary>
    public KoreException? Known => context.IsSent && context.Sendings == _sendings ? _lastFailure : null;

    /// <summary>How long ago the last attempt failed that may have made a change all the same; null for none, or once it is known what became of it.</summary>
    public TimeSpan? InDoubtFor => InDoubtSince is long since ? time.GetElapsedTime(since) : null;

    /// <summary>The timestamp of that failure.</summary>
    public long? InDoubtSince { get; private set; }

    public void BeginAttempt()
    {
        FirstAttempt ??= time.GetUtcNow();
        _before = context.Sendings;
    }

    /// <summary>How an attempt failed: the one place that remembers doubt. What is refused later does not say that nothing was made before.</summary>
    public void Fail(KoreException failure)
    {
        if (RequestOutcome.IsIndeterminate(failure))
        {
            InDoubtSince = context.Sendings > _before ? time.GetTimestamp() : InDoubtSince;
        }
        else if (InDoubtSince is not null)
        {
            failure.IsIndeterminate = true;
            failure.RecommendedAction = $"{failure.RecommendedAction} {ErrorMapper.AfterChange}".Trim();
        }
    }

    public void Settle() => InDoubtSince = null;

    /// <summary>An answer came: what failed before is over.</summary>
    public void Succeed()
    {
        if (Count > 0)
        {
            context.ReportRetry?.Invoke(null);
        }
    }

    public void Add(KoreException failure, TimeSpan wait, int most)
    {
        _lastFailure = failure;
        _sendings = context.Sendings;
        Count++;
        string retry = FormattableString.Invariant($"Retry {Count} of {most} in {wait.TotalSeconds:0.#} s: {failure.Message}");
        context.Log(retry);
        context.ReportRetry?.Invoke(retry);
    }
}
