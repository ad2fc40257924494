namespace KoreConnections.Tests.Support;

/// <summary>A clock on which every wait is over at once, and counts as if it had been waited.</summary>
internal sealed class AutoAdvancingTimeProvider : TimeProvider
{
    private long _advancedTicks;
    private long _stepTicks;
    private long _stepAtWaitTicks;

    public TimeSpan Advanced => TimeSpan.FromTicks(Interlocked.Read(ref _advancedTicks));

    /// <summary>By how much somebody sets the machine's time, once, when the next wait has begun.</summary>
    public TimeSpan StepAtWait { set => Interlocked.Exchange(ref _stepAtWaitTicks, value.Ticks); }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Advanced + TimeSpan.FromTicks(Interlocked.Read(ref _stepTicks));

    public override long GetTimestamp() => base.GetTimestamp() + (Advanced.Ticks * (TimestampFrequency / TimeSpan.TicksPerSecond));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Interlocked.Add(ref _advancedTicks, dueTime.Ticks);
            Interlocked.Add(ref _stepTicks, Interlocked.Exchange(ref _stepAtWaitTicks, 0));
        }

        return base.CreateTimer(callback, state, dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
    }
}
