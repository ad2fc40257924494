namespace KoreConnections.Client;

/// <param name="replace">Whether it replaces the whole: what is not given goes back to its default.</param>
internal sealed class CustomApiChange(CustomApiSettings settings, bool replace) : ConnectionChange
{
    public string? Name { get; set; }

    public string? Model { get; set; }

    public override bool IsForCustomApi => true;

    internal override string Method => replace ? "PUT" : "PATCH";

    internal override IEnumerable<Secret> Secrets => settings.Secrets;

    internal override IEnumerable<Secret> Redacted => settings.Redacted;

    internal override IEnumerable<Secret> Keys => new ConnectionCredential(null, settings.Headers).Keys;

    internal override IEnumerable<string> Remarks(Connection? there) => PayloadPlaceholders.Remarks(settings, there);

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

    internal override bool DependsOn(Connection? seen) => settings.HasShape && seen is not null && ActualValues.IsMapped(seen) is not null;

    // A replacement brings the other shape as a whole.
    internal override void RequireFit(Connection there)
    {
        base.RequireFit(there);
        if (!replace && settings.IsOtherShape(there))
        {
            throw KoreException.InvalidInput(
                settings.IsMapped ? "MapProvider" : "Payload", $"{CustomApiSettings.FixedShape} Create another connection with New-Connection.");
        }
    }

    internal override string? Contradiction(Connection answer, bool isForced) =>
        RefusalOf(answer.Provider, isForCustomApi: true) is not null
            ? $"its provider is {SecretMasker.Quote(answer.Provider)}. For a named provider, only the key can be changed. "
                + "Check the connection with Get-Connection -Detailed."
        : settings.HasShape && ActualValues.HasBothShapes(answer)
            ? "its response shows its own payload and a mapping to a provider's format. A custom API can have only one of them. "
                + "Check the connection in the platform's web UI."
        : settings.ForeignTo(answer) is { Length: > 0 } foreign
            ? $"its response shows {(ActualValues.IsMapped(answer) == true ? "a mapping to a provider's format" : "its own payload")}, to which "
                + $"{string.Join(", ", foreign.Select(f => "-" + f.ChangeParameter))} {(foreign.Length == 1 ? "does" : "do")} not belong. "
                + "A custom API can have only one of them. Check it in the platform's web UI, or set it again as a whole with -Replace."
        : null;

    internal override IReadOnlyList<string> StillDifferent(Connection answer) => [.. Lacking(answer), .. TooMany(answer)];

    /// <summary>The same for an answer of which it does not matter what headers it has besides: there were none that could have stayed.</summary>
    internal IEnumerable<string> Lacking(Connection answer) =>
    [
        .. new ChangePreview(this, answer, Answer).StillDifferent,
        .. (settings.Headers ?? []).Where(h => IsShown(answer, h) == false).Select(h => $"header.{h.Name}"),
    ];

    // A platform may add something of its own to what it stores, so that only other values say that it is not stored.
    internal override bool? IsShownBy(Connection now)
    {
        var comparison = new ChangePreview(this, now);
        bool?[] headers = [.. (settings.Headers ?? []).Select(h => IsShown(now, h))];
        return comparison.Different.Count > 0 || headers.Contains(false) ? false
            : comparison.IsSame && headers.All(h => h == true) ? true
            : null;
    }

    // A platform may add headers of its own. One with a key is none of these: it was to go, and is still there.
    private IEnumerable<string> TooMany(Connection answer) => settings.Headers is null ? []
        : (ShownHeader.Of(answer) ?? [])
            .Where(h => h.IsMasked && h.Name.Length > 0 && !settings.Headers.Any(sent => IsOf(h, sent)))
            .Select(h => $"header.{SecretMasker.Step(h.Name)}");

    // An answer with headers has all of them.
    private bool? IsShown(Connection answer, Header sent)
    {
        bool?[]? shown = ShownHeader.Of(answer)?.Where(h => IsOf(h, sent)).Select(h => h.Shows(sent.Value)).ToArray();
        return shown is null ? null
            : shown.Length == 0 || shown.Contains(false) ? false
            : shown.Contains(null) ? null
            : true;
    }

    // Its name may repeat what the request carries.
    private bool IsOf(ShownHeader shown, Header sent) => shown.IsCalled(sent.Name) || Answer.Shows(sent.Name, shown.Name);

    internal override void Write(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject();
        writer.WriteIfGiven("connectionName", Name);
        writer.WriteIfGiven("model", Model);
        settings.Write(writer, reveal);
        writer.WriteEndObject();
    }
}
