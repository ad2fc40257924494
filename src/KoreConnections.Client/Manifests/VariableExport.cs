namespace KoreConnections.Client;

/// <summary>Writes variables as briefly as they can be read back: what is as it would be made anyway is left out.</summary>
internal static class VariableExport
{
    private static readonly Regex PlainName = new(@"^\w+\z", RegexOptions.CultureInvariant);

    /// <summary>The prompt's variables, or null where they are as the payload alone would make them.</summary>
    public static ManifestNode? Prompt(object? actual, object? payload)
    {
        if (ActualValues.Tables(actual) is not { } variables)
        {
            return null;
        }

        IReadOnlyList<Variable> made = Variable.CompletePrompt(null, JsonValues.Write(payload));
        ManifestNode[] nodes = [.. variables.Select(Node)];
        bool isAsMade = variables.Count == made.Count && made.All(m => variables.Any(v => v["name"] as string == m.Name && IsAs(v, m)));
        // Those that are off and otherwise as they would be made are added when it is read.
        return isAsMade
            ? null
            : ManifestNode.Sequence([.. nodes.Where((_, i) => !IsAs(variables[i], new Variable(variables[i]["name"] as string ?? "") { IsOn = false }))]);
    }

    public static ManifestNode? Custom(object? actual) =>
        ActualValues.Tables(actual) is { Count: > 0 } variables
            ? ManifestNode.Sequence([.. variables.Select(Node)])
            : null;

    private static ManifestNode Node(IDictionary actual)
    {
        var made = new Variable(actual["name"] as string ?? "");
        ManifestProperty[] properties =
        [
            new("name", ManifestNode.Of(made.Name).Written()),
            .. Different(actual, made).Select(e => new ManifestProperty((string)e.Key, ActualValues.Node(e.Value).Written())),
        ];
        return properties.Length == 1 && PlainName.IsMatch(made.Name) ? ManifestNode.Of(made.Name) : ManifestNode.Mapping(properties);
    }

    private static bool IsAs(IDictionary actual, Variable made) => Different(actual, made).Length == 0;

    private static DictionaryEntry[] Different(IDictionary actual, Variable made)
    {
        JsonElement json = made.ToJson();
        return actual.Cast<DictionaryEntry>()
            .Select(e => Variable.IsFlag((string)e.Key) && ActualValues.IsTrue(e.Value) is bool isOn ? new DictionaryEntry(e.Key, isOn) : e)
            .Where(e => (string)e.Key != "name" && !(json.TryGetProperty((string)e.Key, out JsonElement value) && ActualValues.IsSame(value, e.Value)))
            .ToArray();
    }
}
