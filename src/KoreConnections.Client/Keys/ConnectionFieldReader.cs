namespace KoreConnections.Client;

/// <summary>
/// Reads the fields of a connection that was read, to test its key. The key is given: the platform shows no more of it than a mask.
/// What makes no difference to a key, such as features and the authorization profile, counts as not given.
/// </summary>
internal sealed class ConnectionFieldReader(Connection connection, ConnectionCredential credential) : IFieldReader
{
    public string? Text(string parameter) => parameter switch
    {
        "Name" => connection.ConnectionName,
        "Model" => connection.Model,
        "EndpointUrl" => connection.Endpoint?.Read(static text => text.ToString()) ?? Wire(parameter),
        "AuthorizationProfile" => null,
        _ => Wire(parameter),
    };

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
                    + "Test it with -CustomApi and the complete -Payload.").About(connection.Called)
            : json;
    }

    // All of them as further ones, which may have any name.
    public IReadOnlyList<Variable>? Variables(string parameter) => parameter != "CustomVariable" || Value("Payload") is null
        ? null
        : [.. Defaults("PromptVariable"), .. Defaults(parameter)];

    public Secret? Key(string parameter) => credential.ApiKey;

    public bool Flag(string parameter) => false;

    private IEnumerable<Variable> Defaults(string parameter) => (ActualValues.Tables(Value(parameter)) ?? [])
        .Where(v => ActualValues.Text(v, "name") is not null && v["defaultValue"] is not null)
        .Select(v => new Variable(ActualValues.Text(v, "name")!)
        {
            Given = new Dictionary<string, JsonElement> { ["defaultValue"] = JsonValues.Write(v["defaultValue"]) },
        });

    private object? Value(string parameter) => ActualValues.Of(connection, ConnectionFields.Find(parameter)!);

    private string? Wire(string parameter) => ActualValues.Scalar(Value(parameter)) is { Length: > 0 } text ? text : null;
}
