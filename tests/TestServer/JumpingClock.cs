using System;
using System.Threading;

namespace KoreConnections.Tests.Support;

/// <summary>A clock on which every wait is over at once, and counts as if it had been waited.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _jumpedTicks;

    public TimeSpan Jumped => TimeSpan.FromTicks(Interlocked.Read(ref _jumpedTicks));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jumped;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            Interlocked.Add(ref _jumpedTicks, dueTime.Ticks);
        }

        return base.CreateTimer(callback, state, dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
    }
}
