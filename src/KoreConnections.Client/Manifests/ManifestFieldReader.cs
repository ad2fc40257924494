namespace KoreConnections.Client;

/// <summary>Reads the fields of a manifest's connection from its nodes. Their kinds have been checked by <see cref="ConnectionValidator"/>.</summary>
/// <param name="key">Follows a reference to a key: its text, the parameter, whether it matters who sees it.</param>
/// <param name="verbose">Takes what was done to a value without being asked.</param>
internal sealed class ManifestFieldReader(ManifestEntry entry, Func<string, string, bool, Secret> key, Action<string> verbose) : IFieldReader
{
    public string? Text(string parameter) => FieldText.Noting(entry[parameter]?.Text, parameter, verbose);

    public IReadOnlyList<string>? Texts(string parameter) => entry[parameter]?.AsList.Select(item => FieldText.Of(item.Text, parameter) ?? "").ToArray();

    public IReadOnlyList<string>? Switches(string parameter) => Texts(parameter);

    public IReadOnlyList<Header>? Headers(string parameter) => entry[parameter] is null ? null
        : entry.Headers
            .Select(header => new Header(
                FieldText.Of(header.Name.Text, parameter) ?? "", SecretOf(header.Value, parameter, SecretRule.IsName(header.Name.Text))))
            .ToArray();

    public JsonElement? Json(string parameter) => entry[parameter] switch
    {
        null => null,
        { Kind: NodeKind.Text } text => string.IsNullOrWhiteSpace(text.Text) ? null : JsonText.Parse(text.Text, parameter),
        var node => Value(node, parameter),
    };

    public IReadOnlyList<Variable>? Variables(string parameter) => entry[parameter]?.AsList.Select(item => OneVariable(item, parameter)).ToArray();

    public Secret? Key(string parameter) => entry[parameter] is ManifestNode node ? SecretOf(node, parameter, true) : null;

    public bool Flag(string parameter) => entry[parameter] is ManifestNode node && bool.TryParse(node.Text, out bool isOn) && isOn;

    // A reference of which a part is unknown leads nowhere, and no source is asked for it.
    private Secret SecretOf(ManifestNode node, string parameter, bool isSecret) =>
        node.Unset is string unset ? Secret.Unresolved(Guard.Invalid(parameter, unset)) : key(node.Text, parameter, isSecret);

    private static Variable OneVariable(ManifestNode item, string parameter) => Variable.Read<ManifestNode>(
        [.. item.IsScalar ? [new("name", item)] : item.Entries.Select(e => new KeyValuePair<string, ManifestNode>(
            e.Key.Text, Variable.IsFlag(e.Key.Text) && bool.TryParse(e.Value.Text, out bool isOn) ? ManifestNode.Of(isOn) : e.Value))],
        parameter,
        name => FieldText.Of(name.Text, parameter),
        value => Value(value, parameter),
        // A manifest can have any value that a platform has. The properties' names were checked before, and what stands for true or false.
        isGiven: false);

    private static JsonElement Value(ManifestNode node, string parameter)
    {
        JsonElement value = JsonText.Write(writer => node.WriteTo(writer), parameter);
        JsonText.RefuseLost(value, parameter);
        return value;
    }
}
