namespace KoreConnections.Commands;

/// <summary>
/// Takes text, files, locations and lists of these: Windows PowerShell would keep only the name of a file. Of anything else it would make a text,
/// keys included.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathTransformationAttribute : ArgumentTransformationAttribute
{
    // A list may contain itself.
    private const int MaximumDepth = 8;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSValueConverter.Elements(inputData, "Path") is null ? One(inputData) : (object)All(inputData, 0).ToArray();

    private static IEnumerable<string?> All(object? given, int depth) =>
        PSValueConverter.Elements(given, "Path") is not { } items ? [One(given)]
        : depth < MaximumDepth ? items.SelectMany(item => All(item, depth + 1))
        : [PathInput.NoPath];

    private static string? One(object? given) => PSValueConverter.Unwrap(given) switch
    {
        null => null,
        string text => LostContent.HoldsRow(text.AsSpan()) ? LostContent.Row : text,
        var item when PathInput.Of(item) is string path => path,
        PSObject row when row.Properties["PSPath"]?.Value is string or PSObject || row.Properties["Path"] is not null =>
            throw new ArgumentTransformationMetadataException(
            PathInput.Accepted,
            // PowerShell passes over this cause, and takes the property.
            new PSInvalidCastException("The object has its own path.")),
        _ => PathInput.NoPath,
    };
}
