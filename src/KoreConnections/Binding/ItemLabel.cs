using System;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What a piped connection or row is called: people know its name, not its id.</summary>
/// <param name="name">Its name.</param>
/// <param name="id">Its id.</param>
internal sealed class ItemLabel(string name, string id)
{
    /// <summary>Name and id of what was piped; the id alone where that is all there is, or where another id was given beside it.</summary>
    public static string? Of(object? piped, string? id) =>
        OpaqueArgument.Open(piped) is ItemLabel label && id is not null && label.Id == id.Trim() ? label.ToString() : id;

    /// <inheritdoc/>
    public override string ToString() => $"{SecretMasker.Quote(name)} ({SecretMasker.Quote(id)})";

    private string Id => id.Trim();
}

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
