namespace KoreConnections.Client;

/// <summary>The plan of a manifest for connections that are examined, from what was read of them anyway.</summary>
/// <param name="isGiven">Whether they were chosen. Unless they are all, what the manifest names beside them is not looked at.</param>
internal sealed class ManifestPlan(
    IReadOnlyList<ManifestConnection> manifest, ConnectionList listing, IReadOnlyList<ExaminedConnection> connections, bool isGiven)
{
    private readonly Planner _planner = new(manifest.Select(m => m.Definition.Name!), listing);
    private HashSet<string>? _toRead;

    public bool NeedsDetails(ExaminedConnection connection) =>
        connection.Listed.ConnectionId is string id && (_toRead ??= [.. manifest.Select(_planner.ToRead).OfType<string>()]).Contains(id);

    /// <summary>The plan. What could not be read has no part in it.</summary>
    /// <exception cref="KoreException">KoreUnexpectedResponse: the listing does not show which of its names exist.</exception>
    public IReadOnlyList<ConnectionPlanItem> Make()
    {
        ILookup<string?, ExaminedConnection> examined = connections.ToLookup(c => c.Listed.ConnectionId);
        bool isNarrowed = isGiven && !listing.Items.All(c => examined.Contains(c.ConnectionId));
        ManifestConnection[] meant = [.. manifest.Where(m => !isNarrowed || (_planner.ToRead(m) is string id && examined.Contains(id)))];
        if (!listing.Decides(meant.Select(m => m.Definition.Name!)))
        {
            throw listing.Incomplete("The manifest was not compared");
        }

        // Otherwise an empty listing would make a comparison without a difference of the connections of another one.
        int unlisted = isGiven ? connections.Count(c => (c.Details ?? c.Listed).Provider is not null && !listing.Has(c.Listed.ConnectionId)) : 0;
        if (unlisted > 0)
        {
            throw new KoreException(
                KoreErrorKind.UnexpectedResponse,
                $"The manifest was not compared: the platform no longer lists {unlisted} of the {connections.Count} connections to examine.",
                "List the connections again, and examine those. If this persists, contact the platform's support.");
        }

        return
        [
            .. from wanted in meant
               let id = _planner.ToRead(wanted)
               let details = id is null ? null : examined[id].LastOrDefault()?.Details
               where id is null || details is not null
               select _planner.Plan(wanted, details),
        ];
    }
}
