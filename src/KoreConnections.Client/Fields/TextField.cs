namespace KoreConnections.Client;

internal sealed class TextField(string parameter, string wireName, Func<string, string> check, ValueKind kind = ValueKind.Text)
    : CustomApiField<string?>(
        parameter,
        wireName,
        kind,
        (reader, name) => reader.Text(name),
        (_, text) => check(text!),
        (writer, name, text, _) => writer.WriteString(name, text),
        text => check(text));
