using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>What a custom API consists of: a row for each field of <see cref="CustomApiSettings"/>, in the order in which it is checked and written.</summary>
internal static class CustomApiFields
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CustomApiField> All { get; } =
    [
        Text(
            "EndpointUrl",
            "endpointUrl",
            "The absolute address that the platform calls.",
            s => s.EndpointUrl,
            (s, v) => s.EndpointUrl = v,
            Guard.EndpointUrl,
            kind: ValueKind.Address,
            isRequired: true,
            pattern: @"[Hh][Tt][Tt][Pp][Ss]?://\S.*"),
        new CustomApiField<IReadOnlyList<Header>?>(
            "Header",
            "headers",
            ValueKind.Headers,
            s => s.Headers,
            (s, v) => s.Headers = v,
            (reader, name) => reader.Headers(name),
            (_, headers) => Header.Validated(headers!),
            (writer, name, headers, reveal) => Header.Write(writer, name, headers!, reveal))
        {
            Description = "The headers that the platform sends. A key is a reference: x-api-key: env:NAME.",
            ChangeParameter = "Header",
        },
        new CustomApiField<JsonElement?>(
            "Payload",
            "payload",
            ValueKind.Payload,
            s => s.Payload,
            (s, v) => s.Payload = v,
            (reader, name) => reader.Json(name),
            (_, payload) => Guard.Payload(payload!.Value),
            (writer, name, payload, _) =>
            {
                writer.WritePropertyName(name);
                payload!.Value.WriteTo(writer);
            })
        {
            Description = "The body that the platform sends, with {{variable}} placeholders, or JSON text of it.",
            ChangeParameter = "Payload",
            Shape = FieldShape.Own,
            IsRequired = true,
        },
        Path("OutputPath", "outputPath", "the text stands in the answer, such as content[0].text", s => s.OutputPath, (s, v) => s.OutputPath = v, isRequired: true),
        Path("InputTokensPath", "inputTokensPath", "the count of input tokens stands in the answer", s => s.InputTokensPath, (s, v) => s.InputTokensPath = v),
        Path("OutputTokensPath", "outputTokensPath", "the count of output tokens stands in the answer", s => s.OutputTokensPath, (s, v) => s.OutputTokensPath = v),
        Variables(
            "PromptVariable",
            "promptVars",
            "The prompt's variables that are on. Left out, those that the payload names.",
            s => s.PromptVariables,
            (s, v) => s.PromptVariables = v,
            (s, v) => Variable.CompletePrompt(v, s.Payload ?? default),
            isCompleted: true,
            Variable.PromptNames),
        Variables("CustomVariable", "customVars", "Further variables of the payload.", s => s.CustomVariables, (s, v) => s.CustomVariables = v, (_, v) => v),
        Text(
            "MapProvider",
            "mapProvider",
            "The provider whose format the API speaks.",
            s => s.MapProvider,
            (s, v) => s.MapProvider = v,
            text => ApiValues.MapProviders.Parse(text, "MapProvider"),
            FieldShape.Mapped,
            isRequired: true,
            values: ApiValues.MapProviders),
        new CustomApiField<IReadOnlyList<string>?>(
            "Feature",
            "llmFeatures",
            ValueKind.Switches,
            s => s.Features,
            (s, v) => s.Features = v,
            (reader, name) => reader.Switches(name),
            (_, features) => ApiValues.Features.ParseAll(features!, "Feature") is { Count: > 0 } parsed ? parsed : throw NoFeature("empty"),
            WriteSwitches)
        {
            Description = "The features that are on.",
            Values = ApiValues.Features,
            ChangeParameter = "Feature",
            Shape = FieldShape.Mapped,
            IsRequired = true,
            Advice = $"Specify at least one of {ApiValues.Features.Listed}.",
        },
        new CustomApiField<IReadOnlyList<string>?>(
            "IOMapping",
            "IOMappings",
            ValueKind.Texts,
            s => s.IOMappings,
            (s, v) => s.IOMappings = v,
            (reader, name) => reader.Texts(name),
            (_, mappings) => ApiValues.IOMappings.ParseAll(mappings!, "IOMapping"),
            WriteTexts)
        {
            Description = "The kinds of input and output; textToText when left out of a new connection.",
            Values = ApiValues.IOMappings,
            ChangeParameter = "IOMapping",
            Shape = FieldShape.Mapped,
            Default = ApiValues.IOMappings.Values[0],
        },
        Text(
            "AuthorizationProfile",
            "idp",
            "The authorization profile; none for no profile.",
            s => s.AuthorizationProfile,
            (s, v) => s.AuthorizationProfile = v,
            text => Guard.Required(text, "AuthorizationProfile"),
            FieldShape.Mapped,
            defaultValue: "none"),
        new CustomApiField<string?>(
            "Draft",
            "status",
            ValueKind.Flag,
            s => s.Status,
            (s, v) => s.Status = v,
            (reader, name) => reader.Flag(name) ? "DRAFT" : null,
            (_, status) => ApiValues.CustomApiStatuses.Parse(status, "Status"),
            (writer, name, status, _) => writer.WriteString(name, status)) { Description = "Whether it is a draft; false when left out.", ChangeParameter = "Status" },
    ];

    /// <summary>Those of a request of its own.</summary>
    public static IReadOnlyList<CustomApiField> Own { get; } = [.. All.Where(f => f.Shape == FieldShape.Own)];

    /// <summary>Those of a mapping to a provider's format.</summary>
    public static IReadOnlyList<CustomApiField> Mapped { get; } = [.. All.Where(f => f.Shape == FieldShape.Mapped)];

    /// <summary>A mapped connection without a feature.</summary>
    /// <param name="what">"empty" or "missing".</param>
    public static KoreException NoFeature(string what) =>
        KoreException.InvalidInput("Feature", $"-Feature is {what}. A mapped connection needs at least one of {ApiValues.Features.Listed}.");

    private static CustomApiField<string?> Text(
        string parameter,
        string wireName,
        string description,
        Func<CustomApiSettings, string?> get,
        Action<CustomApiSettings, string?> set,
        Func<string, string> check,
        FieldShape shape = FieldShape.Any,
        ValueKind kind = ValueKind.Text,
        bool isRequired = false,
        bool isClearable = false,
        string? defaultValue = null,
        ApiValueSet? values = null,
        string? pattern = null) => new(
            parameter,
            wireName,
            kind,
            get,
            set,
            (reader, name) => reader.Text(name),
            (_, text) => check(text!),
            (writer, name, text, _) => writer.WriteString(name, text),
            text => check(text))
        {
            ChangeParameter = parameter,
            Shape = shape,
            IsRequired = isRequired,
            IsClearable = isClearable,
            Default = defaultValue,
            Description = description,
            Values = values,
            Pattern = pattern,
        };

    private static CustomApiField<string?> Path(
        string parameter,
        string wireName,
        string what,
        Func<CustomApiSettings, string?> get,
        Action<CustomApiSettings, string?> set,
        bool isRequired = false) => Text(
            parameter,
            wireName,
            $"Where {what}.",
            get,
            set,
            text => Guard.ResponsePath(text, parameter),
            FieldShape.Own,
            isRequired: isRequired,
            isClearable: !isRequired,
            pattern: Guard.ResponsePathPattern);

    private static CustomApiField<IReadOnlyList<Variable>?> Variables(
        string parameter,
        string wireName,
        string description,
        Func<CustomApiSettings, IReadOnlyList<Variable>?> get,
        Action<CustomApiSettings, IReadOnlyList<Variable>?> set,
        Func<CustomApiSettings, IReadOnlyList<Variable>, IReadOnlyList<Variable>> check,
        bool isCompleted = false,
        ApiValueSet? names = null) => new(
            parameter,
            wireName,
            ValueKind.Variables,
            get,
            set,
            (reader, name) => reader.Variables(name),
            (settings, variables) => check(settings, variables!),
            (writer, name, variables, _) => Variable.Write(writer, name, variables!),
            names is null ? text => Guard.Required(text, parameter) : null)
        {
            Description = description,
            Values = names,
            ChangeParameter = parameter,
            Shape = FieldShape.Own,
            IsCompleted = isCompleted,
        };

    private static void WriteSwitches(Utf8JsonWriter writer, string name, IReadOnlyList<string>? features, bool reveal)
    {
        writer.WriteStartObject(name);
        foreach (string feature in ApiValues.Features.Values)
        {
            writer.WriteBoolean(feature, ((ICollection<string>)features!).Contains(feature));
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? texts, bool reveal)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts!)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
