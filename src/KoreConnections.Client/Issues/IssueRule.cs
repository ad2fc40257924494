namespace KoreConnections.Client;

/// <summary>A rule: what is wrong with connections, or will be.</summary>
/// <param name="Help">What it finds, in one sentence.</param>
/// <param name="Find">Makes its findings of all connections, with <see cref="Issue"/>.</param>
internal sealed record IssueRule(
    string Id, IssueSeverity Severity, string Help, Func<IReadOnlyList<ExaminedConnection>, IssueContext, IEnumerable<ConnectionIssue>> Find)
{
    public const int OthersNamed = 5;

    /// <summary>Whether it needs a connection read by id: a listing has neither settings nor masks.</summary>
    public Func<Connection, bool> NeedsDetails { get; init; } = static _ => false;

    /// <summary>Whether it can find something: some rules need keys or a manifest.</summary>
    public Func<IssueContext, bool> IsPossible { get; init; } = static _ => true;

    /// <summary>What it finds with the parameters that were used, of which the help names the defaults.</summary>
    public string HelpFor(IssueContext context) => Help
        .Replace("-WithinDays (90)", Phrases.Count(context.WithinDays, "day"))
        .Replace("-MaximumKeyAgeDays (90)", Phrases.Count(context.MaximumKeyAgeDays, "day"));

    public IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context)
    {
        foreach (ConnectionIssue issue in Find(connections, context))
        {
            issue.Rule = Id;
            // A finding may have a severity of its own.
            issue.SeverityValue = issue.SeverityValue == default ? Severity : issue.SeverityValue;
            yield return issue;
        }
    }

    public static Func<IReadOnlyList<ExaminedConnection>, IssueContext, IEnumerable<ConnectionIssue>> Each(
        Func<ExaminedConnection, IssueContext, ConnectionIssue?> findOne) =>
        (connections, context) => connections.Select(c => findOne(c, context)).OfType<ConnectionIssue>();

    /// <summary>A rule that says of a connection by itself what is wrong with it.</summary>
    public static IssueRule OfEach(
        string id, IssueSeverity severity, string help, Func<ExaminedConnection, string?> problem, Func<ExaminedConnection, string> advice) => new(
        id, severity, help, Each((c, _) => problem(c) is string message ? Issue(c.Snapshot, message, advice(c)) : null));

    public static ConnectionIssue Issue(Connection connection, string message, string advice) => new()
    {
        ConnectionName = connection.ConnectionName,
        ConnectionId = connection.ConnectionId,
        Provider = connection.Provider,
        Model = connection.Model,
        Message = message,
        Advice = advice,
    };

    /// <summary>
    /// A finding for each of several that are alike, which names a few of the others. From the sixth on these are the first
    /// five, in one text for them all: a key may be behind thousands.
    /// </summary>
    /// <param name="group">Those to find.</param>
    /// <param name="alike">What each of them is like, itself included; one alone is like nobody.</param>
    /// <param name="describe">The message around the names.</param>
    public static IEnumerable<ConnectionIssue> IssueForEach(
        IEnumerable<ExaminedConnection> group,
        IEnumerable<ExaminedConnection> alike,
        Func<Connection, string> show,
        Func<string, string> describe,
        string advice)
    {
        ExaminedConnection[] first = [.. alike.Take(OthersNamed + 1)];
        if (first.Length < 2)
        {
            yield break;
        }

        string[] names = [.. first.Select(c => show(c.Snapshot))];
        string? ofOthers = null;
        foreach (ExaminedConnection one in group)
        {
            int own = Array.IndexOf(first, one);
            string message = own < 0 && ofOthers is not null ? ofOthers
                : describe(string.Join(", ", names.Where((_, other) => other != own).Take(OthersNamed)));
            ofOthers = own < 0 ? message : ofOthers;
            yield return Issue(one.Snapshot, message, advice);
        }
    }

    public static string Shown(string? text) => $"'{TextSanitizer.SingleLine(text, 100)}'";
}
