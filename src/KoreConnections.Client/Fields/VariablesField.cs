namespace KoreConnections.Client;

internal sealed class VariablesField : CustomApiField<IReadOnlyList<Variable>?>
{
    public VariablesField(
        string parameter, string wireName, Func<CustomApiSettings, IReadOnlyList<Variable>, IReadOnlyList<Variable>> check, Action<string>? rule = null)
        : base(
            parameter,
            wireName,
            ValueKind.Variables,
            (reader, name) => reader.Variables(name),
            (settings, variables) => check(settings, Unmasked(variables!, parameter)),
            (writer, name, variables, _) => Variable.Write(writer, name, variables!),
            rule) => Shape = FieldShape.Own;

    private static IReadOnlyList<Variable> Unmasked(IReadOnlyList<Variable> variables, string parameter)
    {
        foreach (Variable variable in variables)
        {
            foreach (KeyValuePair<string, JsonElement> given in variable.Given)
            {
                // What a variable is called says what its value is.
                string name = given.Key == "defaultValue" ? variable.Name : given.Key;
                Guard.Unmasked(given.Value, parameter, $"{SecretMasker.Step(variable.Name)}.{given.Key}", name);
            }
        }

        return variables;
    }
}
