namespace KoreConnections.Client;

/// <summary>Asks OpenAI for the model's description, which costs nothing.</summary>
internal sealed class OpenAIProbe(OpenAIDefinition definition, Uri? providerUri) : KeyProbe(definition)
{
    internal static readonly Uri Own = new("https://api.openai.com");

    internal override ProbeRequest CreateRequest() => new(
        HttpMethod.Get,
        Address(providerUri ?? Own, "v1", "models/" + Uri.EscapeDataString(Model!)),
        [new Header("Authorization", definition.ApiKey!.WithScheme("Bearer"))],
        providerUri ?? Own);

    private protected override ProbeResult InterpretSuccess(ProbeResponse answer) =>
        answer.Json() is { } model && LenientJson.Property(model, "id") is not null ? Valid : NotThisApi();

    private protected override ProbeResult InterpretError(ProbeResponse answer) => OpenAIErrors.Judge(answer, Model);

    internal override ModelLifecycle? Lifecycle(ProbeResponse answer, ProbeResponse? models, DateTime day) =>
        answer.Json() is { } model ? ProviderModels.OpenAILifecycle(model, Model!, day) : null;
}
