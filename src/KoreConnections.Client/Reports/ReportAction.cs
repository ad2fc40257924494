namespace KoreConnections.Client;

/// <summary>Something to do, for all connections that need it.</summary>
/// <param name="Issues">The findings that it settles.</param>
internal sealed record ReportAction(IReadOnlyList<ConnectionIssue> Issues)
{
    public IssueSeverity Severity => Issues[0].SeverityValue;

    public string Title => Phrases.Words(Issues[0].Rule);

    /// <summary>What is wrong, where that is the same for all.</summary>
    public string? Message => Issues.All(i => i.Message == Issues[0].Message) ? Issues[0].Message : null;

    public string Advice => Issues[0].Advice;

    public DateTime? DueOn => Issues.Min(i => i.DueOn);

    public IReadOnlyList<string?> Names { get; } = [.. Issues.GroupBy(i => i.ConnectionId ?? i.ConnectionName).Select(g => g.First().ConnectionName)];

    /// <summary>What there is to do for findings, the gravest and most urgent first.</summary>
    public static IReadOnlyList<ReportAction> Of(IEnumerable<ConnectionIssue> issues) =>
    [
        // Each model has its day, and so each is something to do.
        .. issues.GroupBy(i => (i.Severity, i.Rule, i.Advice, IsOfModel(i) ? i.Model : null))
            .Select(g => new ReportAction([.. g]))
            .OrderByDescending(a => a.Severity)
            .ThenBy(a => a.DueOn ?? DateTime.MaxValue),
    ];

    public static bool IsOfModel(ConnectionIssue issue) => issue.Rule is "ModelRetired" or "ModelRetiring";
}
