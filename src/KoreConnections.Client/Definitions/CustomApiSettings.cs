namespace KoreConnections.Client;

/// <summary>
/// What a custom API's configuration consists of, for creating, changing and replacing it. What is null is not sent.
/// It has one of two shapes: a payload of its own, or a mapping to the format of a provider that the platform knows.
/// </summary>
internal sealed class CustomApiSettings
{
    public string? EndpointUrl { get => CustomApiFields.EndpointUrl.Get(this); set => CustomApiFields.EndpointUrl.Set(this, value); }

    public IReadOnlyList<Header>? Headers { get => CustomApiFields.Header.Get(this); set => CustomApiFields.Header.Set(this, value); }

    /// <summary><c>DRAFT</c> or <c>FINALIZED</c>.</summary>
    public string? Status { get => CustomApiFields.Draft.Get(this); set => CustomApiFields.Draft.Set(this, value); }

    public JsonElement? Payload { get => CustomApiFields.Payload.Get(this); set => CustomApiFields.Payload.Set(this, value); }

    public string? OutputPath { get => CustomApiFields.OutputPath.Get(this); set => CustomApiFields.OutputPath.Set(this, value); }

    public string? InputTokensPath { get => CustomApiFields.InputTokensPath.Get(this); set => CustomApiFields.InputTokensPath.Set(this, value); }

    public string? OutputTokensPath { get => CustomApiFields.OutputTokensPath.Get(this); set => CustomApiFields.OutputTokensPath.Set(this, value); }

    public IReadOnlyList<Variable>? PromptVariables { get => CustomApiFields.PromptVariable.Get(this); set => CustomApiFields.PromptVariable.Set(this, value); }

    public IReadOnlyList<Variable>? CustomVariables { get => CustomApiFields.CustomVariable.Get(this); set => CustomApiFields.CustomVariable.Set(this, value); }

    public string? MapProvider { get => CustomApiFields.MapProvider.Get(this); set => CustomApiFields.MapProvider.Set(this, value); }

    public IReadOnlyList<string>? Features { get => CustomApiFields.Feature.Get(this); set => CustomApiFields.Feature.Set(this, value); }

    public IReadOnlyList<string>? IOMappings { get => CustomApiFields.IOMapping.Get(this); set => CustomApiFields.IOMapping.Set(this, value); }

    public string? AuthorizationProfile { get => CustomApiFields.AuthorizationProfile.Get(this); set => CustomApiFields.AuthorizationProfile.Set(this, value); }

    internal Dictionary<CustomApiField, object> Values { get; } = [];

    internal ISet<CustomApiField> Cleared { get; } = new HashSet<CustomApiField>();

    /// <summary>What it carries as secrets: the headers, and what has a key's name or shape elsewhere.</summary>
    internal IEnumerable<Secret> Secrets => [.. (Headers ?? []).Select(h => h.Value), .. Carried];

    /// <summary>Of these, what no answer to it may repeat.</summary>
    internal IEnumerable<Secret> Redacted => [.. (Headers ?? []).Where(h => h.IsRedacted).Select(h => h.Value), .. Carried];

    private IEnumerable<Secret> Carried =>
    [
        .. CarriedSecrets.InAddress(EndpointUrl),
        .. CarriedSecrets.InJson(Payload),
        .. (CustomVariables ?? []).Concat(PromptVariables ?? []).SelectMany(v => CarriedSecrets.InJson(v.ToJson())),
    ];

    internal bool IsMapped => Has(FieldShape.Mapped);

    internal bool HasShape => IsMapped || Has(FieldShape.Own);

    internal bool IsEmpty => Cleared.Count == 0 && Values.Count == 0;

    /// <summary>What a reader has; the rest stays null.</summary>
    public static CustomApiSettings Read(IFieldReader reader)
    {
        var settings = new CustomApiSettings();
        foreach (CustomApiField field in CustomApiFields.All)
        {
            field.Read(settings, reader);
        }

        return settings;
    }

    /// <summary>The fields of some parameters alone. Where one has no value, it is taken away.</summary>
    internal CustomApiSettings Only(ICollection<string> parameters)
    {
        var part = new CustomApiSettings();
        foreach (CustomApiField field in CustomApiFields.All.Where(f => parameters.Contains(f.Parameter)))
        {
            if (Values.TryGetValue(field, out object? value))
            {
                part.Values[field] = value;
            }
            else if (field.IsNullable)
            {
                part.Cleared.Add(field);
            }
        }

        return part;
    }

    /// <summary>Takes the value of a field away, as far as the API can.</summary>
    internal void Clear(CustomApiField field)
    {
        if (field.IsNullable)
        {
            Cleared.Add(field);
        }
        else
        {
            Values[field] = Array.Empty<Variable>();
        }
    }

    /// <summary>Takes away what a row has of the other shape without a value: a platform may keep one record for both.</summary>
    internal void OmitUnused(bool isRead)
    {
        if (isRead)
        {
            // Of a platform, an empty list says nothing of the variables of the prompt. Given by somebody, it switches them off.
            CustomApiField[] empty = [.. Values.Where(v => v.Key.IsCompleted && v.Value is IReadOnlyList<Variable> { Count: 0 }).Select(v => v.Key)];
            Array.ForEach(empty, f => Values.Remove(f));
        }

        bool isMapped = MapProvider is { Length: > 0 };
        if (isMapped != (Payload is JsonElement payload && !IsUnused(CustomApiFields.Payload, payload)))
        {
            CustomApiField[] unused = [.. (isMapped ? CustomApiFields.Own : CustomApiFields.Mapped)
                .Where(f => Values.TryGetValue(f, out object? value) && IsUnused(f, value))];
            Array.ForEach(unused, f => Values.Remove(f));
        }
    }

    private static bool IsUnused(CustomApiField field, object value) => value switch
    {
        JsonElement json => json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() == 0,
        IReadOnlyList<Variable> variables => variables.Count == 0
            || (field.IsCompleted && variables.All(v => v.Default is not JsonElement text || ActualValues.Text(text) is null or "" or "null")),
        IReadOnlyList<string> texts => texts.Count == 0 || (texts.Count == 1 && texts[0] == field.Default),
        string text => string.Equals(text, field.Default, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether a connection has the one shape and this is the other.</summary>
    internal bool IsOtherShape(Connection there) =>
        ActualValues.IsMapped(there) is bool isMapped && Has(isMapped ? FieldShape.Own : FieldShape.Mapped);

    /// <summary>What is sent of the shape that an answer does not show. No profile and no variables add nothing to the other.</summary>
    internal CustomApiField[] ForeignTo(Connection answer) => ActualValues.IsMapped(answer) is not bool isMapped ? []
        : [.. Values.Where(v => v.Key.Shape == (isMapped ? FieldShape.Own : FieldShape.Mapped)
            && !(v.Value is IReadOnlyList<Variable> { Count: 0 } || (v.Value is string text && text == v.Key.Default))).Select(v => v.Key)];

    internal void Validate()
    {
        if (IsMapped && Has(FieldShape.Own))
        {
            throw BothShapes();
        }

        foreach (CustomApiField field in CustomApiFields.All)
        {
            field.Validate(this);
        }
    }

    /// <summary>Checks that a whole configuration is there, and fills in the document's defaults.</summary>
    internal void ValidateWhole()
    {
        EndpointUrl ??= "";
        Validate();
        Headers ??= [];
        Status ??= "FINALIZED";
        if (IsMapped)
        {
            Guard.Required(MapProvider, "MapProvider");
            Features = Features ?? throw CustomApiFields.NoFeature("missing");
            IOMappings ??= [CustomApiFields.IOMapping.Default!];
            AuthorizationProfile ??= CustomApiFields.AuthorizationProfile.Default;
            return;
        }

        if (Payload is not JsonElement payload)
        {
            throw NoShape();
        }

        Guard.Required(OutputPath, "OutputPath");
        PromptVariables ??= Variable.CompletePrompt(null, payload);
        CustomVariables ??= [];
    }

    internal const string FixedShape = "A custom API cannot switch between its own payload and a mapping to a provider's format.";

    internal static KoreException BothShapes() =>
        KoreException.InvalidInput(
            "MapProvider",
            "-Payload with its paths and variables describes a custom request. "
                + "-MapProvider, -Feature, -IOMapping and -AuthorizationProfile describe a provider's format. Use one or the other, not both.");

    internal static KoreException NoShape() =>
        KoreException.InvalidInput(
            "Payload",
            "A custom API needs either -Payload and -OutputPath (a custom request) or -MapProvider and -Feature (a provider's format).");

    internal void Write(Utf8JsonWriter writer, bool reveal)
    {
        foreach (CustomApiField field in CustomApiFields.All)
        {
            if (Values.ContainsKey(field))
            {
                field.Write(writer, this, reveal);
            }
            else if (Cleared.Contains(field))
            {
                writer.WriteNull(field.WireName);
            }
        }
    }

    private bool Has(FieldShape shape) => Values.Keys.Any(f => f.Shape == shape);
}
