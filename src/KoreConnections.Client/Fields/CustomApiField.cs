namespace KoreConnections.Client;

internal abstract class CustomApiField(string parameter, string wireName, ValueKind kind, Action<string>? rule)
    : ConnectionField(parameter, wireName, kind, rule)
{
    public override string? ChangeParameter { get => field ?? Parameter; init; }

    public override bool IsNullable => Kind == ValueKind.Text && !IsRequired && Default is null;

    /// <summary>Whether it can be taken away, by null or by an empty list of variables: <see cref="CustomApiSettings.Clear"/>.</summary>
    public bool IsClearable => IsNullable || (Kind == ValueKind.Variables && !IsCompleted);

    public abstract void Read(CustomApiSettings settings, IFieldReader reader);

    public abstract void Validate(CustomApiSettings settings);

    /// <summary>Writes the value under its name on the wire, keys in clear where that is said.</summary>
    public abstract void Write(Utf8JsonWriter writer, CustomApiSettings settings, bool reveal);
}
