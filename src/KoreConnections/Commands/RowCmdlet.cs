namespace KoreConnections.Commands;

/// <summary>A cmdlet that takes rows from the pipeline: numbered, and without empty ones.</summary>
public abstract class RowCmdlet : SessionCmdlet
{
    private readonly PipedRows _rows = new();

    /// <summary>The number of the row that is worked on, which its errors name; null for what is no row of a pipeline.</summary>
    private protected int? CurrentRow { get; set; }

    /// <summary>The items of a parameter that takes one from the pipeline, and several as its argument.</summary>
    private protected static IEnumerable<object?> Items(object? given) =>
        LanguagePrimitives.GetEnumerable(PSValueConverter.Unwrap(given))?.Cast<object?>() ?? [given];

    /// <summary>The same as rows.</summary>
    /// <param name="warns">Whether columns are named that nobody reads: not where little of a row is taken.</param>
    private protected IEnumerable<object?> Rows(object? given, bool warns = true) =>
        Items(given).Where(item => NextRow(item, MyInvocation.ExpectingInput || !ReferenceEquals(item, given), warns));

    /// <summary>Takes the next row; false for an empty one.</summary>
    private protected bool NextRow(object? item, bool isPiped, bool warns)
    {
        bool hasContent = _rows.Next(item, warns ? WriteWarning : null);
        CurrentRow = isPiped ? _rows.Number : null;
        if (!hasContent)
        {
            WriteVerbose($"Row {_rows.Number} is empty and was skipped.");
        }

        return hasContent;
    }

    /// <summary>The same for a row whose values are bound by themselves. Where its name and id are in its errors, its number is not needed.</summary>
    /// <param name="label">What a parameter with <see cref="ItemLabelAttribute"/> is bound to.</param>
    private protected bool NextLabelled(object? label, bool warns = false)
    {
        bool hasContent = NextRow(ItemLabel.ItemOf(label), MyInvocation.ExpectingInput, warns);
        CurrentRow = ItemLabel.IsNamed(label) ? null : CurrentRow;
        return hasContent;
    }
}
