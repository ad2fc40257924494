namespace KoreConnections.Client;

/// <summary>Has the deployment itself answer with one token: Azure lists models for any deployment, right or wrong.</summary>
internal sealed class AzureOpenAIProbe(AzureOpenAIDefinition definition, Uri? providerUri) : KeyProbe(definition)
{
    internal override ProbeRequest CreateRequest() => CreateRequest(TokenLimit.Old);

    internal override ProbeRequest? CreateFallback(ProbeResponse answer) => TokenLimit.IsRefused(answer) ? CreateRequest(TokenLimit.New) : null;

    private protected override ProbeResult InterpretSuccess(ProbeResponse answer) =>
        answer.Json is { } completion && IsList(completion, "choices") ? Valid : NotThisApi();

    // A wrong key is refused before the deployment, with statusCode and message alone.
    private protected override bool IsOwnRefusal(ProbeResponse answer) => answer.HasError || (answer.Status != 429 && answer.Json is not null);

    private string ShownResource => SecretMasker.Quote(definition.ResourceName);

    private protected override ProbeResult InterpretError(ProbeResponse answer) => answer.Status switch
    {
        // These come from behind the deployment: the key has let the request in.
        400 when TokenLimit.IsReached(answer)
            || (answer.HasError && answer.Mentions("content_filter", "content management policy", "OperationNotSupported")) => Valid,
        400 when TokenLimit.IsRefused(answer) => Unknown(
            "In this API version, the deployment accepts neither max_tokens nor max_completion_tokens. Try a newer -ApiVersion."),
        401 => InvalidKey($"in the Azure portal, under Keys and Endpoint of the resource '{ShownResource}'"),
        403 when answer.Mentions("AuthenticationTypeDisabled", "Key based authentication is disabled") =>
            new(KeyVerdict.InvalidKey, $"The resource '{ShownResource}' does not accept keys. Allow key access in the Azure portal."),
        403 => Unknown("The resource's network rules block this machine, so the key was not tested. Test it from an allowed network."),
        404 when answer.Mentions("DeploymentNotFound", "deployment for this resource does not exist") =>
            new(
                KeyVerdict.DeploymentNotFound,
                $"The resource '{ShownResource}' has no deployment '{SecretMasker.Quote(definition.DeploymentId, 100)}'. "
                    + "Check both names. A new deployment takes a few minutes to appear."),
        404 => Unknown($"The resource does not have this address. Check the API version '{SecretMasker.Quote(definition.ApiVersion, 100)}'."),
        _ => Inconclusive(answer),
    };

    internal override ProbeRequest? AskForModels(ProbeResponse answer) =>
        DeployedModel(answer) is null ? null : ProviderModels.AskAzure(Destination, definition.ApiVersion!, definition.ApiKey!);

    internal override ModelLifecycle? Lifecycle(ProbeResponse answer, ProbeResponse? models, DateTime day) =>
        DeployedModel(answer) is string deployed ? ProviderModels.AzureLifecycle(models?.Json, deployed, day) : null;

    // The model and version behind the deployment, such as gpt-4o-2024-11-20.
    private static string? DeployedModel(ProbeResponse answer) =>
        answer.Json is { } completion && LenientJson.Text(completion, "model") is { Length: > 0 and <= 200 } model ? model : null;

    // Made of its parts, and the name was checked to be one label of a host.
    internal static Uri Resource(AzureOpenAIDefinition definition) => new UriBuilder(Uri.UriSchemeHttps, definition.ResourceName + ".openai.azure.com").Uri;

    private Uri Destination => providerUri ?? Resource(definition);

    private ProbeRequest CreateRequest(string tokenParameter) => new(
        HttpMethod.Post,
        Address(
            Destination,
            "openai",
            $"deployments/{Uri.EscapeDataString(definition.DeploymentId!)}/chat/completions?api-version={Uri.EscapeDataString(definition.ApiVersion!)}"),
        [new Header("api-key", definition.ApiKey!)],
        Destination)
    {
        Body = Chat(null, tokenParameter),
    };
}
