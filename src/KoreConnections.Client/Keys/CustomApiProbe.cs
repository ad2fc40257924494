namespace KoreConnections.Client;

/// <summary>
/// Calls a custom API as the platform would: its endpoint, its headers, and its payload with the placeholders filled, or
/// the shortest request of the provider whose format it speaks.
/// </summary>
internal sealed class CustomApiProbe : KeyProbe
{
    private const string OpenAI = "openAIModel";
    private const string Anthropic = "anthropicModel";

    private readonly CustomApiSettings _settings;
    private readonly Uri _endpoint;
    private readonly Uri _address;
    private readonly Uri _destination;

    public CustomApiProbe(CustomApiDefinition definition, Uri? providerUri)
        : base(Prepared(definition))
    {
        _settings = definition.Settings;
        _endpoint = new Uri(_settings.EndpointUrl!);
        BaseAddress.RequireEncryption(_endpoint, "EndpointUrl", "Use https, or test from the machine that hosts the API.");
        _destination = providerUri ?? _endpoint;
        _address = providerUri is null ? _endpoint : new Uri(providerUri.AbsoluteUri.TrimEnd('/') + _endpoint.PathAndQuery);
    }

    internal override ProbeRequest CreateRequest() => CreateRequest(TokenLimit.Old);

    internal override ProbeRequest? CreateFallback(ProbeResponse answer) =>
        _settings.MapProvider == OpenAI && TokenLimit.IsRefused(answer) ? CreateRequest(TokenLimit.New) : null;

    // One's own API may refuse a key in any form, and a proxy before it limits requests with a page.
    private protected override bool IsOwnRefusal(ProbeResponse answer) => answer.Status != 429 || answer.Json is not null;

    private protected override bool IsFailure(ProbeResponse answer) => _settings.IsMapped && base.IsFailure(answer);

    private protected override ProbeResult InterpretSuccess(ProbeResponse answer)
    {
        if (answer.Json is not { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json)
        {
            return NotThisApi();
        }

        (string? output, string? input, string? outputTokens) = Paths();
        string? text = ResponsePath.Text(json, output);
        // An answer of one token may hold no text at all.
        bool isAsExpected = text is not null || (_settings.IsMapped && IsList(json, output!.Split('[')[0], mayBeEmpty: _settings.MapProvider == Anthropic));
        ProbeResult verdict = isAsExpected ? Valid : Unknown(
            $"The API answered, but there is nothing at the output path '{SecretMasker.Quote(output, 200)}', "
                + "so agents would get no text. Check the path and the payload.");
        return verdict with
        {
            Output = text is null ? null : answer.SecretRedactor.Quote(text),
            InputTokens = ResponsePath.Number(json, input),
            OutputTokens = ResponsePath.Number(json, outputTokens),
        };
    }

    private protected override ProbeResult InterpretError(ProbeResponse answer) => _settings.MapProvider switch
    {
        OpenAI when TokenLimit.IsReached(answer) => Valid,
        OpenAI when answer.Status is 401 or 403 or 404 => OpenAIProbe.JudgeError(answer, Model) switch
        {
            { Verdict: KeyVerdict.InvalidKey } => OwnKeyRefused,
            var other => other,
        },
        Anthropic when answer.Status is 403 or 404 => AnthropicProbe.JudgeError(answer, Model),
        _ => answer.Status switch
        {
            401 => OwnKeyRefused,
            // Google's way of refusing a key.
            400 when answer.Mentions("API key not valid", "API_KEY_INVALID", "API key expired") => OwnKeyRefused,
            403 => Unknown("The API rejects the request, but not necessarily because of the key. See its message."),
            404 or 405 => Unknown("The API does not have this address or model. Check -EndpointUrl and -Model."),
            400 or 415 or 422 => Unknown("The API rejects the request, so the key was not tested. Check the payload and the headers."),
            _ => Inconclusive(answer),
        },
    };

    private static ProbeResult OwnKeyRefused =>
        new(KeyVerdict.InvalidKey, "The API rejects the key in the headers. Check the header's name, its scheme and the key.");

    // Which features are on makes no difference to the key.
    private static CustomApiDefinition Prepared(CustomApiDefinition definition)
    {
        if (definition.Settings.MapProvider is not null)
        {
            definition.Settings.Features ??= [ApiValues.Features.Values[0]];
        }

        return definition;
    }

    // Asking a stranger's API twice may cost twice.
    private ProbeRequest CreateRequest(string tokenParameter) => new(HttpMethod.Post, _address, Headers(), _destination)
    {
        Body = Body(tokenParameter),
        IsRepeatable = false,
        Repeated = _endpoint,
    };

    private IReadOnlyList<Header> Headers() =>
        _settings.MapProvider == Anthropic && !_settings.Headers!.Any(IsVersion) ? [AnthropicProbe.Version, .. _settings.Headers!] : _settings.Headers!;

    private static bool IsVersion(Header header) => header.Name.Equals(AnthropicProbe.Version.Name, StringComparison.OrdinalIgnoreCase);

    private JsonElement Body(string tokenParameter) => _settings switch
    {
        { Payload: JsonElement payload } => JsonText.Of(writer => new PlaceholderRenderer(_settings, Model).Write(writer, payload)),
        { MapProvider: OpenAI } => Chat(Model, tokenParameter),
        { MapProvider: Anthropic } => Chat(Model, TokenLimit.Old),
        _ => JsonText.Of(static writer => writer.WriteRawValue(
            $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{Prompt}}}"}]}],"generationConfig":{"maxOutputTokens":1}}""")),
    };

    private (string? Output, string? InputTokens, string? OutputTokens) Paths() => _settings.MapProvider switch
    {
        null => (_settings.OutputPath, _settings.InputTokensPath, _settings.OutputTokensPath),
        OpenAI => ("choices[0].message.content", "usage.prompt_tokens", "usage.completion_tokens"),
        Anthropic => ("content[0].text", "usage.input_tokens", "usage.output_tokens"),
        _ => ("candidates[0].content.parts[0].text", "usageMetadata.promptTokenCount", "usageMetadata.candidatesTokenCount"),
    };
}
