namespace KoreConnections.Client;

/// <summary>A text of a custom API's configuration, which a change replaces.</summary>
internal sealed class TextField : CustomApiField<string?>
{
    public TextField(string parameter, string wireName, Func<string, string> check, ValueKind kind = ValueKind.Text)
        : base(
            parameter,
            wireName,
            kind,
            (reader, name) => reader.Text(name),
            (_, text) => check(text!),
            (writer, name, text, _) => writer.WriteString(name, text),
            text => check(text)) => ChangeParameter = parameter;
}
