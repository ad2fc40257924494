using System;
using System.Threading;

namespace KoreConnections.Client;

/// <summary>
/// When one attempt ends early: with its time, and with its call. A read ends at once; a write too as long as nothing
/// of it has left, and from then on only when nobody waits for its answer any more.
/// </summary>
internal sealed class AttemptLimit : IDisposable
{
    private readonly Call _call;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _unsent;
    private volatile bool _hasLeft;
    private volatile bool _isStoppedUnsent;

    public AttemptLimit(Call call, bool isRead, TimeSpan time)
    {
        _call = call;
        Stop = isRead ? call.CancellationToken : call.WriteToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _source.CancelAfter(time);
        if (!isRead)
        {
            _unsent = call.CancellationToken.Register(StopUnsent);
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was the call that ended it.</summary>
    public bool IsStopped => _isStoppedUnsent || Stop.IsCancellationRequested;

    /// <summary>Whether its time is over.</summary>
    public bool IsTimeOver => _source.IsCancellationRequested && !IsStopped;

    private CancellationToken Stop { get; }

    /// <summary>What changes something is about to leave.</summary>
    public void MarkLeaving()
    {
        _hasLeft = true;
        _call.MarkSent();
    }

    public void Dispose()
    {
        _unsent.Dispose();
        _source.Dispose();
    }

    private void StopUnsent()
    {
        if (!_hasLeft)
        {
            _isStoppedUnsent = true;
            _source.Cancel();
        }
    }
}
