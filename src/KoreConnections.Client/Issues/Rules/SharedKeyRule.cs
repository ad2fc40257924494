using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>One key behind several connections.</summary>
internal sealed class SharedKeyRule : IssueRule
{
    // Fewer visible characters are the same by chance.
    private const int TellingCharacters = 4;

    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "Several connections have one key, by the manifest or by the visible end of its mask: who revokes or loses it, ends them all.";

    public override bool NeedsDetails(Connection listed) => true;

    public override IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context)
    {
        Dictionary<string, string> keys = Keys(context);
        foreach (IGrouping<(string?, string?), ExaminedConnection> group in connections.GroupBy(c => (c.Snapshot.Provider, Evidence(c.Snapshot, keys))).Where(g => g.Key.Item2 is not null))
        {
            ExaminedConnection[] shared = [.. group];
            foreach (ExaminedConnection connection in shared.Length > 1 ? shared : [])
            {
                string others = string.Join(", ", shared.Where(s => s != connection).Take(5).Select(s => Shown(s.Snapshot.ConnectionName)));
                string more = shared.Length > 6 ? $" and {shared.Length - 6} more" : "";
                string message = keys.ContainsKey(connection.Snapshot.ConnectionId ?? "")
                    ? $"The manifest gives it the key of {others}{more} too."
                    : $"The key seems to be that of {others}{more} too: their masks are the same.";
                yield return Issue(connection.Snapshot, message, "Give each its own key, so that one can be revoked without the others: Update-ConnectionKey.");
            }
        }
    }

    // A manifest knows its keys; those that the platform's masks contradict are not on the platform.
    private static Dictionary<string, string> Keys(IssueContext context)
    {
        var keys = new Dictionary<string, string>();
        foreach (ConnectionPlanItem item in context.Plan ?? [])
        {
            if (item is { ConnectionId: string id, Wanted.Definition: NamedProviderDefinition { ApiKey: Secret { Problem: null } key }, KeyState: not KeyLikeness.Different })
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
