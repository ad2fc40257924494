namespace KoreConnections.Commands;

/// <summary>Makes the client's definitions from values by parameter name, wherever they come from.</summary>
/// <param name="verbose">Takes what was done to a value without being asked.</param>
internal sealed class DefinitionBinder(Func<string, object?> value, KeyResolver keys, Action<string> verbose) : IFieldReader
{
    /// <summary>Whether it reads what a platform has, whose texts are as they are.</summary>
    public bool IsOfPlatform { get; init; }

    public ConnectionDefinition Read(string provider) =>
        provider == ApiValues.CustomApi && value("ApiKey") is { } key && !PSValueConverter.IsBlank(key)
            ? throw Guard.Invalid(
                "ApiKey", "does not apply to a custom API, which sends its key in a header. Use -Header, for example @{ 'x-api-key' = 'env:NAME' }.")
            : ConnectionDefinition.Read(provider, this);

    public string? Text(string parameter) => FieldText.Noting(PSValueConverter.Text(value(parameter), parameter), parameter, verbose);

    public IReadOnlyList<string>? Texts(string parameter) => PSValueConverter.Texts(value(parameter), parameter);

    // The platform answers with a table of booleans; people give the names of those that are on.
    public IReadOnlyList<string>? Switches(string parameter)
    {
        IReadOnlyList<object?>? given = PSValueConverter.List(value(parameter), parameter);
        return given is [var only] && PSValueConverter.Content(only) is { } table
            ? table.Where(f => PSValueConverter.Flag(f.Value, parameter)).Select(f => f.Key).ToArray()
            : PSValueConverter.Texts(given, parameter);
    }

    public IReadOnlyList<Header>? Headers(string parameter) => HeaderInput.Read(value(parameter), keys);

    public JsonElement? Json(string parameter)
    {
        object? given = value(parameter);
        JsonElement? json = given is not null && !PSValueConverter.IsBlank(given) ? JsonInput.Read(given, parameter) : null;
        RefuseRedacted(given, () => json, parameter);
        RefuseLeftovers(PSValueConverter.Unwrap(given) is JsonTable ? null : json, parameter);
        return json;
    }

    // Names, tables or objects with the API's properties, or JSON of either. What stands for nothing is bound as a list with it.
    public IReadOnlyList<Variable>? Variables(string parameter)
    {
        if (PSValueConverter.List(value(parameter), parameter) is not { } items || (items is [var only] && PSValueConverter.IsBlank(only)))
        {
            return null;
        }

        Variable[] variables = [.. items.Select(item => Variable.Read(
            PSValueConverter.Content(item) ?? [new("name", item)],
            parameter,
            name => PSValueConverter.Text(name, parameter),
            further => JsonInput.Value(further, parameter),
            isGiven: !IsOfPlatform))];
        if (!IsOfPlatform && Variable.Repeated(variables.Select(v => v.Name)) is string repeated)
        {
            throw Guard.Invalid(parameter, repeated);
        }

        for (int i = 0; i < variables.Length; i++)
        {
            RefuseRedacted(items[i], () => variables[i].ToJson(), parameter);
        }

        Array.ForEach(variables, v => RefuseLeftovers(v.Default, parameter, v.DefaultPlace, v.Name));
        return variables;
    }

    public Secret? Key(string parameter) => value(parameter) is { } key ? keys.Resolve(PSValueConverter.Unwrap(key), parameter) : null;

    // A row may be a connection that was read: it has the platform's word for it, or the opposite. What somebody gave comes first.
    public bool Flag(string parameter) => PSValueConverter.Unwrap(value(parameter)) is { } given and not SwitchParameter { IsPresent: false }
        ? PSValueConverter.Flag(given, parameter)
        : parameter == "Draft" ? string.Equals(SingleLine.Trim(Text("Status") ?? ""), "DRAFT", StringComparison.OrdinalIgnoreCase)
        : value("IsEnabled") is { } enabled && !PSValueConverter.Flag(enabled, "IsEnabled");

    // A key within a text is masked without its ends, which asterisks of one's own would look like.
    private static void RefuseRedacted(object? given, Func<JsonElement?> json, string parameter)
    {
        if (PSValueConverter.Unwrap(given) is JsonTable { IsRedacted: true }
            && json()?.GetRawText().IndexOf(Secret.Mask, StringComparison.Ordinal) >= 0)
        {
            throw Guard.Masked(parameter);
        }
    }

    private void RefuseLeftovers(JsonElement? json, string parameter, string at = "", string name = "")
    {
        if (json is JsonElement element && !IsOfPlatform)
        {
            PayloadPlaceholders.RefuseLeftovers(element, parameter, at, name);
        }
    }
}
