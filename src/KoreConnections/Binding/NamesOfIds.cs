namespace KoreConnections.Commands;

/// <summary>What the rows of a pipeline call each connection: under one id, two names are two connections, and nobody knows which of them it is.</summary>
internal sealed class NamesOfIds
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <param name="name">The row's name; null where it has none.</param>
    /// <param name="listing">All connections, where the name must not be another one's; null to allow that.</param>
    /// <exception cref="KoreException">KoreInvalidInput: an earlier row calls it otherwise, or another connection is called so.</exception>
    public void Claim(string id, string? name, Func<ConnectionList?>? listing = null)
    {
        if (name is null)
        {
            return;
        }

        if (!_names.TryGetValue(id, out string? earlier))
        {
            _names.Add(id, name);
        }
        else if (SingleLine.Comparable(earlier) != SingleLine.Comparable(name))
        {
            throw KoreException.InvalidInput(
                "ConnectionId",
                $"An earlier row has the name '{SecretMasker.Quote(earlier)}' for '{TextSanitizer.SingleLine(id, 100)}', "
                    + "so it is unclear which connection would change. Keep only one row for each connection.");
        }

        if (listing?.Invoke() is ConnectionList all)
        {
            NameLookup.RequireOne(all, id, name);
        }
    }
}
