namespace KoreConnections.Client;

/// <summary>A listing, and whether it is all there is.</summary>
/// <param name="Total">How many the platform says there are.</param>
/// <param name="Gap">What else in the answer shows that there is more, such as <c>nextCursor</c>.</param>
internal sealed record ConnectionList(IReadOnlyList<Connection> Items, long? Total, string? Gap = null)
{
    private int _repeats;

    /// <summary>False when the platform says that there are more than it has rows.</summary>
    public bool IsComplete => Gap is null && !(Total > Items.Count + _repeats);

    /// <summary>Whether they are as many connections as the platform says: a row that repeats one may be in the place of another.</summary>
    public bool IsWhole => Gap is null && !(Total > Distinct);

    /// <summary>Whether a name that is not in it is absent. Else it is unknown: it may be that of what is not listed, or is listed without a name.</summary>
    public bool ShowsAllNames => IsWhole && Nameless == 0;

    /// <summary>How many connections it shows, however often each.</summary>
    internal int Distinct => field > 0 ? field : field = CountOf(Items);

    /// <summary>What the platform returned, of which this is what was asked for; null where that is the same.</summary>
    internal ConnectionList? Source { get; init; }

    internal bool Has(string? id) => id is not null && ById.Contains(id);

    internal string? ProviderOf(string id) => ById[id].FirstOrDefault()?.Provider;

    private ILookup<string?, Connection> ById => field ??= Items.ToLookup(c => c.ConnectionId, StringComparer.Ordinal);

    private int Nameless => Items.Count(c => string.IsNullOrEmpty(c.ConnectionName));

    /// <summary>
    /// Each id once, as it was listed first, and as complete as before. What has another name under the same id stays, because nobody knows which
    /// of them is meant.
    /// </summary>
    internal ConnectionList WithoutRepeats()
    {
        var listed = new HashSet<(string, string?)>();
        Connection[] once = [.. Items.Where(c => c.ConnectionId is not { Length: > 0 } id || listed.Add((id, c.ConnectionName)))];
        return once.Length == Items.Count ? this : new ConnectionList(once, Total, Gap) { Source = Source, _repeats = Items.Count - once.Length };
    }

    /// <summary>Whether it is known of each of these names if there is a connection with it.</summary>
    internal bool Decides(IEnumerable<string> names)
    {
        if (ShowsAllNames || !IsComplete || Nameless > 0)
        {
            return ShowsAllNames;
        }

        HashSet<string?> listed = [.. Items.Select(c => c.ConnectionName)];
        return names.All(listed.Contains);
    }

    /// <summary>How many connections rows are about. What has no id is one for itself, and so is what has another name under the same id.</summary>
    internal static int CountOf(IEnumerable<Connection> rows) => rows.Select(r => (Identity(r), r.ConnectionName)).Distinct().Count();

    /// <summary>That connections of different names have one id, in words.</summary>
    internal static string SharedId(string id) =>
        $"The platform lists the id {TextSanitizer.SingleLine(id, 100)} more than once, so it is unclear which connection would change. "
            + "Check them in the platform's web UI.";

    /// <summary>What is equal for two rows about one connection.</summary>
    internal static object Identity(Connection row) => row.ConnectionId is { Length: > 0 } id ? id : row;

    /// <summary>What is missing of it, as the beginning of a sentence.</summary>
    internal string Shortfall => Source is not null ? Source.Shortfall
        : Total > Distinct
        ? $"the platform reports {Total} connections but returned only {Distinct}{(Distinct < Items.Count + _repeats ? ", some of them repeatedly" : "")}"
        : Gap is not null ? $"the platform returned {Phrases.Count(Items.Count, "connection")}, and its answer shows that there may be more ({Gap})"
        : $"the platform returned {Nameless} of {Items.Count} connections without a name";

    /// <summary>The failure of what needs to know which names exist.</summary>
    /// <param name="what">What was not done, as the beginning of the message.</param>
    internal KoreException Incomplete(string what, string after = "Connections missing from the listing may still exist.", string? subject = null) =>
        new(KoreErrorKind.UnexpectedResponse, $"{what}: {Shortfall}. {after}")
        {
            Subject = subject,
            RecommendedAction = IsWhole
                ? "Check the connections without a name in the platform's web UI."
                : "Try again. If this persists, the platform limits its listings: contact its support.",
        };
}
