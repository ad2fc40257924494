using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace KoreConnections.Client;

/// <summary>
/// The JSON schema with which editors complete and check a manifest, made from the table of fields. docs/connections.schema.json is its
/// text: <c>build.ps1 Docs</c> writes it, and a test compares them.
/// </summary>
public static class ManifestSchema
{
    private const string Variable = VariableExpansion.Start + @"[^}]+\}";
    private const string HeaderName = $"^{Header.NamePattern}$";

    // Not for HTML, so that a pattern stays readable.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text.</summary>
    public static string Text => Of(
        ("$schema", "http://json-schema.org/draft-07/schema#"),
        ("title", "Connections of the Kore.ai Agent Platform"),
        ("description", "A manifest for Compare-Connection and Sync-Connection. Editors complete and check with this schema; "
            + "Test-ConnectionManifest checks all of it."),
        ("type", "object"),
        ("required", List("connections")),
        ("additionalProperties", false),
        ("properties", Of(
            ("$schema", Of(("description", "Where this schema is, for editors."))),
            ("version", Of(("enum", new JsonArray(1, "1")), ("description", "The version of the manifest's format."))),
            ("connections", Of(
                ("type", List("array", "null")),
                ("description", "The connections. What the platform has beside them is left alone."),
                ("items", Reference("connection")))))),
        ("patternProperties", Of(("^[Xx]-", Of(("description", "Any value, for anchors that several connections share."))))),
        ("definitions", Definitions())).ToJsonString(Readable).Replace("\r\n", "\n") + "\n";

    private static JsonObject Definitions()
    {
        JsonObject provider = Of(
            ("description", ConnectionFields.Provider.Description), ("enum", List([.. ApiValues.Providers.Values.SelectMany(Spellings)])));
        JsonObject connection = Of(
            ("type", "object"),
            ("required", List("provider", "name")),
            ("properties", Of(("provider", provider))),
            ("allOf", new JsonArray([.. ApiValues.Providers.Values.Select(OneOf)])));
        JsonObject definitions = Of(("connection", connection));
        foreach (string name in ApiValues.Providers.Values)
        {
            definitions[NameOf(name)] = Connection(name);
        }

        definitions["text"] = Of(("type", List("string", "number", "boolean")), ("pattern", @"^\s*\S([^\t\r\n]*\S)?\s*$"));
        definitions["reference"] = Of(("type", "string"), ("pattern", @"^\s*[A-Za-z][A-Za-z0-9+.-]*:\s*\S"));
        definitions["variable"] = Of(("type", "string"), ("pattern", Variable));
        definitions["flag"] = AnyOf(
            Of(("type", "boolean")),
            Of(("type", "string"), ("pattern", @"^\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$")),
            Reference("variable"));
        // A platform may have any other value, so that a manifest may, too.
        definitions["variableFlag"] = Of(("description", "True or false."), ("not", AnyOf(
            Of(("type", "integer"), ("minimum", 0), ("maximum", 1)),
            Of(("type", "string"), ("pattern", $@"^\s*({string.Join("|", ActualValues.OtherFlags.Select(f => InAnyCase(Regex.Escape(f))))})\s*$")))));
        return definitions;
    }

    private static JsonObject OneOf(string provider) => Of(
        ("if", Of(("properties", Of(("provider", Of(("enum", List(Spellings(provider))))))))),
        ("then", Reference(NameOf(provider))));

    private static JsonObject Connection(string provider)
    {
        ConnectionField[] required = [.. ConnectionFields.RequiredOf(provider)];
        var properties = new JsonObject();
        foreach (ConnectionField field in ConnectionFields.Of(provider))
        {
            properties[field.Name] = field == ConnectionFields.Provider ? new JsonObject() : Property(field, required.Contains(field));
        }

        JsonObject connection = Of(("required", List([.. required.Select(f => f.Name)])), ("additionalProperties", false), ("properties", properties));
        if (provider == ApiValues.CustomApi)
        {
            connection["oneOf"] = new JsonArray(Shape(CustomApiFields.Own, CustomApiFields.Mapped), Shape(CustomApiFields.Mapped, CustomApiFields.Own));
        }

        return connection;
    }

    // What is empty counts as left out.
    private static JsonObject Shape(IReadOnlyList<ConnectionField> fields, IReadOnlyList<ConnectionField> others)
    {
        ConnectionField[] required = [.. fields.Where(f => f.IsRequired)];
        return Of(
            ("required", List([.. required.Select(f => f.Name)])),
            ("properties", Of(
                [
                    .. required.Select(f => (f.Name, (JsonNode?)Of(("not", Of(("type", "null")))))),
                    .. others.Select(f => (f.Name, (JsonNode?)Of(("type", "null")))),
                ])));
    }

    private static JsonObject Property(ConnectionField field, bool isRequired)
    {
        IEnumerable<JsonObject> accepted = Accepted(field);
        // What may be left out may be left empty, too. Which of a shape's fields are required, the shape says.
        JsonObject property = AnyOf([.. isRequired ? accepted : accepted.Append(Of(("type", "null")))]);
        property.Insert(0, "description", field.Description);
        return property;
    }

    private static IEnumerable<JsonObject> Accepted(ConnectionField field) => field.Kind switch
    {
        ValueKind.Flag => [Reference("flag")],
        ValueKind.Key => [Reference("reference")],
        ValueKind.Payload => [Of(("type", List("object", "string")), ("pattern", $@"^\s*(\{{|{VariableExpansion.Start})"))],
        ValueKind.Headers =>
        [
            Of(
                ("type", "object"),
                ("propertyNames", Of(("pattern", HeaderName))),
                ("additionalProperties", Reference("text"))),
            ListOf([Of(
                ("type", "object"),
                ("required", List("key", "value")),
                ("additionalProperties", false),
                ("properties", Of(("key", Of(("type", List("string", "number")), ("pattern", HeaderName))), ("value", Reference("text")))))]),
        ],
        ValueKind.Variables =>
        [
            .. One(field),
            ListOf([.. One(field), Of(
                ("type", "object"),
                ("required", List("name")),
                ("properties", Of(
                    ("name", AnyOf([.. One(field)])), ("status", Reference("variableFlag")), ("required", Reference("variableFlag")))))]),
        ],
        ValueKind.Texts => [.. One(field), ListOf(One(field))],
        ValueKind.Switches => [.. One(field), ListOf(One(field), ("minItems", 1))],
        _ => One(field),
    };

    private static IEnumerable<JsonObject> One(ConnectionField field) => field switch
    {
        // Editors complete from the list, and the pattern accepts other case.
        { Values: ApiValueSet values } =>
        [
            Of(("enum", List([.. values.Values]))),
            Of(("type", "string"), ("pattern", $@"^\s*({string.Join("|", values.Values.Select(InAnyCase))})\s*$")),
            Reference("variable"),
        ],
        { Pattern: string pattern } => [Of(("type", TypesOf(pattern)), ("pattern", $@"^\s*(?:{pattern})\s*$")), Reference("variable")],
        _ => [Reference("text")],
    };

    // YAML makes a number or a Boolean of a text that looks like one, and a pattern is only for texts.
    private static JsonArray TypesOf(string pattern)
    {
        bool Accepts(string text) => Regex.IsMatch(text, $"^(?:{pattern})$");
        string[] number = Accepts("0.7") ? ["number"] : Accepts("12") ? ["integer"] : [];
        string[] flag = Accepts("true") ? ["boolean"] : [];
        return List(["string", .. number, .. flag]);
    }

    private static string InAnyCase(string value) =>
        string.Concat(value.Select(c => char.IsLetter(c) ? $"[{char.ToUpperInvariant(c)}{char.ToLowerInvariant(c)}]" : $"{c}"));

    private static JsonObject ListOf(IEnumerable<JsonObject> items, params (string Name, JsonNode? Value)[] further) =>
        Of([("type", "array"), ("items", AnyOf([.. items])), .. further]);

    private static JsonObject AnyOf(params JsonObject[] schemas) => Of(("anyOf", new JsonArray([.. schemas])));

    private static JsonObject Reference(string definition) => Of(("$ref", $"#/definitions/{definition}"));

    private static JsonArray List(params string[] texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonObject Of(params (string Name, JsonNode? Value)[] properties) =>
        new(properties.Select(p => new KeyValuePair<string, JsonNode?>(p.Name, p.Value)));

    private static string[] Spellings(string provider) => [.. new[] { provider.Replace(" ", ""), provider }.Distinct()];

    // As the keys of definitions have been called since the first schema, to which manifests may refer.
    private static string NameOf(string provider) => provider switch
    {
        ApiValues.OpenAI => "openAI",
        ApiValues.AzureOpenAI => "azureOpenAI",
        ApiValues.CustomApi => "customApi",
        _ => provider.ToLowerInvariant(),
    };
}
