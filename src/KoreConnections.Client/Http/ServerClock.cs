using System;
using System.Net.Http;
using System.Threading;

namespace KoreConnections.Client;

/// <summary>
/// Reads local times as the platform's, from the Date header of its latest answer. The header is cut to the second and
/// old by the way back, so what comes out is never later than the platform's own clock.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    private const long NeverObserved = long.MinValue;

    private long _offsetTicks = NeverObserved;

    public void Observe(HttpResponseMessage response)
    {
        if (response.Headers.Date is DateTimeOffset date)
        {
            Interlocked.Exchange(ref _offsetTicks, (date - time.GetUtcNow()).Ticks);
        }
    }

    /// <summary>The platform's time then, or null where the platform never told its time.</summary>
    public DateTime? ToServer(DateTimeOffset local) =>
        Interlocked.Read(ref _offsetTicks) is var offset && offset == NeverObserved ? null : local.UtcDateTime.AddTicks(offset);
}
