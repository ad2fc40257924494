namespace KoreConnections.Client;

/// <summary>Asks Anthropic for the model's description, which costs nothing.</summary>
internal sealed class AnthropicProbe(AnthropicDefinition definition, Uri? providerUri) : KeyProbe(definition)
{
    internal static readonly Uri Own = new("https://api.anthropic.com");

    internal static KeyValuePair<string, string> Version { get; } = new("anthropic-version", "2023-06-01");

    internal override ProbeRequest CreateRequest() => new(
        HttpMethod.Get,
        Address(providerUri ?? Own, "v1", "models/" + Uri.EscapeDataString(Model!)),
        [new Header("x-api-key", definition.ApiKey!)],
        providerUri ?? Own)
    {
        PlainHeaders = [Version],
    };

    private protected override ProbeResult InterpretSuccess(ProbeResponse answer) =>
        answer.Json() is { } model && LenientJson.Property(model, "id") is not null ? Valid : NotThisApi();

    private protected override ProbeResult InterpretError(ProbeResponse answer) => AnthropicErrors.Judge(answer, Model);
}
