using System;
using System.Linq;
using System.Management.Automation;

namespace KoreConnections.Commands;

/// <summary>
/// Keeps of a piped object only what it is called. It binds beside the parameters that take the object's values, and never where
/// PowerShell finds none of them: an object without an id and a name does not bind here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemLabelAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is not null and not OpaqueArgument && TextOf(inputData, "ConnectionId", "Id") is string id && TextOf(inputData, "ConnectionName", "Name") is string name
            ? new OpaqueArgument(new ItemLabel(name, id))
            // PowerShell passes over this cause.
            : throw new ArgumentTransformationMetadataException("It has no id and name.", new PSInvalidCastException("It has no id and name."));

    private static string? TextOf(object item, params string[] names)
    {
        try
        {
            return names.Select(n => PSValueConverter.Unwrap(PSObject.AsPSObject(item).Properties[n]?.Value) as string).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
