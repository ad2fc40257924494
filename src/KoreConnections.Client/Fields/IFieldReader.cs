namespace KoreConnections.Client;

/// <summary>Reads values by parameter name, wherever they come from. Null is "not given".</summary>
public interface IFieldReader
{
    /// <summary>A text.</summary>
    string? Text(string parameter);

    /// <summary>Several texts.</summary>
    IReadOnlyList<string>? Texts(string parameter);

    /// <summary>The names of what is on, from names or from a table of switches.</summary>
    IReadOnlyList<string>? Switches(string parameter);

    /// <summary>Headers, whose values may be references to keys.</summary>
    IReadOnlyList<Header>? Headers(string parameter);

    /// <summary>JSON.</summary>
    JsonElement? Json(string parameter);

    /// <summary>Variables of a payload.</summary>
    IReadOnlyList<Variable>? Variables(string parameter);

    /// <summary>A key, or what a reference to one leads to.</summary>
    Secret? Key(string parameter);

    /// <summary>Whether something is on; false where it was not given.</summary>
    bool Flag(string parameter);
}
