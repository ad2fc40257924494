using System.Collections;

namespace KoreConnections.Commands;

/// <summary>
/// Keeps of a piped object only what it is called. It binds beside the parameters that take the object's values, and never where
/// PowerShell finds none of them: an object without a name does not bind here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemLabelAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is not null and not OpaqueArgument && TextOf(inputData, "ConnectionName", "Name") is string name
            && (TextOf(inputData, "ConnectionId", "Id") ?? (IsRow(inputData) ? "" : null)) is string id
            ? new OpaqueArgument(new ItemLabel(name, id, (PSValueConverter.Unwrap(inputData) as Connection)?.Platform))
            // PowerShell passes over this cause.
            : throw new ArgumentTransformationMetadataException("It has no name.", new PSInvalidCastException("It has no name."));

    private static string? TextOf(object item, params string[] names)
    {
        try
        {
            return names.Select(n => PSValueConverter.Unwrap(Value(item, n)) as string).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    // A file or a process has a name too, and is no connection by it.
    private static bool IsRow(object item) => PSValueConverter.Unwrap(item) is IDictionary or PSObject { BaseObject: PSCustomObject } or PSCustomObject;

    private static object? Value(object item, string name) =>
        PSValueConverter.Unwrap(item) is IDictionary table ? table[name] : PSObject.AsPSObject(item).Properties[name]?.Value;
}
