using System;
using System.Net.Http;
using System.Threading;

namespace KoreConnections.Client;

/// <summary>How much a line of the log matters.</summary>
public enum LogLevel
{
    /// <summary>For someone who wants to see what happens.</summary>
    Verbose,

    /// <summary>For someone who looks for a fault.</summary>
    Debug,
}

/// <summary>What goes with one call through all layers: who listens, when to stop, which keys to keep out of texts.</summary>
/// <param name="log">Takes lines from any thread; they hold no key.</param>
/// <param name="cancellationToken">Stops the call.</param>
public sealed class Call(Action<LogLevel, string>? log = null, CancellationToken cancellationToken = default)
{
    private const string Property = "KoreConnections.Call";

    /// <summary>Stops the call.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    internal void Log(LogLevel level, string line) => log?.Invoke(level, line);

    internal bool IsLogged => log is not null;

    // The property bag is the one way through a handler chain that netstandard2.0 and .NET share.
    internal void AttachTo(HttpRequestMessage request) => request.Properties[Property] = this;

    internal static Call? Of(HttpRequestMessage request) =>
        request.Properties.TryGetValue(Property, out object? call) ? call as Call : null;
}
