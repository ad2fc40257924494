namespace KoreConnections.Commands;

/// <summary>Turns a table, an object or JSON text into JSON, whole and in order. What cannot be sent is refused, never cut.</summary>
internal static class JsonInput
{
    // As Import-Clixml and jobs give back numbers that no simple type holds: with their text.
    private static readonly HashSet<string> Numbers = ["Deserialized.System.Numerics.BigInteger", "Deserialized.KoreConnections.JsonNumber"];

    /// <summary>Text is read as JSON.</summary>
    public static JsonElement Read(object? value, string parameter)
    {
        if (PSValueConverter.Unwrap(value) is string text)
        {
            return JsonText.Parse(LostContent.Refuse(text, parameter), parameter);
        }

        JsonElement json = Value(value, parameter);
        if (PSValueConverter.Unwrap(value) is not JsonTable)
        {
            JsonText.RefuseLost(json, parameter);
        }

        return json;
    }

    /// <summary>Text is text.</summary>
    public static JsonElement Value(object? value, string parameter) => JsonText.Write(writer => Write(writer, value, parameter), parameter);

    private static void Write(Utf8JsonWriter writer, object? given, string parameter)
    {
        object? value = PSValueConverter.Unwrap(given);
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(LostContent.Refuse(text, parameter));
                break;
            case JsonElement element:
                JsonText.RefuseLost(element, parameter);
                element.WriteTo(writer);
                break;
            case bool or SwitchParameter:
                writer.WriteBooleanValue(LanguagePrimitives.IsTrue(value));
                break;
            case Uri address:
                writer.WriteStringValue(address.OriginalString);
                break;
            case Enum or char or Guid or Version:
                writer.WriteStringValue(value.ToString());
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case var number when JsonNumber.IsNumber(number):
                writer.WriteRawValue(JsonNumber.JsonOf(number));
                break;
            case double or float:
                throw new ArgumentException("JSON has no infinite number.");
            case PSObject item when item.TypeNames.Any(Numbers.Contains) && JsonNumber.IsJson(item.ToString()):
                writer.WriteRawValue(item.ToString());
                break;
            case var _ when PSValueConverter.Content(value) is { } properties:
                JsonText.WriteTable(writer, properties, p => LostContent.Refuse(p.Key, parameter), p => Write(writer, p.Value, parameter));
                break;
            case IList items:
                JsonText.WriteList(writer, PSValueConverter.Items(items, parameter), item => Write(writer, item, parameter));
                break;
            default:
                throw Guard.Invalid(
                    parameter,
                    $"contains a {value.GetType().Name}, which JSON does not support. "
                        + "Use strings, numbers, $true, $false, $null, dates, lists, hashtables and objects with properties.");
        }
    }
}
