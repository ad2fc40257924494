using System.Collections;

namespace KoreConnections.Commands;

/// <summary>Keeps a piped object beside the parameters that take its values, in a box that PowerShell can show nothing of.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemLabelAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        // PowerShell passes over this cause.
        null => throw new ArgumentTransformationMetadataException("It is nothing.", new PSInvalidCastException("It is nothing.")),
        OpaqueArgument => inputData,
        _ => Label(inputData),
    };

    public static OpaqueArgument Label(object item) => new(new ItemLabel(
        item,
        TextOf(item, "ConnectionName", "Name"),
        PSValueConverter.Unwrap(item) is string id ? LostContent.WithoutRow(id) : TextOf(item, "ConnectionId", "Id")));

    private static string? TextOf(object item, params string[] names)
    {
        try
        {
            return names.Select(n => PSValueConverter.Unwrap(Value(item, n)) as string).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t)) is string text
                ? LostContent.WithoutRow(text)
                : null;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static object? Value(object item, string name) =>
        PSValueConverter.Unwrap(item) is IDictionary table ? InputRecord.Find(table, name) : PSObject.AsPSObject(item).Properties[name]?.Value;
}
