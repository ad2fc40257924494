namespace KoreConnections.Commands;

/// <summary>What exists already, from one listing per pipeline and what the pipeline itself created.</summary>
internal sealed class ExistingConnections
{
    private readonly Dictionary<string, List<Connection>> _bySimilarName = new(StringComparer.Ordinal);

    public ExistingConnections(ConnectionList listing)
    {
        Listing = listing;
        foreach (Connection connection in listing.Items)
        {
            Add(connection);
        }
    }

    public ConnectionList Listing { get; }

    /// <summary>The connections of that name, or of one that looks the same: first those of the very name, of these the most fitting.</summary>
    /// <exception cref="KoreException">KoreUnexpectedResponse: the listing does not show all names, so absence is not known.</exception>
    public Connection[] Find(ConnectionDefinition wanted) =>
        Known(wanted) is { Length: > 0 } found ? found
        : Listing.ShowsAllNames ? []
        : throw Listing.Incomplete(
            $"Could not determine whether '{TextSanitizer.SingleLine(wanted.Name)}' exists", "Nothing was created.", wanted.Name);

    public Connection[] Known(ConnectionDefinition wanted)
    {
        if (!_bySimilarName.TryGetValue(SingleLine.Comparable(wanted.Name!), out List<Connection>? similar))
        {
            return [];
        }

        Connection[] all = [.. similar
            .OrderByDescending(c => c.ConnectionName == wanted.Name)
            .ThenByDescending(c => wanted.IsLike(c) ? 2 : wanted.MayBe(c) ? 1 : 0)];
        // Beside the very one that is wanted, names in another case do not matter.
        return all[0].ConnectionName == wanted.Name && wanted.IsLike(all[0]) ? Array.FindAll(all, c => c.ConnectionName == wanted.Name) : all;
    }

    public void Add(Connection connection)
    {
        if (connection.ConnectionName is string name)
        {
            string key = SingleLine.Comparable(name);
            if (!_bySimilarName.TryGetValue(key, out List<Connection>? similar))
            {
                _bySimilarName.Add(key, similar = []);
            }

            // Of those that fit alike, the last is the first.
            similar.Insert(0, connection);
        }
    }
}
