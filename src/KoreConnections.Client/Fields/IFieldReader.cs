namespace KoreConnections.Client;

/// <summary>Reads values by parameter name, wherever they come from. Null is "not given".</summary>
internal interface IFieldReader
{
    string? Text(string parameter);

    IReadOnlyList<string>? Texts(string parameter);

    /// <summary>The names of what is on, from names or from a table of switches.</summary>
    IReadOnlyList<string>? Switches(string parameter);

    /// <summary>Headers, whose values may be references to keys.</summary>
    IReadOnlyList<Header>? Headers(string parameter);

    JsonElement? Json(string parameter);

    IReadOnlyList<Variable>? Variables(string parameter);

    /// <summary>A key, or what a reference to one leads to.</summary>
    Secret? Key(string parameter);

    /// <summary>Whether something is on; false where it was not given.</summary>
    bool Flag(string parameter);
}
