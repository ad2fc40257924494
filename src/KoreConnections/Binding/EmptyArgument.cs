namespace KoreConnections.Commands;

/// <summary>An argument of a change that holds nothing: it takes away what the API can take away, and is a mistake elsewhere.</summary>
internal static class EmptyArgument
{
    // Null is more likely a variable without a value.
    public static bool Clears(ConnectionField field, object? given) =>
        field is CustomApiField { IsClearable: true } && PSValueConverter.Unwrap(given) is "" or object?[] and ([] or [""]);

    public static void Refuse(ConnectionField field, object? given)
    {
        if (IsBlank(given) && !Clears(field, given))
        {
            string way = field is CustomApiField { IsClearable: true } ? $" To remove it, use {(field.Kind == ValueKind.Variables ? "@()" : "''")}."
                : field.Default is string initial ? $" The default is {initial}."
                : "";
            throw Guard.Invalid(field.ChangeParameter!, $"is empty. Specify a value, or omit the parameter to keep the current one.{way}");
        }
    }

    private static bool IsBlank(object? given) =>
        PSValueConverter.IsBlank(given) || (PSValueConverter.Unwrap(given) is Array list && list.Cast<object?>().All(IsBlank));
}
