namespace KoreConnections.Client;

/// <summary>
/// How long the platform wants to be left alone by all requests of a session. It is measured by a clock that nobody sets: a machine's own time
/// may jump by hours while something waits.
/// </summary>
internal sealed class SessionPause(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    // Since the start.
    private long _untilTicks;

    public TimeSpan Remaining =>
        TimeSpan.FromTicks(Interlocked.Read(ref _untilTicks)) - time.GetElapsedTime(_start) is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;

    public void Extend(TimeSpan wait)
    {
        long until = (time.GetElapsedTime(_start) + wait).Ticks;
        long current;
        while ((current = Interlocked.Read(ref _untilTicks)) < until)
        {
            Interlocked.CompareExchange(ref _untilTicks, until, current);
        }
    }

    /// <summary>The failure of a request that cannot wait for so long: it is not sent, because many platforms refuse for longer then.</summary>
    public KoreException Refusal(TimeSpan wait) => new(
        KoreErrorKind.Throttled,
        $"The platform refuses further requests until {(time.GetLocalNow() + wait).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}. "
            + "This request was not sent.")
    {
        IsNotSent = true,
        RetryAfter = wait,
        RecommendedAction = $"{ErrorMapper.Wait(wait)} To try earlier, connect again with Connect-KorePlatform.",
    };
}
