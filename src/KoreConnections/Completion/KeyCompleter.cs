using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>
/// Completes references to keys: the schemes that there are, after <c>env:</c> the names of variables, those that look like a key's first,
/// and after <c>file:</c> paths. No value is read.
/// </summary>
public sealed class KeyCompleter : IArgumentCompleter
{
    private const string Variables = "env:";
    private const string Files = "file:";

    private static readonly string[] KeyEndings = ["KEY", "TOKEN"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        return word.StartsWith(Variables, StringComparison.OrdinalIgnoreCase)
            ? Names(word.Substring(Variables.Length)).Select(n => CompletionResults.Of(Variables + n, n, $"The environment variable {n}"))
            : word.StartsWith(Files, StringComparison.OrdinalIgnoreCase) ? Paths(word.Substring(Files.Length))
            : KeySources.All.Select(s => (Start: s.Scheme + ":", Source: s))
                .Where(s => s.Start.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(s => CompletionResults.Of(s.Start, s.Start, $"{s.Source.Reference}: {s.Source.Description}"));
    }

    private static IEnumerable<string> Names(string start) =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => n.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .OrderBy(n => !KeyEndings.Any(e => n.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            .ThenBy(n => n, StringComparer.OrdinalIgnoreCase);

    // The folder stays as it was typed, and the names are those of PowerShell's own completion.
    private static IEnumerable<CompletionResult> Paths(string start)
    {
        string folder = start.Substring(0, start.LastIndexOfAny(['/', '\\']) + 1);
        return CompletionCompleters.CompleteFilename(start)
            .Select(f => CompletionResults.Of(Files + folder + f.ListItemText, f.ListItemText, f.ToolTip));
    }
}
