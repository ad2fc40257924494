using System;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>A field of a custom API's configuration of a certain type, which has null for "not given".</summary>
/// <param name="get">Its value in the settings.</param>
/// <param name="set">Gives it a value.</param>
/// <param name="read">Reads it by its parameter's name.</param>
/// <param name="check">Checks a value that was given, and normalises it.</param>
/// <param name="write">Writes the value under its name on the wire; keys in clear where the last argument says so.</param>
internal sealed class CustomApiField<T>(
    string parameter,
    string wireName,
    ValueKind kind,
    Func<CustomApiSettings, T> get,
    Action<CustomApiSettings, T> set,
    Func<IFieldReader, string, T> read,
    Func<CustomApiSettings, T, T> check,
    Action<Utf8JsonWriter, string, T, bool> write,
    Action<string>? rule = null) : CustomApiField(parameter, wireName, kind, rule)
{
    public override bool IsSet(CustomApiSettings settings) => get(settings) is not null;

    public override void Read(CustomApiSettings settings, IFieldReader reader) => set(settings, read(reader, Parameter));

    public override void Validate(CustomApiSettings settings)
    {
        if (IsSet(settings))
        {
            set(settings, check(settings, get(settings)));
        }
    }

    public override void Copy(CustomApiSettings from, CustomApiSettings to) => set(to, get(from));

    public override void Write(Utf8JsonWriter writer, CustomApiSettings settings, bool reveal) => write(writer, WireName, get(settings), reveal);
}
