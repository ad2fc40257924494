namespace KoreConnections.Sandbox;

/// <summary>The latest requests to the API.</summary>
public sealed class RequestLog
{
    private const int Capacity = 10_000;

    // In characters: bodies may be large, and many.
    private const long LargestTotal = 64 * 1024 * 1024;

    private readonly object _gate = new();
    private readonly Queue<(LoggedRequest Request, int Size)> _requests = new();
    private long _total;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LoggedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return _requests.Select(r => r.Request).ToArray();
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _total = 0;
        }
    }

    internal void Add(LoggedRequest request, int size)
    {
        lock (_gate)
        {
            _requests.Enqueue((request, size));
            _total += size;
            while (_requests.Count > Capacity || _total > LargestTotal)
            {
                _total -= _requests.Dequeue().Size;
            }
        }
    }
}
