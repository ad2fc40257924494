using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes references to keys: their kinds, and after <c>env:</c> the names of variables. No value is read.</summary>
public sealed class KeyCompleter : IArgumentCompleter
{
    private const string Variables = "env:";

    private static readonly (string Start, string ToolTip)[] Kinds =
    [
        (Variables, "env:NAME, an environment variable"),
        ("file:", "file:PATH, a text file"),
        ("secret:", "secret:[VAULT/]NAME, a secret of the module Microsoft.PowerShell.SecretManagement"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        return word.StartsWith(Variables, StringComparison.OrdinalIgnoreCase)
            ? Names(word.Substring(Variables.Length)).Select(n => CompletionResults.Of(Variables + n, n, $"The environment variable {n}"))
            : Kinds.Where(k => k.Start.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(k => CompletionResults.Of(k.Start, k.Start, k.ToolTip));
    }

    private static IEnumerable<string> Names(string start) =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => n.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .OrderBy(n => n, StringComparer.OrdinalIgnoreCase);
}
