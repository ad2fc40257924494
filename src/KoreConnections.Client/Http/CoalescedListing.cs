namespace KoreConnections.Client;

/// <summary>Listings for those who need to know how things stand now: each gets one that began after it asked, shared with all who wait.</summary>
internal sealed class CoalescedListing(Func<RequestContext, Task<ConnectionList>> list)
{
    private readonly object _gate = new();
    private Task _running = Task.CompletedTask;
    private Round? _next;

    public async Task<ConnectionList> GetAsync(RequestContext context)
    {
        Round mine = Join(context);
        try
        {
            // One caller's stop must not take the listing from the others.
            var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (context.CancellationToken.Register(() => stopped.TrySetResult(true)))
            {
                await Task.WhenAny(mine.Listing, stopped.Task).ConfigureAwait(false);
                context.CancellationToken.ThrowIfCancellationRequested();
            }

            return await mine.Listing.ConfigureAwait(false);
        }
        finally
        {
            Leave(mine);
        }
    }

    private Round Join(RequestContext context)
    {
        lock (_gate)
        {
            if (_next is null)
            {
                _next = new Round();
                _next.Listing = RunAfter(_running, _next, context.ForOthers(_next.Stop.Token));
            }

            _next.Waiting++;
            return _next;
        }
    }

    private void Leave(Round round)
    {
        lock (_gate)
        {
            if (--round.Waiting > 0)
            {
                return;
            }

            _next = _next == round ? null : _next;
        }

        // Nobody waits any more.
        round.Stop.Cancel();
    }

    private async Task<ConnectionList> RunAfter(Task running, Round round, RequestContext context)
    {
        // The call before may fail; its own caller gets that failure.
        await Task.WhenAny(running).ConfigureAwait(false);
        await Task.Yield();
        Task<ConnectionList> listing;
        lock (_gate)
        {
            _next = _next == round ? null : _next;
            listing = list(context);
            _running = listing;
        }

        return await listing.ConfigureAwait(false);
    }

    private sealed class Round
    {
        public Task<ConnectionList> Listing { get; set; } = null!;

        public int Waiting { get; set; }

        public CancellationTokenSource Stop { get; } = new();
    }
}
