namespace KoreConnections.Client;

/// <summary>Finds the names of connections that are skipped: those given by their ids, which nobody knows them by, were never read.</summary>
internal sealed class SkippedNames(ConnectionsClient client)
{
    private ILookup<string?, string?>? _names;

    public async Task AddAsync(IEnumerable<RotationItem> skipped, RequestContext context)
    {
        foreach (RotationItem item in skipped.Where(i => i.Result.ConnectionName is null))
        {
            _names ??= (await ListAsync(context).ConfigureAwait(false)).ToLookup(c => c.ConnectionId, c => c.ConnectionName);
            item.NameIs(_names[item.ConnectionId].FirstOrDefault());
        }
    }

    private async Task<IReadOnlyList<Connection>> ListAsync(RequestContext context)
    {
        try
        {
            return (await client.ListAsync(null, context).ConfigureAwait(false)).Items;
        }
        catch (KoreException e)
        {
            // What stopped the rotation may stop this too, and the ids are all there is then.
            context.Log(LogLevel.Verbose, $"The names of the skipped connections could not be read: {e.Message}");
            return [];
        }
    }
}
