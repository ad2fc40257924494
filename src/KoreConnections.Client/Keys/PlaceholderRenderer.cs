namespace KoreConnections.Client;

/// <summary>Fills a payload's <c>{{variable}}</c> placeholders, as the platform does before it sends one.</summary>
internal sealed class PlaceholderRenderer(CustomApiSettings settings, string? model)
{
    private static readonly Dictionary<string, string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        ["prompt"] = "Reply with OK.",
        ["system_prompt"] = "You are a helpful assistant.",
        ["examples"] = "",
    };

    private readonly Dictionary<string, string> _defaults = Defaults(settings);

    public void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                JsonText.WriteTable(writer, value.EnumerateObject(), p => p.Name, p => Write(writer, p.Value));
                break;
            case JsonValueKind.Array:
                JsonText.WriteList(writer, value.EnumerateArray(), item => Write(writer, item));
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(PayloadPlaceholders.Pattern.Replace(value.GetString(), m => Value(m.Groups[1].Value)));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private string Value(string name) =>
        _defaults.TryGetValue(name, out string? value) ? value
        : Harmless.TryGetValue(name, out value) ? value
        : model is not null && name.ToLowerInvariant() is "model" or "model_name" ? model!
        : "test";

    private static Dictionary<string, string> Defaults(CustomApiSettings settings)
    {
        var defaults = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Variable variable in (settings.PromptVariables ?? []).Concat(settings.CustomVariables ?? []))
        {
            if (variable.Given.TryGetValue("defaultValue", out JsonElement given)
                && (given.ValueKind == JsonValueKind.String ? given.GetString() : given.GetRawText()) is { Length: > 0 } text)
            {
                defaults[variable.Name] = text;
            }
        }

        return defaults;
    }
}
