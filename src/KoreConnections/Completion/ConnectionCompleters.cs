using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes from the connections of the session at hand. Without a session, or without a person, there is nothing.</summary>
public abstract class ConnectionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        KoreSession? session = fakeBoundParameters["Session"] is { } given
            ? (given is PSObject wrapped ? wrapped.BaseObject : given) as KoreSession
            : CurrentSession.Value;
        string word = CompletionResults.Typed(wordToComplete);
        return session is null || HostInfo.IsNonInteractive ? [] : Complete(CompletionCache.Of(session), word).ToArray();
    }

    private protected abstract IEnumerable<CompletionResult> Complete(IEnumerable<Connection> connections, string word);

    private protected static bool Begins(string? text, string word) => text?.StartsWith(word, StringComparison.OrdinalIgnoreCase) == true;

    private protected static string ToolTip(Connection connection) =>
        $"{connection.ConnectionName}: {connection.Provider}, {connection.Model}, {connection.Status}";
}

/// <summary>Completes names, with wildcard characters escaped.</summary>
public sealed class ConnectionNameCompleter : ConnectionCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(IEnumerable<Connection> connections, string word) => connections
        .Where(c => c.ConnectionName is string name && !name.Any(char.IsControl) && (Begins(name, word) || Begins(WildcardPattern.Escape(name), word)))
        .OrderBy(c => c.ConnectionName, StringComparer.OrdinalIgnoreCase)
        .Select(c => CompletionResults.Of(WildcardPattern.Escape(c.ConnectionName!), c.ConnectionName!, ToolTip(c)));
}

/// <summary>Completes ids, found by their beginning or by that of the connection's name.</summary>
public sealed class ConnectionIdCompleter : ConnectionCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(IEnumerable<Connection> connections, string word) => connections
        .Where(c => c.ConnectionId is not null && (Begins(c.ConnectionId, word) || Begins(c.ConnectionName, word)))
        .OrderBy(c => c.ConnectionName, StringComparer.OrdinalIgnoreCase)
        .Select(c => CompletionResults.Of(c.ConnectionId!, $"{c.ConnectionId} {c.ConnectionName}", ToolTip(c)));
}
