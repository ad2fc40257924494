using System.Collections;

namespace KoreConnections.Commands;

/// <summary>Completes from a list, in its order.</summary>
public abstract class ListCompleter : Completer
{
    private protected sealed override IEnumerable<CompletionResult> Complete(string word, IDictionary bound) =>
        Values(bound).Where(v => Begins(Compared(v.Value), Compared(word))).Select(v => Result(v.Value, v.Value, v.ToolTip));

    private protected abstract IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound);

    private protected virtual string Compared(string text) => text;
}

/// <summary>Completes the rules of Find-ConnectionIssue; a tool tip says what each finds.</summary>
public sealed class IssueRuleCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        IssueRules.All.Select(r => (r.Id, $"{r.Severity}: {r.Help}"));
}

/// <summary>Completes the schemes of key sources.</summary>
public sealed class KeySchemeCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        KeySources.All.Select(s => (s.Scheme, $"{s.Reference}: {s.Description}"));
}

/// <summary>Completes the hosts of the sessions that have not ended.</summary>
public sealed class SessionHostCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        CurrentSession.All
            .GroupBy(SelectKoreSessionCommand.HostOf, StringComparer.OrdinalIgnoreCase)
            .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => (g.Key, g.Last().ToString()));
}

/// <summary>
/// Suggests models of the provider at hand, those without an announced end first. New models come with nearly every
/// release of the platform, so this list suggests and never refuses.
/// </summary>
public sealed class ModelCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        ModelTable.Current.Suggest(ProviderSet.Named(bound), DateTime.Today).Select(m => (m.Model, ToolTip(m)));

    private static string ToolTip(ModelRow model)
    {
        string end = model.RetiresOn is null ? ""
            : model.Provider == ApiValues.AzureOpenAI ? $", may retire on {ModelLifecycle.Day(model.RetiresOn)}, depending on the deployment's version"
            : model.Replacement is null ? $", retires on {ModelLifecycle.Day(model.RetiresOn)}"
            : $", retires on {ModelLifecycle.Day(model.RetiresOn)}, replacement: {model.Replacement}";
        return $"{model.Model} ({model.Provider}{end})";
    }
}

/// <summary>Completes from the API's closed lists of values, in its own spelling.</summary>
public abstract class KnownValueCompleter(IReadOnlyList<string> values) : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => values.Select(v => (v, v));

    private protected override string Compared(string text) => text.Replace(" ", "");
}

/// <summary>Completes providers.</summary>
public sealed class ProviderCompleter() : KnownValueCompleter(ApiValues.Providers.Values);

/// <summary>Completes the values of the status filter.</summary>
public sealed class StatusCompleter() : KnownValueCompleter(ApiValues.StatusFilters.Values);

/// <summary>Completes the statuses that a custom API can be given.</summary>
public sealed class CustomApiStatusCompleter() : KnownValueCompleter(ApiValues.CustomApiStatuses.Values);

/// <summary>Completes the formats that a custom API can be mapped to.</summary>
public sealed class MapProviderCompleter() : KnownValueCompleter(ApiValues.MapProviders.Values);

/// <summary>Completes features.</summary>
public sealed class FeatureCompleter() : KnownValueCompleter(ApiValues.Features.Values);

/// <summary>Completes kinds of input and output.</summary>
public sealed class IOMappingCompleter() : KnownValueCompleter(ApiValues.IOMappings.Values);

/// <summary>Completes the prompt's variables.</summary>
public sealed class PromptVariableCompleter() : KnownValueCompleter(Variable.PromptNames.Values);
