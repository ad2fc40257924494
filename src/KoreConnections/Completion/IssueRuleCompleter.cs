using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Offers the rules of Find-ConnectionIssue; a tool tip says what each finds.</summary>
public sealed class IssueRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        return IssueRules.All
            .Where(r => r.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(r => CompletionResults.Of(r.Id, r.Id, $"{r.Severity}: {r.Help}"));
    }
}
