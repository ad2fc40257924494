namespace KoreConnections.Client;

/// <summary>What goes with one piece of work through all layers: who listens, and when to stop.</summary>
/// <param name="log">Takes lines from any thread; they hold no key.</param>
internal sealed class RequestContext(
    Action<LogLevel, string>? log = null, CancellationToken cancellationToken = default, CancellationToken writeToken = default)
{
    private const string Property = "KoreConnections.RequestContext";

    private int _sendings;

    /// <summary>Stops reads and waits at once, and writes that were not sent yet.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Stops waiting for the answer to a write that was sent.</summary>
    public CancellationToken WriteToken { get; } = writeToken;

    /// <summary>Whether a request that changes something has been sent: from then on stopping leaves its outcome open.</summary>
    public bool IsSent => Sendings > 0;

    /// <summary>The platform's id of the latest request that was answered, where it sends one.</summary>
    internal string? RequestId { get; set; }

    /// <summary>Takes the line of each retry, and null once an answer came; from any thread.</summary>
    internal Action<string?>? ReportRetry { get; init; }

    /// <summary>Keys that the caller has beside those of its request: what is said of a failure shows none of them.</summary>
    internal IEnumerable<Secret> KnownKeys { get; init; } = [];

    /// <summary>What the failures of the caller's other requests had.</summary>
    internal SearchedTexts? SearchedTexts { get; init; }

    internal bool IsLogged => log is not null;

    /// <summary>How often a body that changes something went out.</summary>
    internal int Sendings => Volatile.Read(ref _sendings);

    internal void Log(string line, LogLevel level = LogLevel.Verbose) => log?.Invoke(level, line);

    internal void MarkSent() => Interlocked.Increment(ref _sendings);

    /// <summary>A context for work that others wait for too: this one's stop does not end it.</summary>
    internal RequestContext ForOthers(CancellationToken stop) =>
        new(log, stop) { ReportRetry = ReportRetry, KnownKeys = KnownKeys, SearchedTexts = SearchedTexts };

    // The property bag is the one way through a handler chain that netstandard2.0 and .NET share.
    internal void AttachTo(HttpRequestMessage request) => request.Properties[Property] = this;

    internal static RequestContext? Of(HttpRequestMessage request) =>
        request.Properties.TryGetValue(Property, out object? context) ? context as RequestContext : null;
}
