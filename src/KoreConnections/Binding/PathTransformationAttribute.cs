namespace KoreConnections.Commands;

/// <summary>Takes text and files: Windows PowerShell would keep only the name of these. Of anything else it would make a text, keys included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PSValueConverter.Unwrap(inputData) switch
    {
        object[] items => items.Select(One).ToArray(),
        var item => One(item),
    };

    private static object? One(object? given) => PSValueConverter.Unwrap(given) switch
    {
        null => null,
        string text => LostContent.HoldsRow(text.AsSpan()) ? LostContent.Row : text,
        FileSystemInfo item => item.FullName,
        PSObject row when row.Properties["PSPath"]?.Value is string or PSObject || row.Properties["Path"] is not null =>
            throw new ArgumentTransformationMetadataException(
            PathInput.Accepted,
            // PowerShell passes over this cause, and takes the property.
            new PSInvalidCastException("The object has its own path.")),
        _ => PathInput.NoPath,
    };
}
