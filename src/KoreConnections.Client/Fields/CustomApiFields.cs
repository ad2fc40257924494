namespace KoreConnections.Client;

/// <summary>What a custom API consists of. Those that code asks for by name are properties of <see cref="CustomApiSettings"/>, too.</summary>
internal static class CustomApiFields
{
    public static TextField EndpointUrl { get; } = new("EndpointUrl", "endpointUrl", Guard.EndpointUrl, ValueKind.Address)
    {
        Description = "The absolute address that the platform calls.",
        Pattern = @"[Hh][Tt][Tt][Pp][Ss]?://\S.*",
        IsRequired = true,
        MattersToKey = true,
    };

    public static CustomApiField<IReadOnlyList<Header>?> Header { get; } = new(
        "Header", "headers", ValueKind.Headers,
        (reader, name) => reader.Headers(name),
        (_, headers) => Client.Header.Validate(headers),
        (writer, name, headers, reveal) => Client.Header.Write(writer, name, headers!, reveal))
    {
        Description = "The headers that the platform sends. A key is a reference: x-api-key: env:NAME.",
        MattersToKey = true,
    };

    public static CustomApiField<JsonElement?> Payload { get; } = new(
        "Payload", "payload", ValueKind.Payload,
        (reader, name) => reader.Json(name),
        (_, payload) => Guard.Payload(payload!.Value),
        (writer, name, payload, _) =>
        {
            writer.WritePropertyName(name);
            payload!.Value.WriteTo(writer);
        })
    {
        Description = "The body that the platform sends, with {{variable}} placeholders, or JSON text of it.",
        Shape = FieldShape.Own,
        IsRequired = true,
        MattersToKey = true,
    };

    public static TextField OutputPath { get; } =
        Path("OutputPath", "outputPath", "Where the text is in the answer, such as content[0].text.", isRequired: true);

    public static TextField InputTokensPath { get; } = Path("InputTokensPath", "inputTokensPath", "Where the count of input tokens is in the answer.");

    public static TextField OutputTokensPath { get; } = Path("OutputTokensPath", "outputTokensPath", "Where the count of output tokens is in the answer.");

    public static VariablesField PromptVariable { get; } = new(
        "PromptVariable", "promptVars", (settings, given) => Variable.CompletePrompt(given, settings.Payload ?? default))
    {
        Description = "The prompt's variables that are on. Left out, those that the payload names.",
        Values = Variable.PromptNames,
        IsCompleted = true,
        MattersToKey = true,
    };

    public static VariablesField CustomVariable { get; } = new(
        "CustomVariable", "customVars", (_, given) => NamedWithoutKeys(given), text => Guard.VariableName(text, "CustomVariable"))
    {
        Description = "Further variables of the payload.",
        MattersToKey = true,
    };

    public static TextField MapProvider { get; } = new("MapProvider", "mapProvider", text => ApiValues.MapProviders.Parse(text, "MapProvider"))
    {
        Description = "The provider whose format the API speaks.",
        Values = ApiValues.MapProviders,
        Shape = FieldShape.Mapped,
        IsRequired = true,
        MattersToKey = true,
    };

    public static CustomApiField<IReadOnlyList<string>?> Feature { get; } = new(
        "Feature", "llmFeatures", ValueKind.Switches,
        (reader, name) => reader.Switches(name),
        (_, features) => ApiValues.Features.ParseAll(features!, "Feature") is { Count: > 0 } parsed ? parsed : throw NoFeature("empty"),
        (writer, name, features, _) =>
        {
            writer.WritePropertyName(name);
            JsonText.WriteTable(writer, ApiValues.Features.Values, feature => feature, feature => writer.WriteBooleanValue(features!.Contains(feature)));
        })
    {
        Description = "The features that are on.",
        Values = ApiValues.Features,
        Shape = FieldShape.Mapped,
        IsRequired = true,
        Advice = $"Specify at least one of {ApiValues.Features.Listed}.",
    };

    public static CustomApiField<IReadOnlyList<string>?> IOMapping { get; } = new(
        "IOMapping", "IOMappings", ValueKind.Texts,
        (reader, name) => reader.Texts(name),
        (_, mappings) => ApiValues.IOMappings.ParseAll(mappings!, "IOMapping"),
        (writer, name, mappings, _) =>
        {
            writer.WritePropertyName(name);
            JsonText.WriteList(writer, mappings!, writer.WriteStringValue);
        })
    {
        Description = "The kinds of input and output; textToText when left out of a new connection.",
        Values = ApiValues.IOMappings,
        Shape = FieldShape.Mapped,
        Default = ApiValues.IOMappings.Values[0],
    };

    public static TextField AuthorizationProfile { get; } = new("AuthorizationProfile", "idp", text => Guard.Identifier(text, "AuthorizationProfile"))
    {
        Description = "The authorization profile; none for no profile.",
        Shape = FieldShape.Mapped,
        Default = "none",
    };

    public static CustomApiField<string?> Draft { get; } = new(
        "Draft", "status", ValueKind.Flag,
        (reader, name) => reader.Flag(name) ? "DRAFT" : null,
        (_, status) => ApiValues.CustomApiStatuses.Parse(status, "Status"),
        (writer, name, status, _) => writer.WriteString(name, status))
    {
        Description = "Whether it is a draft; false when left out.",
        ChangeParameter = "Status",
    };

    /// <summary>All of them, in the order in which they are checked and written.</summary>
    public static IReadOnlyList<CustomApiField> All { get; } =
    [
        EndpointUrl, Header, Payload, OutputPath, InputTokensPath, OutputTokensPath, PromptVariable, CustomVariable,
        MapProvider, Feature, IOMapping, AuthorizationProfile, Draft,
    ];

    public static IReadOnlyList<CustomApiField> Own { get; } = [.. All.Where(f => f.Shape == FieldShape.Own)];

    public static IReadOnlyList<CustomApiField> Mapped { get; } = [.. All.Where(f => f.Shape == FieldShape.Mapped)];

    public static KoreException NoFeature(string what) =>
        Guard.Invalid("Feature", $"is {what}. A mapped connection needs at least one of {ApiValues.Features.Listed}.");

    private static TextField Path(string parameter, string wireName, string description, bool isRequired = false) =>
        new(parameter, wireName, text => Guard.ResponsePath(text, parameter))
        {
            Description = description,
            Pattern = Guard.ResponsePathPattern,
            Shape = FieldShape.Own,
            IsRequired = isRequired,
            // Without the text, an answer of the API shows little; the counts are only shown.
            MattersToKey = isRequired,
        };

    private static IReadOnlyList<Variable> NamedWithoutKeys(IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            Guard.VariableName(variable.Name, "CustomVariable");
        }

        return variables;
    }
}
