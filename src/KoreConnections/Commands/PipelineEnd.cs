namespace KoreConnections.Commands;

/// <summary>What is known of the end of a pipeline while many items are under way: what is not begun by then is not begun any more.</summary>
internal sealed class PipelineEnd
{
    private long _count;

    // The first item whose failure ends the pipeline when its turn comes. What is before it is still done.
    private long _last = long.MaxValue;
    private volatile KoreException? _failure;
    private volatile bool _isHere;

    public long NextNumber() => ++_count;

    public void Come() => _isHere = true;

    /// <summary>Notes a failure of an item.</summary>
    /// <param name="endsPipeline">Whether the error of any item ends the pipeline.</param>
    public void Note(Exception failure, long number, bool endsPipeline)
    {
        if (failure is KoreException known && Errors.EndsPipeline(known))
        {
            _failure = known;
        }
        else if (endsPipeline)
        {
            for (long last = Volatile.Read(ref _last); number < last; last = Volatile.Read(ref _last))
            {
                Interlocked.CompareExchange(ref _last, number, last);
            }
        }
    }

    /// <exception cref="KoreException">All items would fail of it, so that it is not asked for again.</exception>
    /// <exception cref="OperationCanceledException">The pipeline ends before this item.</exception>
    public void RequireOpen(long number)
    {
        if (_failure is KoreException failure)
        {
            throw failure;
        }

        if (_isHere || number > Volatile.Read(ref _last))
        {
            throw new OperationCanceledException();
        }
    }
}
