namespace KoreConnections.Client;

/// <summary>One key behind several connections.</summary>
internal sealed class SharedKeyRule : IssueRule
{
    // Fewer visible characters are the same by chance.
    private const int TellingCharacters = 4;

    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "Several connections share a key, according to the manifest or the visible end of the mask: revoking it breaks all of them.";

    public override bool NeedsDetails(Connection listed) => true;

    public override IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context)
    {
        Dictionary<string, string> keys = Keys(context);
        return connections
            .GroupBy(c => (c.Snapshot.Provider, Key: Evidence(c.Snapshot, keys)))
            .Where(g => g.Key.Key is not null)
            .SelectMany(g => Shared([.. g], keys));
    }

    // Evidence is of one kind for all of a group: a mask has an asterisk, a fingerprint none.
    private IEnumerable<ConnectionIssue> Shared(IReadOnlyList<ExaminedConnection> group, Dictionary<string, string> keys)
    {
        string more = group.Count > OthersNamed + 1 ? $" and {group.Count - OthersNamed - 1} more" : "";
        bool isOfManifest = keys.ContainsKey(group[0].Snapshot.ConnectionId ?? "");
        return IssueForEach(
            group,
            c => Shown(c.ConnectionName),
            others => isOfManifest
                ? $"In the manifest, it has the same key as {others}{more}."
                : $"It seems to have the same key as {others}{more}: their masks match.",
            "Use a separate key for each, so that you can revoke one without the others: Update-ConnectionKey.");
    }

    // A manifest knows its keys; those that the platform's masks contradict are not on the platform.
    private static Dictionary<string, string> Keys(IssueContext context)
    {
        var keys = new Dictionary<string, string>();
        foreach (ConnectionPlanItem item in context.Plan ?? [])
        {
            if (item is { ConnectionId: string id, KeyStateValue: not KeyLikeness.Different }
                && item.Wanted?.Definition is NamedProviderDefinition { ApiKey: Secret { Problem: null } key })
            {
                keys[id] = key.Fingerprint();
            }
        }

        return keys;
    }

    // The ends of the mask that are visible; the number of asterisks means nothing.
    private static string? Evidence(Connection connection, Dictionary<string, string> keys)
    {
        if (connection.ConnectionId is string id && keys.TryGetValue(id, out string? key))
        {
            return key;
        }

        string? mask = DefinitionFactory.Mask(connection);
        int last = mask?.LastIndexOf('*') ?? -1;
        return last >= 0 && mask!.Length - last - 1 >= TellingCharacters ? mask.Substring(0, mask.IndexOf('*')) + "*" + mask.Substring(last + 1) : null;
    }
}
