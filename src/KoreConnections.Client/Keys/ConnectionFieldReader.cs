namespace KoreConnections.Client;

/// <summary>
/// Reads the fields of a connection that was read, to test its key. The key is given: the platform shows no more of it than a mask.
/// What the rules refuse and the other shape's fields count as not given where they make no difference to a key.
/// </summary>
internal sealed class ConnectionFieldReader(Connection connection, ConnectionCredential credential) : IFieldReader
{
    private readonly FieldShape _shape = ActualValues.IsMapped(connection) switch
    {
        true => FieldShape.Mapped,
        false => FieldShape.Own,
        null => FieldShape.Any,
    };

    public string? Text(string parameter)
    {
        ConnectionField field = ConnectionFields.Find(parameter)!;
        string? text = (field.Kind == ValueKind.Address ? connection.Endpoint?.Read(static text => text.ToString()) : null)
            ?? ActualValues.Scalar(Value(parameter));
        return text is { Length: > 0 } && (field.MattersToKey || field.Accepts(text)) ? text : null;
    }

    public IReadOnlyList<string>? Texts(string parameter) => null;

    public IReadOnlyList<string>? Switches(string parameter) => null;

    public IReadOnlyList<Header>? Headers(string parameter) => credential.HeadersFor(connection, "Header");

    public JsonElement? Json(string parameter)
    {
        JsonElement? json = Value(parameter) is { } written ? JsonValues.Write(written) : null;
        return json is JsonElement read && CarriedSecrets.FindMask(read) is not null
            ? throw KoreException.InvalidInput(
                parameter,
                $"The payload of {connection.Shown} contains a mask instead of a key, so it cannot be sent. "
                    + "Test it with Test-ConnectionKey -CustomApi and the complete -Payload.").About(connection.Called)
            : json;
    }

    // All of them as further ones, which may have any name.
    public IReadOnlyList<Variable>? Variables(string parameter)
    {
        if (parameter != "CustomVariable" || Value("Payload") is not { } payload)
        {
            return null;
        }

        string[] used = [.. JsonString.In(JsonValues.Write(payload)).SelectMany(t => PayloadPlaceholders.Names(t.Text))];
        return [.. Defaults("PromptVariable").Concat(Defaults(parameter)).Where(v => used.Contains(v.Name, StringComparer.OrdinalIgnoreCase))];
    }

    public Secret? Key(string parameter) => credential.ApiKey;

    public bool Flag(string parameter) => false;

    private IEnumerable<Variable> Defaults(string parameter) => (ActualValues.Tables(Value(parameter)) ?? [])
        .Where(v => ActualValues.Text(v, "name") is not null && v["defaultValue"] is not null)
        .Select(v => new Variable(ActualValues.Text(v, "name")!)
        {
            Given = new Dictionary<string, JsonElement> { ["defaultValue"] = JsonValues.Write(v["defaultValue"]) },
        });

    private object? Value(string parameter) => ConnectionFields.Find(parameter) is { } field
        && (field.Shape == FieldShape.Any || field.Shape == _shape || (field.MattersToKey && _shape == FieldShape.Any))
        ? ActualValues.Of(connection, field)
        : null;
}
