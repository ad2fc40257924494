namespace KoreConnections.Client;

/// <summary>The changes of a session that may still arrive, because nobody knows what became of them. One that arrives later would undo the next.</summary>
internal sealed class LateChanges(TimeProvider time)
{
    // By the id of the connection, when the change failed.
    private readonly ConcurrentDictionary<string, long> _failedOn = new(StringComparer.Ordinal);

    /// <param name="failedOn">The timestamp of its failure.</param>
    public void Add(string connectionId, long failedOn) => _failedOn[connectionId] = failedOn;

    public void Remove(string connectionId) => _failedOn.TryRemove(connectionId, out _);

    /// <summary>Waits for as long as a change of a connection before can arrive.</summary>
    public async Task AwaitAsync(string connectionId, RequestContext context)
    {
        if (_failedOn.TryGetValue(connectionId, out long failedOn)
            && RequestOutcome.LongestArrival - time.GetElapsedTime(failedOn) is { Ticks: > 0 } wait)
        {
            string id = TextSanitizer.SingleLine(connectionId, 100);
            context.Log(FormattableString.Invariant($"An earlier change of '{id}' may still arrive. Waiting {wait.TotalSeconds:0.#} s for it."));
            await time.Delay(wait, context.CancellationToken).ConfigureAwait(false);
        }
    }
}
