namespace KoreConnections.Client;

/// <summary>What ends a rotation early: too many failures, a first batch without a key that can be used, or what makes all that follows fail alike.</summary>
/// <param name="maximumFailure">After how many failures no further change is begun; 0 for never.</param>
internal sealed class RotationLimit(int maximumFailure)
{
    private int _failures;
    private bool _hasUsable;
    private volatile string? _stopReason;

    /// <summary>Why no further change is begun; null while it continues.</summary>
    public string? StopReason => _stopReason ?? (maximumFailure > 0 && Volatile.Read(ref _failures) >= maximumFailure
        ? $"the rotation was stopped after {Phrases.Count(maximumFailure, "failure")}"
        : null);

    public void Stop(string reason) => _stopReason ??= reason;

    public void Count(int failures) => Interlocked.Add(ref _failures, failures);

    public void NoteUsable() => _hasUsable = true;

    /// <summary>Stops where no key could be used so far. Of a connection that is not there, nothing is known of its key.</summary>
    /// <param name="failures">What speaks against a change, of each row of a batch; null for nothing.</param>
    public void Judge(IReadOnlyList<KoreException?> failures)
    {
        _hasUsable |= failures.Contains(null);
        if (!_hasUsable && failures.Any(f => f!.Kind != KoreErrorKind.ConnectionNotFound))
        {
            Stop("every row of the first batch failed before a key was changed");
        }
    }
}
