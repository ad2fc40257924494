using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace KoreConnections.Commands;

/// <summary>A session's connections, kept for a moment or until it changes something. Tab waits a short time, and not again at the next press.</summary>
internal static class CompletionCache
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);
    private static readonly ConditionalWeakTable<KoreSession, Listing> Kept = new();

    public static IReadOnlyList<Connection> Of(KoreSession session)
    {
        if (!Kept.TryGetValue(session, out Listing? kept) || kept.Age.Elapsed >= Freshness || kept.Changes != session.Changes)
        {
            int changes = session.Changes;
            kept = new Listing(List(session), changes);
            lock (Kept)
            {
                Kept.Remove(session);
                Kept.Add(session, kept);
            }
        }

        return kept.Items;
    }

    private static IReadOnlyList<Connection> List(KoreSession session)
    {
        try
        {
            ConnectionsClient client = session.Client;
            using var stop = new CancellationTokenSource();
            Task<ConnectionList> task = Task.Run(() => client.ListAsync(null, new RequestContext(null, stop.Token)));
            if (task.Wait(Patience))
            {
                return task.Result.Items;
            }

            stop.Cancel();
            return [];
        }
        catch (Exception e) when (e is KoreException or AggregateException)
        {
            // A completer says nothing where it knows nothing.
            return [];
        }
    }

    private sealed record Listing(IReadOnlyList<Connection> Items, int Changes)
    {
        public Stopwatch Age { get; } = Stopwatch.StartNew();
    }
}
