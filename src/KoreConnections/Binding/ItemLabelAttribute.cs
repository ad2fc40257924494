using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

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
            ? new OpaqueArgument(new ItemLabel(name, TextOf(inputData, "ConnectionId", "Id") ?? ""))
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

    private static object? Value(object item, string name) => PSValueConverter.Unwrap(item) is IDictionary table ? table[name] : PSObject.AsPSObject(item).Properties[name]?.Value;
}
