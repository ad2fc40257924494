namespace KoreConnections.Commands;

/// <summary>Reads variables from their names, from tables or objects with the API's properties, or from JSON of either.</summary>
internal static class VariableInput
{
    public static IReadOnlyList<Variable>? Read(object? given, string parameter)
    {
        object? value = PSValueConverter.Unwrap(given);
        value = value is string text && PSValueConverter.IsJson(text) ? PSValueConverter.Json(text, parameter) : value;
        return PSValueConverter.List(value, parameter)?.Select(item => One(item, parameter)).ToArray();
    }

    private static Variable One(object? item, string parameter) => Variable.Read(
        PSValueConverter.Properties(item) ?? [new("name", item)],
        parameter,
        name => PSValueConverter.Text(name, parameter),
        value => JsonInput.Value(value, parameter));
}
