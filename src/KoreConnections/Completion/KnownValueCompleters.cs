using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Completes from the API's closed lists of values, in its own spelling.</summary>
/// <param name="values">The values.</param>
public abstract class KnownValueCompleter(ApiValueSet values) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = Plain(CompletionResults.Typed(wordToComplete));
        return values.Values
            .Where(v => Plain(v).StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(v => CompletionResults.Of(v, v, v));
    }

    private static string Plain(string text) => text.Replace(" ", "");
}

/// <summary>Completes providers.</summary>
public sealed class ProviderCompleter() : KnownValueCompleter(ApiValues.Providers);

/// <summary>Completes the values of the status filter.</summary>
public sealed class StatusCompleter() : KnownValueCompleter(ApiValues.StatusFilters);

/// <summary>Completes the statuses that a custom API can be given.</summary>
public sealed class CustomApiStatusCompleter() : KnownValueCompleter(ApiValues.CustomApiStatuses);

/// <summary>Completes the formats that a custom API can be mapped to.</summary>
public sealed class MapProviderCompleter() : KnownValueCompleter(ApiValues.MapProviders);

/// <summary>Completes features.</summary>
public sealed class FeatureCompleter() : KnownValueCompleter(ApiValues.Features);

/// <summary>Completes kinds of input and output.</summary>
public sealed class IOMappingCompleter() : KnownValueCompleter(ApiValues.IOMappings);

/// <summary>Completes the prompt's variables.</summary>
public sealed class PromptVariableCompleter() : KnownValueCompleter(Variable.PromptNames);
