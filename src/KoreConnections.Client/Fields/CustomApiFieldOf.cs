namespace KoreConnections.Client;

/// <summary>A field of a custom API's configuration of a certain type, which has null for "not given".</summary>
internal class CustomApiField<T>(
    string parameter,
    string wireName,
    ValueKind kind,
    Func<IFieldReader, string, T> read,
    Func<CustomApiSettings, T, T> check,
    Action<Utf8JsonWriter, string, T, bool> write,
    Action<string>? rule = null) : CustomApiField(parameter, wireName, kind, rule)
{
    public T Get(CustomApiSettings settings) => settings.Values.TryGetValue(this, out object? value) ? (T)value : default!;

    /// <summary>Gives settings a value; null takes it away.</summary>
    public void Set(CustomApiSettings settings, T value)
    {
        if (value is null)
        {
            settings.Values.Remove(this);
        }
        else
        {
            settings.Values[this] = value;
        }
    }

    public override void Read(CustomApiSettings settings, IFieldReader reader) => Set(settings, read(reader, Parameter));

    public override void Validate(CustomApiSettings settings)
    {
        if (Get(settings) is { } given)
        {
            Set(settings, check(settings, given));
        }
    }

    public override void Write(Utf8JsonWriter writer, CustomApiSettings settings, bool reveal) => write(writer, WireName, Get(settings), reveal);
}
