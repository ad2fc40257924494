namespace KoreConnections.Client;

/// <summary>A rule: what is wrong with connections, or will be.</summary>
internal abstract class IssueRule
{
    /// <summary>How many others a message names.</summary>
    private protected const int OthersNamed = 5;

    protected IssueRule()
    {
        string name = GetType().Name;
        Id = name.Substring(0, name.Length - "Rule".Length);
    }

    /// <summary>Its name, by which it is chosen and left out.</summary>
    public string Id { get; }

    /// <summary>How much its findings matter.</summary>
    public abstract IssueSeverity Severity { get; }

    /// <summary>What it finds, in one sentence.</summary>
    public abstract string Help { get; }

    /// <summary>Whether it needs a connection read by id: a listing has neither settings nor masks.</summary>
    public virtual bool NeedsDetails(Connection listed) => false;

    /// <summary>Whether it can find something: some rules need keys or a manifest.</summary>
    public virtual bool IsPossible(IssueContext context) => true;

    /// <summary>Its findings among all connections.</summary>
    public virtual IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context) =>
        connections.SelectMany(c => Check(c, context));

    /// <summary>Its findings for one connection.</summary>
    protected virtual IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context) => [];

    private protected ConnectionIssue Issue(Connection connection, string message, string advice, DateTime? dueOn = null) => new()
    {
        Rule = Id,
        SeverityValue = Severity,
        DueOn = dueOn,
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
    /// <param name="alike">The group; one alone is like nobody.</param>
    /// <param name="show">How one of them is named.</param>
    /// <param name="describe">The message around the names.</param>
    /// <param name="advice">What to do.</param>
    private protected IEnumerable<ConnectionIssue> IssueForEach(
        IReadOnlyList<ExaminedConnection> alike, Func<Connection, string> show, Func<string, string> describe, string advice)
    {
        if (alike.Count < 2)
        {
            yield break;
        }

        string[] first = [.. alike.Take(OthersNamed + 1).Select(c => show(c.Snapshot))];
        string message = "";
        for (int i = 0; i < alike.Count; i++)
        {
            if (i <= OthersNamed)
            {
                message = describe(string.Join(", ", first.Where((_, other) => other != i)));
            }

            yield return Issue(alike[i].Snapshot, message, advice);
        }
    }

    private protected static bool IsCustomApi(Connection connection) => ApiValues.Providers.Find(connection.Provider) == ApiValues.CustomApi;

    /// <summary>A setting of a custom API as it was read; null where the platform does not return it.</summary>
    private protected static object? Setting(ExaminedConnection connection, string wireName) => connection.Snapshot.AdditionalProperties[wireName];

    private protected static string Shown(string? text) => $"'{TextSanitizer.SingleLine(text, 100)}'";
}
