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

    public static OpaqueArgument Label(object item)
    {
        (string? id, KoreException? failure) = PSValueConverter.Unwrap(item) is string text
            ? (LostContent.WithoutRow(text), null)
            : TextOf(item, "ConnectionId", "Id");
        (string? name, KoreException? unnamed) = TextOf(item, "ConnectionName", "Name");
        return new OpaqueArgument(new ItemLabel(item, name, id, failure ?? (id is null ? unnamed : null)));
    }

    // A row's property may be anybody's code: where it fails, the row's own error says so.
    private static (string? Text, KoreException? Failure) TextOf(object item, params string[] names)
    {
        try
        {
            object? source = PSValueConverter.Unwrap(item);
            string? text = names.Select(n => PSValueConverter.Unwrap(InputRecord.Find(source, n)) as string).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
            return (text is null ? null : LostContent.WithoutRow(text), null);
        }
        catch (KoreException e)
        {
            return (null, e);
        }
    }
}
