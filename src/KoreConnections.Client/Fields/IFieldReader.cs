namespace KoreConnections.Client;

/// <summary>Reads values by parameter name, wherever they come from. Null is "not given".</summary>
internal interface IFieldReader
{
    string? Text(string parameter);

    IReadOnlyList<string>? Texts(string parameter);

    /// <summary>The names of what is on, from names or from a table of switches.</summary>
    IReadOnlyList<string>? Switches(string parameter);

    IReadOnlyList<Header>? Headers(string parameter);

    JsonElement? Json(string parameter);

    IReadOnlyList<Variable>? Variables(string parameter);

    Secret? Key(string parameter);

    /// <summary>Whether something is on; false where it was not given.</summary>
    bool Flag(string parameter);
}
