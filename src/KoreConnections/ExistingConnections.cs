using System;
using System.Collections.Generic;
using System.Linq;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What exists already, from one listing per pipeline and what the pipeline itself created.</summary>
/// <param name="list">Makes the listing.</param>
internal sealed class ExistingConnections(Func<ConnectionList> list)
{
    private readonly Dictionary<string, Connection> _byName = new(StringComparer.Ordinal);
    private ConnectionList? _listing;

    /// <summary>The connection of that name, or null where there is none.</summary>
    /// <exception cref="KoreException">KoreUnexpectedResponse: the listing is incomplete, so absence is not known.</exception>
    public Connection? Find(ConnectionDefinition wanted)
    {
        if (_listing is null)
        {
            _listing = list();
            foreach (Connection connection in _listing.Items)
            {
                Add(connection);
            }
        }

        return _byName.TryGetValue(wanted.Name!, out Connection? found) ? found
            : _listing.IsComplete ? null
            : throw new KoreException(KoreErrorKind.UnexpectedResponse, $"Whether '{CleanText.Line(wanted.Name)}' exists is unknown: the platform tells of {_listing.Total} connections and listed {_listing.Items.Count}. Nothing was created.");
    }

    /// <summary>The platform says that it exists, so someone made it since the listing, or spells it in another case.</summary>
    public Connection? FindAfterConflict(ConnectionDefinition wanted)
    {
        IReadOnlyList<Connection> now = list().Items;
        return now.FirstOrDefault(c => c.ConnectionName == wanted.Name)
            ?? now.FirstOrDefault(c => string.Equals(c.ConnectionName, wanted.Name, StringComparison.OrdinalIgnoreCase));
    }

    public void Add(Connection connection)
    {
        if (connection.ConnectionName is string name)
        {
            _byName[name] = connection;
        }
    }
}
