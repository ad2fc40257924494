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

    private static Variable One(object? item, string parameter)
    {
        if (PSValueConverter.Properties(item) is not { } properties)
        {
            return new Variable(PSValueConverter.Text(item, parameter) ?? throw Variable.NoName(parameter));
        }

        var given = new Dictionary<string, JsonElement>();
        string? name = null;
        foreach (KeyValuePair<string, object?> property in properties)
        {
            if (string.Equals(property.Key, "name", StringComparison.OrdinalIgnoreCase))
            {
                name = PSValueConverter.Text(property.Value, parameter);
            }
            else
            {
                given[Variable.PropertyName(property.Key)] = JsonInput.Value(property.Value, parameter);
            }
        }

        return new Variable(name ?? throw Variable.NoName(parameter)) { Given = given };
    }
}
