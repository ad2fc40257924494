namespace KoreConnections.Commands;

/// <summary>What exists already, from one listing per pipeline and what the pipeline itself created.</summary>
internal sealed class ExistingConnections
{
    private readonly Dictionary<string, Connection> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Connection> _bySimilarName = new(StringComparer.Ordinal);

    public ExistingConnections(ConnectionList listing)
    {
        Listing = listing;
        foreach (Connection connection in listing.Items)
        {
            Add(connection);
        }
    }

    public ConnectionList Listing { get; }

    /// <summary>The connection of that name, or of one that looks the same; null where there is none.</summary>
    /// <exception cref="KoreException">KoreUnexpectedResponse: the listing does not show all names, so absence is not known.</exception>
    public Connection? Find(ConnectionDefinition wanted) =>
        Known(wanted.Name!) is Connection found ? found
        : Listing.ShowsAllNames ? null
        : throw Listing.Incomplete(
            $"Could not determine whether '{TextSanitizer.SingleLine(wanted.Name)}' exists", "Nothing was created.", wanted.Name);

    public Connection? Known(string name) =>
        _byName.TryGetValue(name, out Connection? found) || _bySimilarName.TryGetValue(SingleLine.Comparable(name), out found) ? found : null;

    public void Add(Connection connection)
    {
        if (connection.ConnectionName is string name)
        {
            _byName[name] = connection;
            _bySimilarName[SingleLine.Comparable(name)] = connection;
        }
    }
}
