namespace KoreConnections.Client;

/// <summary>
/// When one attempt ends early: with its time, and with its call. A read ends at once; a write too as long as nothing
/// of it has left, and from then on only when nobody waits for its answer any more.
/// </summary>
internal sealed class AttemptCancellation : IDisposable
{
    private const int Waiting = 0;
    private const int Left = 1;
    private const int StoppedUnsent = 2;

    private readonly RequestContext _context;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _unsent;
    private int _state = Waiting;

    public AttemptCancellation(RequestContext context, bool isRead, TimeSpan timeout)
    {
        _context = context;
        IsRead = isRead;
        Stop = isRead ? context.CancellationToken : context.WriteToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _source.CancelAfter(timeout);
        if (!isRead)
        {
            _unsent = context.CancellationToken.Register(StopUnsent);
        }
    }

    public bool IsRead { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was the call that ended it.</summary>
    public bool IsStopped => Volatile.Read(ref _state) == StoppedUnsent || Stop.IsCancellationRequested;

    /// <summary>Whether some of what changes something has left.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == Left;

    /// <summary>Whether it ended early: with its time, unless <see cref="IsStopped"/> says otherwise.</summary>
    public bool IsOver => _source.IsCancellationRequested;

    private CancellationToken Stop { get; }

    /// <summary>What changes something is about to leave; it does not where a stop came first.</summary>
    public void MarkLeaving()
    {
        if (Interlocked.CompareExchange(ref _state, Left, Waiting) == StoppedUnsent)
        {
            throw new OperationCanceledException(Token);
        }

        _context.MarkSent();
    }

    public void Dispose()
    {
        _unsent.Dispose();
        _source.Dispose();
    }

    private void StopUnsent()
    {
        if (Interlocked.CompareExchange(ref _state, StoppedUnsent, Waiting) == Waiting)
        {
            _source.Cancel();
        }
    }
}
