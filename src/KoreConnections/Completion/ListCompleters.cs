namespace KoreConnections.Commands;

public abstract class ListCompleter : Completer
{
    private protected sealed override IEnumerable<CompletionResult> Complete(string word, IDictionary bound) =>
        Values(bound).Where(v => Begins(Compared(v.Value), Compared(word))).Select(v => Result(v.Value, v.Value, v.ToolTip));

    private protected abstract IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound);

    private protected virtual string Compared(string text) => text;
}

public sealed class IssueRuleCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        IssueRules.All.Select(r => (r.Id, $"{r.Severity}: {r.Help}"));
}

public sealed class KeySchemeCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        KeySources.All.Select(s => (s.Scheme, $"{s.Reference}: {s.Description}"));
}

public sealed class SessionHostCompleter : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) =>
        CurrentSession.All
            .GroupBy(SelectKoreSessionCommand.HostOf, StringComparer.OrdinalIgnoreCase)
            .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .SelectMany(host => host.Count() == 1 ? [(host.Key, host.Single().ToString())] : Addresses(host));

    // By its address, a session that shares its host can be selected; one that shares its address cannot.
    private static IEnumerable<(string Value, string ToolTip)> Addresses(IEnumerable<KoreSession> sessions) =>
        sessions.GroupBy(s => s.ToString()).Where(same => same.Count() == 1).Select(same => (same.Key, same.Key));

    private protected override string Compared(string text) => text.Substring(text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0);
}

/// <summary>Suggests models, those without an announced end first. It never refuses: new ones come with nearly every release of the platform.</summary>
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

public abstract class KnownValueCompleter(IReadOnlyList<string> values) : ListCompleter
{
    private protected override IEnumerable<(string Value, string ToolTip)> Values(IDictionary bound) => values.Select(v => (v, v));

    private protected override string Compared(string text) => text.Replace(" ", "");
}

public sealed class ProviderCompleter() : KnownValueCompleter(ApiValues.Providers.Values);
public sealed class StatusCompleter() : KnownValueCompleter(ApiValues.StatusFilters.Values);
public sealed class CustomApiStatusCompleter() : KnownValueCompleter(ApiValues.CustomApiStatuses.Values);
public sealed class MapProviderCompleter() : KnownValueCompleter(ApiValues.MapProviders.Values);
public sealed class FeatureCompleter() : KnownValueCompleter(ApiValues.Features.Values);
public sealed class IOMappingCompleter() : KnownValueCompleter(ApiValues.IOMappings.Values);
public sealed class PromptVariableCompleter() : KnownValueCompleter(Variable.PromptNames.Values);
