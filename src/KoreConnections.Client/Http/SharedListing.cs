using System;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>Listings for those who need to know how things stand now: each gets one that began after it asked, shared with all who wait.</summary>
/// <param name="list">Makes a listing.</param>
internal sealed class SharedListing(Func<Call, Task<ConnectionList>> list)
{
    private readonly object _gate = new();
    private Task _running = Task.CompletedTask;
    private Task<ConnectionList>? _next;

    public async Task<ConnectionList> GetAsync(Call call)
    {
        Task<ConnectionList> mine;
        lock (_gate)
        {
            mine = _next ??= StartAfter(_running);
        }

        // One caller's stop must not take the listing from the others.
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (call.CancellationToken.Register(() => stopped.TrySetResult(true)))
        {
            await Task.WhenAny(mine, stopped.Task).ConfigureAwait(false);
            call.CancellationToken.ThrowIfCancellationRequested();
        }

        return await mine.ConfigureAwait(false);
    }

    private async Task<ConnectionList> StartAfter(Task running)
    {
        // Whoever runs before may fail; that is told to those who wait for it.
        await Task.WhenAny(running).ConfigureAwait(false);
        await Task.Yield();
        Task<ConnectionList> listing;
        lock (_gate)
        {
            _next = null;
            listing = list(new Call());
            _running = listing;
        }

        return await listing.ConfigureAwait(false);
    }
}
