using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>
/// What a custom API's configuration consists of, for creating, changing and replacing it. What is null is not sent.
/// It has one of two shapes: a payload of its own, or a mapping to the format of a provider that the platform knows.
/// </summary>
public sealed class CustomApiSettings
{
    /// <summary>The address that the platform calls.</summary>
    public string? EndpointUrl { get; set; }

    /// <summary>The headers that it sends, the key among them.</summary>
    public IReadOnlyList<Header>? Headers { get; set; }

    /// <summary><c>DRAFT</c> or <c>FINALIZED</c>.</summary>
    public string? Status { get; set; }

    /// <summary>The body that it sends, with <c>{{variable}}</c> placeholders.</summary>
    public JsonElement? Payload { get; set; }

    /// <summary>Where the text stands in the answer.</summary>
    public string? OutputPath { get; set; }

    /// <summary>Where the count of input tokens stands in the answer.</summary>
    public string? InputTokensPath { get; set; }

    /// <summary>Where the count of output tokens stands in the answer.</summary>
    public string? OutputTokensPath { get; set; }

    /// <summary>The prompt's variables.</summary>
    public IReadOnlyList<Variable>? PromptVariables { get; set; }

    /// <summary>Further variables.</summary>
    public IReadOnlyList<Variable>? CustomVariables { get; set; }

    /// <summary>The provider whose format the API speaks.</summary>
    public string? MapProvider { get; set; }

    /// <summary>The features that are on.</summary>
    public IReadOnlyList<string>? Features { get; set; }

    /// <summary>The kinds of input and output.</summary>
    public IReadOnlyList<string>? IOMappings { get; set; }

    /// <summary>The authorization profile, <c>none</c> for no profile.</summary>
    public string? AuthorizationProfile { get; set; }

    /// <summary>Whether the count of input tokens is not read any more.</summary>
    internal bool ClearsInputTokensPath { get; set; }

    /// <summary>Whether the count of output tokens is not read any more.</summary>
    internal bool ClearsOutputTokensPath { get; set; }

    /// <summary>The keys that it carries: the headers, and what has a key's name or shape elsewhere.</summary>
    internal IEnumerable<Secret> Secrets =>
    [
        .. (Headers ?? []).Select(h => h.Value),
        .. CarriedSecrets.InAddress(EndpointUrl),
        .. CarriedSecrets.InJson(Payload),
        .. (CustomVariables ?? []).Concat(PromptVariables ?? []).SelectMany(v => CarriedSecrets.InJson(v.ToJson())),
    ];

    /// <summary>Whether anything of the mapped shape was given.</summary>
    internal bool IsMapped => MapProvider is not null || Features is not null || IOMappings is not null || AuthorizationProfile is not null;

    /// <summary>Whether anything of the shape with a payload was given.</summary>
    internal bool HasPayload => Payload is not null || OutputPath is not null || InputTokensPath is not null || OutputTokensPath is not null
        || PromptVariables is not null || CustomVariables is not null;

    internal bool IsEmpty => EndpointUrl is null && Headers is null && Status is null && !IsMapped && !HasPayload && !ClearsInputTokensPath && !ClearsOutputTokensPath;

    /// <summary>Checks and normalises what was given.</summary>
    internal void Validate()
    {
        if (IsMapped && HasPayload)
        {
            throw BothShapes();
        }

        EndpointUrl = EndpointUrl is null ? null : Guard.EndpointUrl(EndpointUrl);
        Header.Validate(Headers);
        Status = Status is null ? null : ApiValues.CustomApiStatuses.Parse(Status, "Status");
        Payload = Payload is JsonElement payload ? Guard.Payload(payload) : null;
        OutputPath = OutputPath is null ? null : Guard.ResponsePath(OutputPath, "OutputPath");
        InputTokensPath = InputTokensPath is null ? null : Guard.ResponsePath(InputTokensPath, "InputTokensPath");
        OutputTokensPath = OutputTokensPath is null ? null : Guard.ResponsePath(OutputTokensPath, "OutputTokensPath");
        PromptVariables = PromptVariables is null ? null : Variable.CompletePrompt(PromptVariables, Payload ?? default);
        MapProvider = MapProvider is null ? null : ApiValues.MapProviders.Parse(MapProvider, "MapProvider");
        Features = Features is null ? null : ApiValues.Features.ParseAll(Features, "Feature");
        if (Features is { Count: 0 })
        {
            throw KoreException.InvalidInput("Feature", $"-Feature is empty. A mapped connection needs at least one of {ApiValues.Features.Listed}.");
        }

        IOMappings = IOMappings is null ? null : ApiValues.IOMappings.ParseAll(IOMappings, "IOMapping");
        AuthorizationProfile = AuthorizationProfile is null ? null : Guard.Required(AuthorizationProfile, "AuthorizationProfile");
    }

    /// <summary>Checks that a whole configuration is there, and fills in the document's defaults.</summary>
    internal void ValidateWhole()
    {
        EndpointUrl ??= "";
        Validate();
        Headers ??= [];
        if (IsMapped)
        {
            Guard.Required(MapProvider, "MapProvider");
            if (Features is null)
            {
                throw KoreException.InvalidInput("Feature", $"-Feature is missing. A mapped connection needs at least one of {ApiValues.Features.Listed}.");
            }

            IOMappings ??= [ApiValues.IOMappings.Values[0]];
            AuthorizationProfile ??= "none";
            return;
        }

        if (Payload is not JsonElement payload)
        {
            throw NoShape();
        }

        Guard.Required(OutputPath, "OutputPath");
        PromptVariables ??= Variable.CompletePrompt(null, payload);
        CustomVariables ??= [];
    }

    internal static KoreException BothShapes() =>
        KoreException.InvalidInput("MapProvider", "-Payload and its paths and variables describe a request of your own, -MapProvider, -Feature, -IOMapping and -AuthorizationProfile a provider's: give one of the two, not both.");

    internal static KoreException NoShape() =>
        KoreException.InvalidInput("Payload", "A custom API needs either -Payload and -OutputPath (a request of your own) or -MapProvider and -Feature (a provider's format).");

    internal void Write(Utf8JsonWriter writer, bool reveal)
    {
        WriteText(writer, "endpointUrl", EndpointUrl);
        if (Headers is not null)
        {
            Header.Write(writer, Headers, reveal);
        }

        WriteText(writer, "status", Status);
        WritePayload(writer);
        WriteMapping(writer);
    }

    private void WritePayload(Utf8JsonWriter writer)
    {
        if (PromptVariables is not null)
        {
            Variable.Write(writer, "promptVars", PromptVariables);
        }

        if (CustomVariables is not null)
        {
            Variable.Write(writer, "customVars", CustomVariables);
        }

        if (Payload is JsonElement payload)
        {
            writer.WritePropertyName("payload");
            payload.WriteTo(writer);
        }

        WriteText(writer, "outputPath", OutputPath);
        WriteText(writer, "inputTokensPath", InputTokensPath, ClearsInputTokensPath);
        WriteText(writer, "outputTokensPath", OutputTokensPath, ClearsOutputTokensPath);
    }

    private void WriteMapping(Utf8JsonWriter writer)
    {
        WriteText(writer, "idp", AuthorizationProfile);
        WriteText(writer, "mapProvider", MapProvider);
        if (Features is not null)
        {
            writer.WriteStartObject("llmFeatures");
            foreach (string feature in ApiValues.Features.Values)
            {
                writer.WriteBoolean(feature, Features.Contains(feature));
            }

            writer.WriteEndObject();
        }

        if (IOMappings is not null)
        {
            writer.WriteStartArray("IOMappings");
            foreach (string mapping in IOMappings)
            {
                writer.WriteStringValue(mapping);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text, bool clears = false)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
        else if (clears)
        {
            writer.WriteNull(name);
        }
    }
}
