namespace KoreConnections.Client;

/// <summary>What Anthropic's error bodies say of a key; APIs that speak its format have the same.</summary>
internal static class AnthropicErrors
{
    public static ProbeResult Judge(ProbeResponse answer, string? model) => answer.Status switch
    {
        401 => new(KeyVerdict.InvalidKey, "Create a new key at https://console.anthropic.com/settings/keys, and copy all of it."),
        403 when answer.Mentions("permission_error") =>
            new(KeyVerdict.NoModelAccess, $"The key's workspace has no access to '{TextSanitizer.SingleLine(model, 100)}'. Check its permissions."),
        403 => new(KeyVerdict.Inconclusive, "The provider rejects the request, but not because of the key. See its message."),
        404 when answer.Mentions("not_found_error") =>
            new(KeyVerdict.NoModelAccess, $"Check the spelling of '{TextSanitizer.SingleLine(model, 100)}' and whether the key's workspace has access to it."),
        _ => new(KeyVerdict.Inconclusive, $"HTTP {answer.Status} does not show whether the key works. Check the model, and -ProviderUri if you used it."),
    };
}
