namespace KoreConnections.Client;

/// <summary>What OpenAI's error bodies say of a key; APIs that speak its format have the same.</summary>
internal static class OpenAIErrors
{
    public static ProbeResult Judge(ProbeResponse answer, string? model) => answer.Status switch
    {
        // A restricted key is refused with 401 or 403 for what it was not made for; that leaves open what it was made for.
        401 or 403 when answer.Mentions("missing scopes", "insufficient permissions") =>
            new(
                KeyVerdict.Inconclusive,
                "The key is valid but restricted: it cannot read models, which leaves open whether completions work. "
                    + "Allow it to read models, or try it in an agent."),
        401 when answer.Mentions("ip_not_authorized", "organization") =>
            new(KeyVerdict.Inconclusive, "OpenAI rejects the caller, not the key. Check the organization's members and its list of allowed addresses."),
        401 => new(KeyVerdict.InvalidKey, "Create a new key at https://platform.openai.com/api-keys, and copy all of it."),
        403 or 404 when answer.Mentions("model_not_found", "does not have access to model") =>
            new(KeyVerdict.NoModelAccess, $"Check the spelling of '{TextSanitizer.SingleLine(model, 100)}' and whether the key's project has access to it."),
        403 => new(KeyVerdict.Inconclusive, "The provider rejects the request, but not because of the key. See its message."),
        _ => new(KeyVerdict.Inconclusive, $"HTTP {answer.Status} does not show whether the key works. Check the model, and -ProviderUri if you used it."),
    };
}
