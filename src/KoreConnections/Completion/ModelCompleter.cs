using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>
/// Suggests models of the provider at hand. New models come with nearly every release of the platform, so this list
/// suggests and never refuses.
/// </summary>
public sealed class ModelCompleter : IArgumentCompleter
{
    private static readonly (string Switch, string Provider, string[] Models)[] Known =
    [
        ("OpenAI", Client.Known.OpenAI,
            ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-5", "gpt-5-mini", "gpt-5-nano", "o1", "o3", "o3-mini", "o4-mini"]),
        ("AzureOpenAI", Client.Known.AzureOpenAI,
            ["GPT-4", "GPT-4o", "GPT-4o-mini", "GPT-4.1", "GPT-4.1-mini"]),
        ("Anthropic", Client.Known.Anthropic,
            ["claude-3-5-haiku-20241022", "claude-3-5-sonnet-20241022", "claude-3-7-sonnet-20250219", "claude-sonnet-4-20250514", "claude-opus-4-20250514", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001"]),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = Suggestion.Typed(wordToComplete);
        bool isChosen = Known.Any(k => fakeBoundParameters.Contains(k.Switch));
        return Known
            .Where(k => !isChosen || fakeBoundParameters.Contains(k.Switch))
            .SelectMany(k => k.Models.Select(m => (Model: m, k.Provider)))
            .Where(m => m.Model.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(m => Suggestion.Of(m.Model, m.Model, $"{m.Model} ({m.Provider})"));
    }
}
