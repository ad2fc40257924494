using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes the hosts of the sessions that have not ended.</summary>
public sealed class SessionHostCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CurrentSession.All
            .GroupBy(SelectKoreSessionCommand.HostOf, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Key.StartsWith(CompletionResults.Typed(wordToComplete), StringComparison.OrdinalIgnoreCase))
            .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => CompletionResults.Of(g.Key, g.Key, g.Last().ToString()));
}
