namespace KoreConnections.Client;

internal sealed class CustomApiDefinition(CustomApiSettings settings) : ConnectionDefinition
{
    public override string Provider => ApiValues.CustomApi;

    public CustomApiSettings Settings { get; } = settings;

    public bool IsDisabled { get; set; }

    internal override IEnumerable<Secret> Secrets => Settings.Secrets;

    internal override IEnumerable<Secret> Redacted => Settings.Redacted;

    internal override void ValidateProvider() => Settings.ValidateWhole();

    internal override IReadOnlyList<string> StillDifferent(Connection answer) =>
    [
        .. base.StillDifferent(answer),
        .. new CustomApiChange(Settings, replace: false).Lacking(answer),
        .. ActualValues.IsFlagOn(ConnectionFields.Disabled, ActualValues.Of(answer, ConnectionFields.Disabled)) == !IsDisabled
            ? [ConnectionFields.Disabled.WireName]
            : Array.Empty<string>(),
    ];

    internal override IEnumerable<string> Remarks() => PayloadPlaceholders.Remarks(Settings)
        .Concat(Variable.Remarks([.. Settings.PromptVariables ?? [], .. Settings.CustomVariables ?? []]));

    private protected override void WriteProvider(Utf8JsonWriter writer, bool reveal)
    {
        Settings.Write(writer, reveal);
        writer.WriteBoolean("isEnable", !IsDisabled);
        if (Settings.IsMapped)
        {
            writer.WriteString("bodyTab", "providerReferences");
        }
    }
}
