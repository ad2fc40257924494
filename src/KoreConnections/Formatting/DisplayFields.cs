using System.Dynamic;

namespace KoreConnections.Commands;

/// <summary>
/// The fields of a connection as the format file shows them. A dynamic object, so that a new field needs no property here; not
/// <see cref="DisplayText"/> itself, because tables with many rows read that, and static properties are faster.
/// </summary>
/// <param name="connection">The connection, live or deserialized.</param>
internal sealed class DisplayFields(PSObject connection) : DynamicObject
{
    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        object? value = connection.Properties[binder.Name]?.Value;
        result = binder.Name == nameof(Connection.Payload) ? Format.Json(value) : Format.Value(value);
        return true;
    }
}
