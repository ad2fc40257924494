namespace KoreConnections.Client;

internal static class IssueRules
{
    /// <summary>The rules, in the order of the help.</summary>
    public static IReadOnlyList<IssueRule> All { get; } =
    [
        ModelRules.Retired,
        ModelRules.Retiring,
        KeyRules.Old,
        KeyRules.Rejected,
        KeyRules.Unverified,
        StateRules.Inactive,
        StateRules.Draft,
        CustomApiRules.Disabled,
        CustomApiRules.PlainHttpEndpoint,
        CustomApiRules.KeyInEndpoint,
        CustomApiRules.MissingPrompt,
        CustomApiRules.NoToolCalling,
        CustomApiRules.NotUsableInAgenticApps,
        NameRules.LookAlike,
        NameRules.HiddenCharacters,
        KeyRules.Shared,
        StateRules.Drift,
    ];

    /// <summary>What the rules find, the gravest and most urgent first; the same input always gives the same order.</summary>
    public static IReadOnlyList<ConnectionIssue> Find(IReadOnlyList<IssueRule> rules, IReadOnlyList<ExaminedConnection> connections, IssueContext context)
    {
        IssueContext ofRules = context with { Rules = rules };
        return ConnectionIssue.Ordered(rules.SelectMany(r => r.CheckAll(connections, ofRules)));
    }
}
