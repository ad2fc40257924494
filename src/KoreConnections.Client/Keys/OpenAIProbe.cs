namespace KoreConnections.Client;

/// <summary>Asks OpenAI for the model's description, which costs nothing.</summary>
internal sealed class OpenAIProbe(OpenAIDefinition definition, Uri? providerUri) : KeyProbe(definition)
{
    private static readonly Uri Own = new("https://api.openai.com");

    internal override ProbeRequest CreateRequest() => Ask(definition, providerUri, "models/" + Uri.EscapeDataString(Model!));

    internal static ProbeRequest Ask(NamedProviderDefinition definition, Uri? gateway, string path) => new(
        HttpMethod.Get, Address(gateway ?? Own, "v1", path), [new Header("Authorization", definition.ApiKey!.WithScheme("Bearer"))], gateway ?? Own);

    /// <summary>What OpenAI's error bodies say of a key; APIs that speak its format have the same.</summary>
    internal static ProbeResult JudgeError(ProbeResponse answer, string? model) => answer.Status switch
    {
        // A restricted key is refused with 401 or 403 for what it was not made for; that leaves open what it was made for.
        401 or 403 when answer.Mentions("missing scopes", "insufficient permissions") => Unknown(
            "The key is valid but restricted: it cannot read models, which leaves open whether completions work. "
                + "Allow it to read models, or try it in an agent."),
        401 when answer.Mentions("ip_not_authorized", "organization") =>
            Unknown("OpenAI rejects the caller, not the key. Check the organization's members and its list of allowed addresses."),
        401 => InvalidKey("at https://platform.openai.com/api-keys"),
        403 or 404 when answer.Mentions("model_not_found", "does not have access to model") =>
            new(KeyVerdict.NoModelAccess, $"Check the spelling of '{TextSanitizer.SingleLine(model, 100)}' and whether the key's project has access to it."),
        403 => NotForTheKey,
        _ => Inconclusive(answer, "model"),
    };

    private protected override ProbeResult InterpretError(ProbeResponse answer) => JudgeError(answer, Model);

    internal override ModelLifecycle? Lifecycle(ProbeResponse answer, ProbeResponse? models, DateTime day) =>
        answer.Json is { } model ? ProviderModels.OpenAILifecycle(model, Model!, day) : null;
}
