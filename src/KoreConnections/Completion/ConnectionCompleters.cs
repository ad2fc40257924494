using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes from the connections of the session at hand. Without a session, or without a person, there is nothing.</summary>
public abstract class ConnectionCompleter : Completer
{
    // PowerShell passes on the session only where it can evaluate it. Then the current one may be of another platform.
    public sealed override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        fakeBoundParameters["Session"] is null
            && commandAst.CommandElements.OfType<CommandParameterAst>().Any(p => IsSession(p.ParameterName))
            ? []
            : base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);

    // Or an abbreviation that no other parameter has.
    private static bool IsSession(string name) => name.Length > 1 && "Session".StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private protected sealed override IEnumerable<CompletionResult> Complete(string word, IDictionary bound)
    {
        KoreSession? session = bound["Session"] is { } given ? PSValueConverter.Unwrap(given) as KoreSession : CurrentSession.Value;
        return session is null || HostInfo.IsNonInteractive ? []
            : [.. Complete(word, CompletionCache.Of(session).OrderBy(c => c.ConnectionName, StringComparer.OrdinalIgnoreCase))];
    }

    private protected abstract IEnumerable<CompletionResult> Complete(string word, IEnumerable<Connection> connections);

    private protected static string ToolTip(Connection connection)
    {
        string?[] facts = [connection.Provider, connection.Model, connection.Status];
        return $"{connection.ConnectionName}: {string.Join(", ", facts.Where(f => !string.IsNullOrEmpty(f)))}";
    }
}

public sealed class ConnectionNameCompleter : ConnectionCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string word, IEnumerable<Connection> connections) => connections
        .Where(c => c.ConnectionName is string name && name.Trim().Length > 0 && !name.Any(char.IsControl)
            && (Begins(name, word) || Begins(WildcardPattern.Escape(name), word)))
        .Select(c => Result(WildcardPattern.Escape(c.ConnectionName!), c.ConnectionName!, ToolTip(c)));
}

public sealed class ConnectionIdCompleter : ConnectionCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(string word, IEnumerable<Connection> connections) => connections
        .Where(c => c.ConnectionId is not null && (Begins(c.ConnectionId, word) || Begins(c.ConnectionName, word)))
        .Select(c => Result(c.ConnectionId!, $"{c.ConnectionId} {c.ConnectionName}", ToolTip(c)));
}
