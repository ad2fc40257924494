using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>
/// Suggests models of the provider at hand, those without an announced end first. New models come with nearly every
/// release of the platform, so this list suggests and never refuses.
/// </summary>
public sealed class ModelCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = CompletionResults.Typed(wordToComplete);
        DateTime today = DateTime.Today;
        string? provider = ProviderSet.Named(fakeBoundParameters);
        return ModelTable.Current.Suggest(provider, today)
            .Where(m => m.Model.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(m => CompletionResults.Of(m.Model, m.Model, ToolTip(m)));
    }

    private static string ToolTip(ModelRow model)
    {
        string end = model.RetiresOn is null ? ""
            : model.Provider == ApiValues.AzureOpenAI ? $", may retire on {ModelLifecycle.Day(model.RetiresOn)}, depending on the deployment's version"
            : model.Replacement is null ? $", retires on {ModelLifecycle.Day(model.RetiresOn)}"
            : $", retires on {ModelLifecycle.Day(model.RetiresOn)}, replacement: {model.Replacement}";
        return $"{model.Model} ({model.Provider}{end})";
    }
}
