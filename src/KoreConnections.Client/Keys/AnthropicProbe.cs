namespace KoreConnections.Client;

/// <summary>Asks Anthropic for the model's description, which costs nothing.</summary>
internal sealed class AnthropicProbe(AnthropicDefinition definition, Uri? providerUri) : KeyProbe(definition)
{
    private static readonly Uri Own = new("https://api.anthropic.com");

    internal static Header Version { get; } = new("anthropic-version", Secret.FromPlainText("2023-06-01"));

    internal override ProbeRequest CreateRequest() => Ask(definition, providerUri, "models/" + Uri.EscapeDataString(Model!));

    internal static ProbeRequest Ask(NamedProviderDefinition definition, Uri? gateway, string path) => new(
        HttpMethod.Get, Address(gateway ?? Own, "v1", path), [Version, new Header("x-api-key", definition.ApiKey!)], gateway ?? Own);

    /// <summary>What Anthropic's error bodies say of a key; APIs that speak its format have the same.</summary>
    internal static ProbeResult JudgeError(ProbeResponse answer, string? model) => answer.Status switch
    {
        401 => InvalidKey("at https://console.anthropic.com/settings/keys"),
        403 when answer.Mentions("permission_error") =>
            new(KeyVerdict.NoModelAccess, $"The key's workspace has no access to '{TextSanitizer.SingleLine(model, 100)}'. Check its permissions."),
        403 => NotForTheKey,
        404 when answer.Mentions("not_found_error") =>
            new(KeyVerdict.NoModelAccess, $"Check the spelling of '{TextSanitizer.SingleLine(model, 100)}' and whether the key's workspace has access to it."),
        _ => Inconclusive(answer, "model"),
    };

    private protected override ProbeResult InterpretError(ProbeResponse answer) => JudgeError(answer, Model);
}
