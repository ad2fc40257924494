namespace KoreConnections.Commands;

/// <summary>
/// Accepts ids as text, or of tables: PowerShell would turn any object into text, and a stray object is no id. One without an id is
/// bound as a text that stands for none: PowerShell's own error would carry the whole row, its keys included.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionIdTransformationAttribute : ArgumentTransformationAttribute
{
    // No id has these characters, so that the cmdlet refuses it as one.
    public const string NoId = "(an object without ConnectionId)";
    public const string ManyIds = "(a list of ids)";

    private static readonly string[] Names = ["ConnectionId", "Id"];

    public bool TakesTables { get; set; }

    /// <summary>Whether the parameter takes one id: a list of them would fail to bind, with the whole row in PowerShell's error.</summary>
    public bool IsSingle { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = Bare(inputData);
        return value is null or string ? TextTransformationAttribute.WithoutRows(value)
            : PSValueConverter.Elements(value, Names[0]) is { } ids
                ? IsSingle ? ManyIds : ids.All(i => Bare(i) is string or null) ? TextTransformationAttribute.WithoutRows(Array.ConvertAll(ids, Bare)) : NoId
            : TakesTables && value is IDictionary table && IdOf(table) is string id ? TextTransformationAttribute.WithoutRows(id)
            : IsWithoutId(inputData!) ? NoId
            : throw new ArgumentTransformationMetadataException(
                "Use a string. Pipe an object that has a ConnectionId, or specify its ConnectionId.",
                new PSInvalidCastException("The value is not a string."));
    }

    private static string? IdOf(IDictionary table)
    {
        try
        {
            return Names.Select(name => PSValueConverter.Unwrap(InputRecord.Find(table, name))).OfType<string>()
                .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        }
        catch (KoreException)
        {
            // The row's label has the failure.
            return NoId;
        }
    }

    // Of an empty property too: PowerShell's own error about it would carry the row, and another name of the connection may be beside it.
    private static bool IsWithoutId(object item)
    {
        try
        {
            return PSValueConverter.IsBlank(
                Names.Select(name => PSObject.AsPSObject(item).Properties[name]).FirstOrDefault(p => p is not null)?.Value);
        }
        catch (GetValueException)
        {
            return true;
        }
    }

    private static object? Bare(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        Capture or StringBuilder => PSValueConverter.Unwrap(item),
        var plain => plain,
    };
}
