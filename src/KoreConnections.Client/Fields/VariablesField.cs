namespace KoreConnections.Client;

/// <summary>Variables of a custom API's payload.</summary>
internal sealed class VariablesField : CustomApiField<IReadOnlyList<Variable>?>
{
    public VariablesField(
        string parameter, string wireName, Func<CustomApiSettings, IReadOnlyList<Variable>, IReadOnlyList<Variable>> check, Action<string>? rule = null)
        : base(
            parameter,
            wireName,
            ValueKind.Variables,
            (reader, name) => reader.Variables(name),
            (settings, variables) => check(settings, variables!),
            (writer, name, variables, _) => Variable.Write(writer, name, variables!),
            rule) => Shape = FieldShape.Own;
}
