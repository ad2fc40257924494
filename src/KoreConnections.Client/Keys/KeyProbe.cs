namespace KoreConnections.Client;

/// <summary>How one provider is asked whether a key works, and how its answer is read.</summary>
internal abstract class KeyProbe
{
    private protected const string Prompt = "Reply with OK.";

    private protected KeyProbe(ConnectionDefinition definition)
    {
        definition.ValidateProvider();
        IEnumerable<Secret> secrets = definition.Secrets.Concat(definition.Substituted.Select(v => v.Value));
        if (secrets.Select(s => s.Problem).FirstOrDefault(p => p is not null) is KoreException unresolved)
        {
            throw unresolved;
        }

        Definition = definition;
    }

    public string? ConnectionId { get; private set; }

    internal ConnectionDefinition Definition { get; }

    internal string? Model => Definition.Model;

    /// <summary>The model that is called, and whose it is; null where nothing says.</summary>
    internal ModelReference? Reference => ModelReference.Of(Definition);

    /// <param name="providerUri">A gateway to ask instead of the provider itself, or null.</param>
    public static KeyProbe For(ConnectionDefinition definition, Uri? providerUri, string? connectionId = null)
    {
        if (definition is NamedProviderDefinition named)
        {
            named.IsForGateway = providerUri is not null;
        }

        KeyProbe probe = definition switch
        {
            OpenAIDefinition openAI => new OpenAIProbe(openAI, providerUri),
            AnthropicDefinition anthropic => new AnthropicProbe(anthropic, providerUri),
            AzureOpenAIDefinition azure => new AzureOpenAIProbe(azure, providerUri),
            CustomApiDefinition custom => new CustomApiProbe(custom, providerUri),
            _ => throw new ArgumentOutOfRangeException(nameof(definition)),
        };
        probe.ConnectionId = connectionId;
        return probe;
    }

    internal abstract ProbeRequest CreateRequest();

    internal virtual ProbeRequest? CreateFallback(ProbeResponse answer) => null;

    /// <summary>The listing that says when the model retires, where the answer itself does not.</summary>
    internal virtual ProbeRequest? AskForModels(ProbeResponse answer) => null;

    /// <summary>What the provider's answers say of the model's retirement; null where they say nothing.</summary>
    /// <param name="models">What <see cref="AskForModels"/> gave.</param>
    internal virtual ModelLifecycle? Lifecycle(ProbeResponse answer, ProbeResponse? models, DateTime day) => null;

    internal ProbeResult Judge(ProbeResponse answer) => answer.Status switch
    {
        >= 200 and < 300 when IsFailure(answer) => Unknown("The answer says that the request failed, although its status is success. See its message."),
        >= 200 and < 300 => InterpretSuccess(answer),
        >= 300 and < 400 and not 304 => Unknown(
            "The host redirects. To protect the key, redirects are not followed. Correct the address; for a gateway, use -ProviderUri."),
        // A proxy, firewall or gateway refuses in its own form, and limits callers before anybody looks at the key.
        429 when !IsOwnRefusal(answer) => Unknown(
            "HTTP 429 does not show whether the key works: the host limits requests, possibly of any caller. Test it again later."),
        401 or 403 or 404 when !IsOwnRefusal(answer) => NotThisApi(),
        429 => answer.Mentions("insufficient_quota", "billing")
            ? new(KeyVerdict.RateLimited, "The key is valid, but its account has no credit left. Check the billing.")
            : new(KeyVerdict.RateLimited, "The key is valid, but has reached its rate limit. Try again later, or request a higher limit from the provider."),
        402 => Unknown("The account of this key has an unpaid balance. Check the billing, and test again."),
        _ => InterpretError(answer),
    };

    private protected abstract ProbeResult InterpretError(ProbeResponse answer);

    private protected static ProbeResult Valid { get; } = new(KeyVerdict.Valid, null);

    private protected static ProbeResult InvalidKey(string whereKeysAre) =>
        new(KeyVerdict.InvalidKey, $"Create a new key {whereKeysAre}, and copy all of it.");

    private protected static ProbeResult Unknown(string action) => new(KeyVerdict.Inconclusive, action);

    private protected static ProbeResult Inconclusive(ProbeResponse answer, string toCheck = "address") =>
        Unknown($"HTTP {answer.Status} does not show whether the key works. Check the {toCheck}, and -ProviderUri if you used it.");

    private protected static ProbeResult NotForTheKey => Unknown("The provider rejects the request, but not because of the key. See its message.");

    // The description of a model, which is asked for where that costs nothing.
    private protected virtual ProbeResult InterpretSuccess(ProbeResponse answer) =>
        answer.Json is { ValueKind: JsonValueKind.Object } model && LenientJson.Text(model, "id") is { Length: > 0 } id
            && (LenientJson.Text(model, "object") == "model" || LenientJson.Text(model, "type") == "model"
                || string.Equals(id, Model, StringComparison.OrdinalIgnoreCase))
            ? Valid
            : NotThisApi();

    private protected virtual bool IsOwnRefusal(ProbeResponse answer) => answer.HasError;

    // A custom API may have a status or an error of its own beside what agents read; then the path to that decides.
    private protected virtual bool IsFailure(ProbeResponse answer) => answer.IsFailure;

    private protected static bool IsList(JsonElement answer, string name, bool mayBeEmpty = false) =>
        LenientJson.Property(answer, name) is { ValueKind: JsonValueKind.Array } list && (mayBeEmpty || list.GetArrayLength() > 0);

    private protected static ProbeResult NotThisApi() =>
        Unknown("The answer does not come from this API. Check the address, and that no proxy or login page intercepts the request.");

    /// <summary>An address below the provider's own base, or below the gateway's in its place.</summary>
    /// <param name="start">The provider's own base or the gateway's, with or without the provider's first segment (<c>/v1</c>).</param>
    /// <param name="first">The first segment of the provider's paths.</param>
    internal static Uri Address(Uri start, string first, string rest)
    {
        string path = start.AbsoluteUri.TrimEnd('/');
        return new Uri(path.EndsWith("/" + first, StringComparison.OrdinalIgnoreCase) ? $"{path}/{rest}" : $"{path}/{first}/{rest}");
    }

    private protected static JsonElement Chat(string? model, string tokenParameter) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteIfGiven("model", model);
        writer.WritePropertyName("messages");
        writer.WriteRawValue($$"""[{"role":"user","content":"{{Prompt}}"}]""");
        writer.WriteNumber(tokenParameter, 1);
        writer.WriteEndObject();
    });
}
