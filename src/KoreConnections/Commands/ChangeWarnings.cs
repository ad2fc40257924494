namespace KoreConnections.Commands;

/// <summary>What there is to say of a change that the platform accepted.</summary>
internal static class ChangeWarnings
{
    /// <param name="properties">What the answer shows otherwise than it was sent.</param>
    public static string? OfResponse(string label, IReadOnlyCollection<string> properties) => properties.Count == 0 ? null
        : $"The platform accepted the change of '{label}', but its response still shows another value "
            + $"({TextSanitizer.SingleLine(string.Join(", ", properties), 200)}). "
            + "The change may not have been stored. Check it with Get-Connection.";

    /// <summary>Of a row whose key was all that can be changed: what else it has otherwise than the connection, as a copy of the connection has not.</summary>
    public static string? OfRow(string label, InputRecord row, Connection changed)
    {
        string[] different = ApiValues.Providers.Find(changed.Provider) is { } provider and not ApiValues.CustomApi
            ? [.. ConnectionFields.Of(provider)
                .Where(f => f.Kind == ValueKind.Text && f != ConnectionFields.Provider && IsOther(row, f, changed))
                .Select(f => f.Parameter)]
            : [];
        string[] foreign = Foreign(row, changed);
        string[] words =
        [
            .. different.Length == 0 ? [] : new[]
            {
                $"The row of '{label}' has another {string.Join(" and ", different)} than the connection, which was not changed. "
                    + "For a named provider, only the key can be changed. Correct the row, or create another connection.",
            },
            .. foreign.Length == 0 ? [] : new[]
            {
                $"The row of '{label}' has {string.Join(" and ", foreign)}, which {changed.Provider} connections do not have. "
                    + "Only the key was changed. Correct the row.",
            },
        ];
        return words.Length == 0 ? null : string.Join(" ", words);
    }

    private static string[] Foreign(InputRecord row, Connection changed)
    {
        try
        {
            return ApiValues.Providers.Find(changed.Provider) is { } provider ? [.. RowFields.Foreign(row, provider).Select(f => f.Parameter)] : [];
        }
        catch (KoreException)
        {
            // As below.
            return [];
        }
    }

    private static bool IsOther(InputRecord row, ConnectionField field, Connection changed)
    {
        try
        {
            object? given = PSValueConverter.Unwrap((field == ConnectionFields.Name ? row.Own("ConnectionName") : null) ?? row.Own(field.Parameter));
            return (given as string ?? PSValueConverter.OwnText(given)) is string text && ActualValues.Of(changed, field) is string { Length: > 0 } actual
                && SingleLine.Comparable(text) != SingleLine.Comparable(actual);
        }
        catch (KoreException)
        {
            // The change needed no such property, so that its failure is none of the change.
            return false;
        }
    }
}
