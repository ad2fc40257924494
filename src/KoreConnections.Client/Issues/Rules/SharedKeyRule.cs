using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>One key behind several connections.</summary>
internal sealed class SharedKeyRule : IssueRule
{
    // Fewer visible characters are the same by chance.
    private const int TellingCharacters = 4;

    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "Several connections seem to have one key, by the visible end of its mask: who revokes or loses it, ends them all.";

    public override bool NeedsDetails(Connection listed) => true;

    public override IEnumerable<ConnectionIssue> CheckAll(IReadOnlyList<ExaminedConnection> connections, IssueContext context)
    {
        foreach (IGrouping<(string?, string), ExaminedConnection> group in connections
            .Select(c => (Connection: c, Evidence: Evidence(c.Known)))
            .Where(c => c.Evidence is not null)
            .GroupBy(c => (c.Connection.Known.Provider, c.Evidence!), c => c.Connection))
        {
            ExaminedConnection[] shared = [.. group];
            foreach (ExaminedConnection connection in shared.Length > 1 ? shared : [])
            {
                string others = string.Join(", ", shared.Where(s => s != connection).Take(5).Select(s => Shown(s.Known.ConnectionName)));
                yield return Issue(connection.Known, $"The key seems to be that of {others}{(shared.Length > 6 ? $" and {shared.Length - 6} more" : "")} too: their masks are the same.", "Give each its own key, so that one can be revoked without the others: Update-ConnectionKey.");
            }
        }
    }

    // The ends of the mask that are visible; the number of asterisks means nothing.
    private static string? Evidence(Connection connection)
    {
        string? mask = StoredConnection.Mask(connection);
        int last = mask?.LastIndexOf('*') ?? -1;
        return last >= 0 && mask!.Length - last - 1 >= TellingCharacters ? mask.Substring(0, mask.IndexOf('*')) + "*" + mask.Substring(last + 1) : null;
    }
}
