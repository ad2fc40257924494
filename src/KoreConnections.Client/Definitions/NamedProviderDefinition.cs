namespace KoreConnections.Client;

/// <summary>What the named providers share: a model and a key under <c>fields</c>.</summary>
internal abstract class NamedProviderDefinition : ConnectionDefinition
{
    public Secret? ApiKey { get; set; }

    /// <summary>Whether the key is only tested, at a gateway instead of the provider.</summary>
    public bool IsForGateway { get; set; }

    /// <summary>Whether the key is only tested, and the provider decides about one that looks like another provider's.</summary>
    public bool AcceptsOtherKey { get; set; }

    internal override IEnumerable<Secret> Secrets => ApiKey is null ? [] : [ApiKey];

    /// <summary>Whether the document's samples send <c>modelType</c> for this provider.</summary>
    private protected virtual bool IsEasyIntegration => true;

    internal override void ValidateProvider()
    {
        Model = Guard.Model(Model);
        ApiKey = ApiKeyValidator.Check(ApiKey, "ApiKey");
        if (!AcceptsOtherKey)
        {
            KeyOwnership.Check(ApiKey, Provider, isForGateway: IsForGateway);
        }
    }

    internal override IReadOnlyList<string> StillDifferent(Connection answer) =>
        [.. base.StillDifferent(answer), .. ConnectionFields.Of(Provider).Where(f => f.IsInFields && IsOther(f, answer)).Select(f => f.Name)];

    private bool IsOther(ConnectionField field, Connection answer) => field.Kind == ValueKind.Key
        ? MaskMatcher.Confirms(answer.Mask, ApiKey!) == false
        : ActualValues.Scalar(ActualValues.Of(answer, field)) is { Length: > 0 } shown
            && Body.GetProperty("fields").GetProperty(field.WireName).GetString() is string sent && shown != sent && shown != AsRead(sent);

    private protected override void WriteProvider(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject("fields");
        WriteSecret(writer, "API_KEY", ApiKey, reveal);
        WriteFields(writer);
        writer.WriteEndObject();
        if (IsEasyIntegration)
        {
            writer.WriteString("modelType", "EASY_INTEGRATION");
        }
    }

    private protected virtual void WriteFields(Utf8JsonWriter writer)
    {
    }
}
