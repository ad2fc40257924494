namespace KoreConnections.Commands;

/// <summary>Refuses a script block where text belongs: PowerShell would make a text of it and send that, where it does not run it for each item.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSValueConverter.Unwrap(inputData) is ScriptBlock || (PSValueConverter.Unwrap(inputData) is Array items && items.Cast<object?>().Any(IsScript))
            ? throw new ArgumentTransformationMetadataException(
                "This parameter does not run script blocks. To compute a value for each item, use ForEach-Object.")
            : inputData;

    private static bool IsScript(object? item) => PSValueConverter.Unwrap(item) is ScriptBlock;
}
