using System.Data.SqlTypes;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Refuses what is no text where text belongs: PowerShell would send what an object or a script block is shown as.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextTransformationAttribute : ArgumentTransformationAttribute
{
    public bool TakesObjects { get; set; }

    /// <summary>Whether it binds from rows: a table in one is refused later, because PowerShell's own error would carry the whole row.</summary>
    public bool IsOfRow { get; set; }

    /// <summary>Whether it is the path of a file, for which the file itself may be given.</summary>
    public bool IsPath { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (IsPath && PathInput.Of(inputData) is string path)
        {
            return path;
        }

        object? value = PSValueConverter.Unwrap(inputData);
        foreach (object? item in value is Array items ? items.Cast<object?>() : [value])
        {
            Require(PSValueConverter.Unwrap(item), TakesObjects || IsOfRow);
        }

        return value is ProviderModel model ? model.ModelId : WithoutRows(inputData, TakesObjects);
    }

    /// <summary>Leaves out objects on one line, and those that PowerShell would make so: they hold the keys of rows.</summary>
    public static object? WithoutRows(object? given, bool takesObjects = false)
    {
        if (PSValueConverter.Unwrap(given) is not IList items)
        {
            return One(given);
        }

        object?[] all = [.. items.Cast<object?>()];
        return all.Select(One).ToArray() is var shown && shown.SequenceEqual(all) ? given : shown;

        object? One(object? item) => PSValueConverter.Unwrap(item) switch
        {
            // PowerShell would make a text of it.
            null when ((item as PSObject)?.BaseObject ?? item) is NullString or INullable => DBNull.Value,
            // As it was typed: -Name 2.0.
            IFormattable number and (double or float) when item is PSObject token && token.ToString(null, CultureInfo.InvariantCulture) is string typed
                && typed != number.ToString(null, CultureInfo.InvariantCulture) => typed,
            // As in a row, and not in the words of the invariant culture, which have a time.
            var other when PSValueConverter.OwnText(other) is string text => text,
            string text when LostContent.HoldsRow(text.AsSpan()) => LostContent.Row,
            PSObject row when !takesObjects && LostContent.HoldsRow(row.ToString().AsSpan()) => LostContent.Row,
            _ => item,
        };
    }

    private static void Require(object? item, bool takesTables)
    {
        string? problem = item switch
        {
            IDictionary when !takesTables => "The value is a table, not a string. To use one of its values, specify it, such as $table.Name.",
            ScriptBlock => "This parameter does not run script blocks. To compute a value for each item, use ForEach-Object.",
            // Of lists the parameters themselves say whether they take them.
            null or IFormattable or IConvertible or Uri or Version or SwitchParameter or IEnumerable
                or PSObject or PSCustomObject or ProviderModel => null,
            _ => $"The value is an object of the type {item.GetType().Name}, not a string. "
                + (item is KoreSession ? "Use -Session, or pipe it." : "To use one of its properties, specify it, such as $object.Name."),
        };
        if (problem is not null)
        {
            throw new ArgumentTransformationMetadataException(problem);
        }
    }
}
