using System.Collections;

namespace KoreConnections.Commands;

/// <summary>
/// Refuses what is no text where text belongs: PowerShell would make a text of it and send that. It does not run a script block for each item,
/// and of an object it takes what the object is shown as.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = PSValueConverter.Unwrap(inputData);
        foreach (object? item in value is Array items ? items.Cast<object?>() : [value])
        {
            Require(PSValueConverter.Unwrap(item));
        }

        return value is ProviderModel model ? model.ModelId : inputData;
    }

    private static void Require(object? item)
    {
        if (item is ScriptBlock)
        {
            throw new ArgumentTransformationMetadataException(
                "This parameter does not run script blocks. To compute a value for each item, use ForEach-Object.");
        }

        // Of tables and lists the parameters themselves say whether they take them.
        if (item is not (null or IFormattable or IConvertible or Uri or Version or SwitchParameter or IEnumerable or StringBuilder
            or PSObject or PSCustomObject or ProviderModel))
        {
            throw new ArgumentTransformationMetadataException(
                $"The value is an object of the type {item.GetType().Name}, not a string. To use one of its properties, specify it, such as $object.Name.");
        }
    }
}
