using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Completes references to keys: the schemes that there are, and after <c>env:</c> the names of variables. No value is read.</summary>
public sealed class KeyCompleter : IArgumentCompleter
{
    private const string Variables = "env:";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        return word.StartsWith(Variables, StringComparison.OrdinalIgnoreCase)
            ? Names(word.Substring(Variables.Length)).Select(n => CompletionResults.Of(Variables + n, n, $"The environment variable {n}"))
            : KeySources.All.Select(s => (Start: s.Scheme + ":", Source: s))
                .Where(s => s.Start.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(s => CompletionResults.Of(s.Start, s.Start, $"{s.Source.Reference}: {s.Source.Description}"));
    }

    private static IEnumerable<string> Names(string start) =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => n.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .OrderBy(n => n, StringComparer.OrdinalIgnoreCase);
}
