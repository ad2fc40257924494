using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Completes the schemes of key sources.</summary>
public sealed class KeySchemeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        return KeySources.All.Where(s => s.Scheme.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(s => CompletionResults.Of(s.Scheme, s.Scheme, $"{s.Reference}: {s.Description}"));
    }
}
