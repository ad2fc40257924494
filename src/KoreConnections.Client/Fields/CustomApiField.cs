using System;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>A field of a custom API's configuration, with its place in the settings.</summary>
internal abstract class CustomApiField(string parameter, string wireName, ValueKind kind, Action<string>? rule)
    : ConnectionField(parameter, wireName, kind, rule)
{
    public abstract bool IsSet(CustomApiSettings settings);

    public abstract void Read(CustomApiSettings settings, IFieldReader reader);

    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public abstract void Validate(CustomApiSettings settings);

    public abstract void Copy(CustomApiSettings from, CustomApiSettings to);

    public abstract void Write(Utf8JsonWriter writer, CustomApiSettings settings, bool reveal);
}
