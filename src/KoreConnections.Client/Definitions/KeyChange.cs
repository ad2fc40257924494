namespace KoreConnections.Client;

internal sealed class KeyChange(Secret? apiKey) : ConnectionChange
{
    private Secret? _apiKey = apiKey;

    public override bool IsForCustomApi => false;

    internal override IEnumerable<Secret> Secrets => _apiKey is null ? [] : [_apiKey];

    public override void Validate() => _apiKey = ApiKeyValidator.Check(_apiKey, "ApiKey");

    internal override string? Contradiction(Connection answer, bool isForced) =>
        answer.Provider is not { Length: > 0 } provider ? null
        : answer.IsCustomApi
            ? "its provider is API. A custom API sends its key in a header, which was not changed. Use Set-Connection -Header with all its headers."
        : !isForced && KeyOwnership.OtherOwner(_apiKey, provider) is string owner
            ? $"its provider is {SecretMasker.Quote(provider)}, and the key looks like a key of {owner}. "
                + "Set a key of the connection's provider with Set-Connection -ApiKey."
        : null;

    internal override IReadOnlyList<string> StillDifferent(Connection answer) => IsShownBy(answer) == false ? ["apiKey"] : [];

    internal override bool? IsShownBy(Connection now) => MaskMatcher.Confirms(now.Mask, _apiKey!);

    internal override void Write(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("fields");
        ConnectionDefinition.WriteSecret(writer, "API_KEY", _apiKey, reveal);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
