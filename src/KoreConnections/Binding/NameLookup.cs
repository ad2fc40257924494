namespace KoreConnections.Commands;

/// <summary>Finds the connections that names and patterns stand for. White space around a name counts only for a connection that has it.</summary>
internal static class NameLookup
{
    public static Connection[] Matching(ConnectionList listing, string name, string? provider = null, string? status = null)
    {
        return NamePattern.Find(listing.Items, c => c.ConnectionName, name, () => throw NotFound(
            listing, Trimmed(name) ?? name, Filter("-Provider", provider) + Filter("-Status", status)));

        static string Filter(string parameter, string? value) => value is null ? "" : $" with {parameter} '{SecretMasker.Quote(value)}'";
    }

    public static Connection Find(ConnectionList listing, string name)
    {
        Connection[] found = [.. listing.Items.Where(c => c.ConnectionName == name)];
        return found.Length switch
        {
            // Each id is listed once, unless it has several names.
            1 when found[0].ConnectionId is { Length: > 0 } id && listing.Items.Count(c => c.ConnectionId == id) > 1 =>
                throw KoreException.InvalidInput("InputObject", ConnectionList.SharedId(id)),
            1 => found[0],
            0 when Trimmed(name) is string trimmed => Find(listing, trimmed),
            0 => throw NotFound(listing, name),
            _ => throw KoreException.InvalidInput(
                "InputObject",
                $"The platform has {found.Length} connections named '{TextSanitizer.SingleLine(name, 100)}': "
                    + $"{string.Join(", ", found.Select(c => TextSanitizer.SingleLine(c.ConnectionId, 60)))}. Use the ConnectionId instead."),
        };
    }

    /// <summary>The listed connection of an id: of one that is listed under several names, that of the row's name. Null for none.</summary>
    public static Connection? OfId(ConnectionList listing, string id, string? name) => listing.Items
        .Where(c => c.ConnectionId == id)
        .OrderByDescending(c => IsNamed(c, name))
        .FirstOrDefault();

    /// <summary>Refuses a row of which the id is one connection's and the name another one's.</summary>
    /// <returns>Whether the listing shows that they are not.</returns>
    public static bool RequireOne(ConnectionList listing, string id, string name)
    {
        Connection? own = OfId(listing, id, name);
        bool isOwn = own is not null && IsNamed(own, name);
        if (!isOwn && listing.Items.Any(c => c.ConnectionId != id && IsNamed(c, name)))
        {
            own?.RequireName(name);
        }

        return isOwn || listing.ShowsAllNames;
    }

    private static bool IsNamed(Connection connection, string? name) => connection.ConnectionName is string own && name is not null
        && SingleLine.Comparable(own) == SingleLine.Comparable(name);

    private static string? Trimmed(string name) => SingleLine.Trim(name) is { Length: > 0 } trimmed && trimmed != name ? trimmed : null;

    private static KoreException NotFound(ConnectionList listing, string name, string filter = "")
    {
        string shown = SecretMasker.Quote(name);
        if (!listing.ShowsAllNames)
        {
            return new KoreException(KoreErrorKind.UnexpectedResponse, $"Could not determine whether a connection named '{shown}' exists: {listing.Shortfall}.")
            {
                Subject = name,
                RecommendedAction = "Specify its ConnectionId, or narrow the listing with -Provider or -Status.",
            };
        }

        string? near = SpellingSuggestion.Of(name, listing.Items.Select(c => c.ConnectionName).OfType<string>());
        string hint = near is null ? ""
            : SingleLine.Trim(near) == name ? " There is one with white space around it. Use its ConnectionId."
            : $" Did you mean '{TextSanitizer.SingleLine(near, 100)}'?";
        return new KoreException(KoreErrorKind.ConnectionNotFound, $"There is no connection named '{shown}'{filter}.{hint}")
        {
            Subject = name,
            RecommendedAction = "To list all connections, use Get-Connection. To search for part of a name, use Get-Connection *part*.",
        };
    }
}
