namespace KoreConnections.Client;

/// <summary>Finds what a custom API has of keys beside its headers, which are all that a rotation changes.</summary>
internal static class KeyElsewhere
{
    /// <summary>What to do about it before the previous key is revoked; null where there is no other key.</summary>
    /// <param name="connection">As it was read with the keys of its rotation.</param>
    /// <param name="previous">The previous key, or null where it is not known.</param>
    public static string? Warning(Connection connection, ConnectionCredential? previous, string shown)
    {
        string[] certain = [.. Fields(connection).Where(f => Repeated(connection, f).Intersect(previous?.Keys ?? []).Any()).Select(f => f.Parameter)];
        // What has the new key is right already. Of an address that is known as a whole, a mask is the platform's.
        string[] possible = [.. Masked(connection, isWhole: previous is not null).Where(f => Repeated(connection, f).Length == 0).Select(f => f.Parameter)];
        return certain.Length > 0
            ? $"The previous key of {shown} is also in {string.Join(", ", certain)}, which a rotation does not change. "
                + "Change it there with Set-Connection before you revoke the key."
            : possible.Length > 0
                ? $"{shown} also has a key in {string.Join(", ", possible)}, which a rotation does not change. "
                    + "If it is the previous key, change it there with Set-Connection before you revoke that key."
            : null;
    }

    /// <param name="isWhole">Whether the address is taken as it is used, and not as it is shown.</param>
    public static IEnumerable<ConnectionField> Masked(Connection connection, bool isWhole) => Fields(connection).Where(field =>
        (isWhole && field == CustomApiFields.EndpointUrl && connection.Endpoint is Secret whole
            ? whole.Read(static text => text.ToString())
            : ActualValues.Of(connection, field)) is { } value
        && CarriedSecrets.FindMask(JsonValues.Write(value)) is not null);

    private static IEnumerable<ConnectionField> Fields(Connection connection) =>
        connection.IsCustomApi ? CustomApiFields.All.Where(f => f != CustomApiFields.Header) : [];

    private static Secret[] Repeated(Connection connection, ConnectionField field) =>
        connection.Echoes is { } echoes && echoes.TryGetValue(field.WireName, out Secret[]? keys) ? keys : [];
}
