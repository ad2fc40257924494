namespace KoreConnections.Tests.Support;

/// <summary>A clock on which every wait is over at once, and counts as if it had been waited.</summary>
internal sealed class AutoAdvancingTimeProvider : TimeProvider
{
    private long _advancedTicks;

    public TimeSpan Advanced => TimeSpan.FromTicks(Interlocked.Read(ref _advancedTicks));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Advanced;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Interlocked.Add(ref _advancedTicks, dueTime.Ticks);
        }

        return base.CreateTimer(callback, state, dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
    }
}
