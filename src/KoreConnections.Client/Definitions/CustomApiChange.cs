namespace KoreConnections.Client;

/// <summary>A change of a custom API's configuration.</summary>
/// <param name="replace">Whether it replaces the whole: what is not given goes back to its default.</param>
internal sealed class CustomApiChange(CustomApiSettings settings, bool replace) : ConnectionChange
{
    public string? Name { get; set; }

    public string? Model { get; set; }

    public override bool IsForCustomApi => true;

    internal override string Method => replace ? "PUT" : "PATCH";

    internal override IEnumerable<Secret> Secrets => settings.Secrets;

    internal override IEnumerable<Secret> Keys => new ConnectionCredential(null, settings.Headers).Keys;

    public override void Validate()
    {
        Name = Name is null && !replace ? null : Guard.Name(Name);
        Model = Model is null ? null : Guard.Model(Model);
        if (replace)
        {
            settings.ValidateWhole();
        }
        else if (settings.IsEmpty && Name is null && Model is null)
        {
            throw KoreException.InvalidInput(
                "ApiKey",
                "There is nothing to change. Specify -ApiKey, or for a custom API the properties to change, such as -EndpointUrl or -Header.");
        }
        else
        {
            settings.Validate();
        }

        SecretJsonContent.Checked(Write);
    }

    internal override IReadOnlyList<string> StillDifferent(Connection answer) =>
    [
        .. new ChangePreview(this, answer).Different,
        .. (settings.Headers ?? []).Where(h => IsShown(answer, h) == false).Select(h => $"header.{h.Name}"),
    ];

    internal override bool? IsShownBy(Connection now) =>
        StillDifferent(now).Count > 0 ? false
        : new ChangePreview(this, now).IsSame && (settings.Headers ?? []).All(h => IsShown(now, h) == true) ? true
        : null;

    // An answer with headers has all of them.
    private static bool? IsShown(Connection answer, Header sent)
    {
        bool?[]? shown = ActualValues.Tables(ActualValues.Of(answer, "headers"))?
            .Where(h => string.Equals(h["key"] as string, sent.Name, StringComparison.OrdinalIgnoreCase))
            .Select(h => IsValueOf(sent, ActualValues.Scalar(h["value"])))
            .ToArray();
        return shown is null ? null
            : shown.Length == 0 || shown.Contains(false) ? false
            : shown.Contains(null) ? null
            : true;
    }

    private static bool? IsValueOf(Header sent, string? value) => value is null ? null
        : SecretMasker.IsMasked(value.AsSpan()) ? MaskMatcher.Confirms(value, sent.Value)
        : sent.Value.Read(text => text.SequenceEqual(value.AsSpan()));

    internal override void Write(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject();
        if (Name is not null)
        {
            writer.WriteString("connectionName", Name);
        }

        if (Model is not null)
        {
            writer.WriteString("model", Model);
        }

        settings.Write(writer, reveal);
        writer.WriteEndObject();
    }
}
