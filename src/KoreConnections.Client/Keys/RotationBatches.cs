namespace KoreConnections.Client;

/// <summary>The rows of a rotation, a batch at a time: each is read and verified as a whole before any key of it is changed.</summary>
/// <param name="delay">The pause before each batch but the first.</param>
internal sealed class RotationBatches(RotationLimit limit, int size, TimeSpan delay)
{
    private bool _hasTried;

    public bool IsFull => Items.Count >= size;

    /// <summary>The rows that were added and are not prepared yet.</summary>
    public List<RotationItem> Items { get; } = [];

    public bool Holds(string connectionId) => Items.Any(i => i.Target == connectionId);

    /// <summary>Prepares the rows that were added, and begins the next batch.</summary>
    /// <param name="rotator">Null where every row so far was refused.</param>
    /// <returns>The rows, and why they are skipped; null where they are not.</returns>
    public async Task<(IReadOnlyList<RotationItem> Items, string? StopReason)> PrepareAsync(
        KeyRotator? rotator, int throttleLimit, RequestContext context)
    {
        RotationItem[] items = [.. Items];
        Items.Clear();
        // A row that repeats the result of another has no failure of its own.
        limit.Count(items.Count(i => i.IsEnded && i.Result is { IsFailure: true, Failure: not null }));
        RotationItem[] open = [.. items.Where(i => !i.IsEnded)];
        string? stopReason = null;
        if (open.Length > 0)
        {
            if (_hasTried && delay > TimeSpan.Zero && limit.StopReason is null)
            {
                context.Log($"The next batch starts in {delay.TotalSeconds:0} s.");
                await Task.Delay(delay, context.CancellationToken).ConfigureAwait(false);
            }

            _hasTried = true;
            stopReason = limit.StopReason;
            await (stopReason is null ? rotator!.PrepareAsync(open, throttleLimit, context) : rotator!.NameAsync(open, context)).ConfigureAwait(false);
        }

        limit.Judge([.. items.Select(i => i.Result.Failure)]);
        return (items, stopReason);
    }
}
