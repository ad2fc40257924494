namespace KoreConnections.Commands;

/// <summary>What the rows of a pipeline call each connection: under one id, two names are two connections, and nobody knows which of them it is.</summary>
internal sealed class NamesOfIds
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <param name="name">The row's name; null where it has none.</param>
    /// <param name="requireOne">Refuses an id and a name that are not those of one connection; null to allow that.</param>
    /// <exception cref="KoreException">An earlier row calls it otherwise, another connection is called so, or the listing does not show that.</exception>
    public void Claim(string id, string? name, Action<string, string>? requireOne = null)
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

        requireOne?.Invoke(id, name);
    }
}
