namespace KoreConnections.Client;

/// <summary>All rules, and the findings of some of them.</summary>
internal static class IssueRules
{
    /// <summary>The rules, in the order of the help.</summary>
    public static IReadOnlyList<IssueRule> All { get; } =
    [
        new ModelRetiredRule(),
        new ModelRetiringRule(),
        new KeyOldRule(),
        new KeyRejectedRule(),
        new KeyUnverifiedRule(),
        new InactiveRule(),
        new DraftRule(),
        new DisabledRule(),
        new PlainHttpEndpointRule(),
        new KeyInEndpointRule(),
        new MissingPromptRule(),
        new NoToolCallingRule(),
        new NotUsableInAgenticAppsRule(),
        new LookAlikeNameRule(),
        new HiddenCharactersRule(),
        new SharedKeyRule(),
        new DriftRule(),
    ];

    /// <summary>What the rules find, the gravest and most urgent first; the same input always gives the same order.</summary>
    public static IReadOnlyList<ConnectionIssue> Find(IEnumerable<IssueRule> rules, IReadOnlyList<ExaminedConnection> connections, IssueContext context) =>
        ConnectionIssue.Ordered(rules.SelectMany(r => r.CheckAll(connections, context)));
}
