namespace KoreConnections.Client;

/// <summary>
/// Reads local times as the platform's, from the Date header of its latest answer. The header is cut to the second and
/// old by the way back, so what comes out is never later than the platform's own clock.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    /// <summary>How far the clocks of one platform's machines may be apart.</summary>
    public static readonly TimeSpan Error = TimeSpan.FromSeconds(5);

    /// <summary>How far before the Date header a time may be and still say nothing: a gateway's clock and a database's are apart by more.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(20);

    private const long NeverObserved = long.MinValue;

    private readonly object _gate = new();
    private long _offsetTicks = NeverObserved;
    private long _latest = long.MinValue;
    private long _earliest = long.MaxValue;
    private volatile bool _isRight;
    private volatile bool _isWrong;

    /// <summary>The platform's time now, or null where the platform never sent its time.</summary>
    public DateTime? Now => ToServer(time.GetUtcNow());

    /// <summary>Whether the times of new connections are those of the Date header; null where none could be compared yet.</summary>
    public bool? IsCreatedOnRight => _isWrong ? false : _isRight ? true : null;

    /// <summary>How far the Date headers of the session are apart beyond what the way takes: machines behind one host may have clocks of their own.</summary>
    public TimeSpan Disagreement
    {
        get
        {
            lock (_gate)
            {
                return TimeSpan.FromTicks(_latest > _earliest ? _latest - _earliest : 0);
            }
        }
    }

    /// <param name="begun">When the request began: the header was written between then and now.</param>
    public void Observe(HttpResponseMessage response, DateTimeOffset begun)
    {
        if (response.Headers.Date is DateTimeOffset date && IsTime(date.Year))
        {
            long offset = (date - time.GetUtcNow()).Ticks;
            Interlocked.Exchange(ref _offsetTicks, offset);
            lock (_gate)
            {
                _latest = Math.Max(_latest, offset);
                _earliest = Math.Min(_earliest, (date.AddSeconds(1) - begun).Ticks);
            }
        }
    }

    /// <summary>Whether a time of this year means anything: year 1 and 1970 stand for none, and the ends of the calendar cannot be reckoned with.</summary>
    public static bool IsTime(int year) => year is > 1970 and < 9000;

    /// <summary>What the clock of new connections shows, known from one that was created between then and now.</summary>
    public void Compare(DateTimeOffset sent, DateTime? createdOn)
    {
        if (createdOn is DateTime local && IsTime(local.Year) && ToServer(sent) is DateTime earliest && Now is DateTime latest)
        {
            DateTime created = local.ToUniversalTime();
            bool isRight = earliest - created <= Error && created - latest <= Error;
            _isRight |= isRight;
            // One clock that is wrong is enough: the next connection may have its time from there.
            _isWrong |= !isRight;
        }
    }

    /// <summary>The platform's time when a connection was read, as far as both are known.</summary>
    public DateTime? OfReading(Connection connection) => IsTime(connection.ReadOn.Year) ? ToServer(connection.ReadOn) : null;

    /// <summary>The platform's time then, or null where the platform never sent its time.</summary>
    public DateTime? ToServer(DateTimeOffset local) =>
        Interlocked.Read(ref _offsetTicks) is var offset && offset == NeverObserved ? null : local.UtcDateTime.AddTicks(offset);
}
