using System.Dynamic;

namespace KoreConnections.Commands;

/// <summary>The fields of a connection as views show them: dynamic, so that a new field needs no property in <see cref="DisplayText"/>.</summary>
internal sealed class DisplayFields(PSObject connection) : DynamicObject
{
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        object? value = connection.Properties[binder.Name]?.Value;
        result = binder.Name == nameof(Connection.Payload) ? Format.Json(value) : Format.Value(value);
        return true;
    }
}
