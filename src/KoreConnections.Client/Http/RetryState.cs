namespace KoreConnections.Client;

/// <summary>What one piece of work has used up of its repetitions and its time, whichever of its requests used it.</summary>
internal sealed class RetryState(RequestContext context, DateTimeOffset start)
{
    private DateTimeOffset? _first;
    private int _sendings;

    public RequestContext Context => context;

    public DateTimeOffset Start { get; } = start;

    /// <summary>When its first request went out, or began to.</summary>
    public DateTimeOffset FirstAttempt => _first ?? Start;

    public int Count { get; private set; }

    /// <summary>
    /// What is known of a change when it is stopped: how it failed last, unless it was sent again since then.
    /// </summary>
    public KoreException? Known => LastFailure is not null && context.IsSent && context.Sendings == _sendings ? LastFailure : null;

    private KoreException? LastFailure { get; set; }

    public void BeginAttempt(DateTimeOffset now) => _first ??= now;

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
        LastFailure = failure;
        _sendings = context.Sendings;
        Count++;
        string retry = $"Retry {Count} of {most} in {wait.TotalSeconds:0.#} s: {failure.Message}";
        context.Log(LogLevel.Verbose, retry);
        context.ReportRetry?.Invoke(retry);
    }
}
