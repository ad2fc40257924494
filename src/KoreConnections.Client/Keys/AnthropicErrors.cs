namespace KoreConnections.Client;

/// <summary>What Anthropic's error bodies say of a key; APIs that speak its format have the same.</summary>
internal static class AnthropicErrors
{
    public static ProbeResult Judge(ProbeResponse answer, string? model) => answer.Status switch
    {
        401 => new(KeyVerdict.InvalidKey, "Make a new key at https://console.anthropic.com/settings/keys, and see that it was copied whole."),
        403 when answer.Mentions("permission_error") =>
            new(KeyVerdict.NoModelAccess, $"The key's workspace may not use '{TextSanitizer.SingleLine(model, 100)}': see to its permissions."),
        403 => new(KeyVerdict.Inconclusive, "The provider refuses the request for another reason than the key; its message says which."),
        404 when answer.Mentions("not_found_error") =>
            new(KeyVerdict.NoModelAccess, $"Check the spelling of '{TextSanitizer.SingleLine(model, 100)}' and whether the key's workspace may use it."),
        _ => new(KeyVerdict.Inconclusive, $"HTTP {answer.Status} says nothing of the key. Check the model, and -ProviderUri where it was given."),
    };
}
