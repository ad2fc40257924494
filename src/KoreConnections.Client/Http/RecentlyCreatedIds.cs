namespace KoreConnections.Client;

/// <summary>The connections that this session made last. What one create has made, no other can have made too.</summary>
internal sealed class RecentlyCreatedIds
{
    // More than any session makes in the seconds within which two clocks can be mistaken for each other.
    private const int Most = 4096;

    private readonly object _gate = new();
    private readonly HashSet<string> _ids = [];
    private readonly Queue<string> _inOrder = new();

    public bool Contains(string? id)
    {
        lock (_gate)
        {
            return id is not null && _ids.Contains(id);
        }
    }

    /// <summary>Claims an id; false when another create has it.</summary>
    public bool TryAdd(string? id)
    {
        lock (_gate)
        {
            if (id is null || !_ids.Add(id))
            {
                return id is null;
            }

            _inOrder.Enqueue(id);
            if (_inOrder.Count > Most)
            {
                _ids.Remove(_inOrder.Dequeue());
            }

            return true;
        }
    }
}
