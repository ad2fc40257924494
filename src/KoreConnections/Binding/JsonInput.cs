using System.Collections;
using System.Numerics;

namespace KoreConnections.Commands;

/// <summary>Turns a table, an object or JSON text into JSON, whole and in order. What cannot be sent is refused, never cut.</summary>
internal static class JsonInput
{
    /// <summary>Text is read as JSON.</summary>
    public static JsonElement Read(object? value, string parameter) =>
        PSValueConverter.Unwrap(value) is string text ? JsonText.Parse(text, parameter) : Value(value, parameter);

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
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case SwitchParameter flag:
                writer.WriteBooleanValue(flag.IsPresent);
                break;
            case Enum or char or Guid or Uri or Version:
                writer.WriteStringValue(value.ToString());
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case double real:
                writer.WriteNumberValue(real);
                break;
            case float real:
                writer.WriteNumberValue(real);
                break;
            case decimal exact:
                writer.WriteNumberValue(exact);
                break;
            case ulong large:
                writer.WriteNumberValue(large);
                break;
            case BigInteger or JsonNumber:
                writer.WriteRawValue(JsonNumber.JsonOf(value));
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            default:
                WriteStructure(writer, value, parameter);
                break;
        }
    }

    private static void WriteStructure(Utf8JsonWriter writer, object value, string parameter)
    {
        if (PSValueConverter.Properties(value) is { } properties)
        {
            writer.WriteStartObject();
            foreach (KeyValuePair<string, object?> property in properties)
            {
                writer.WritePropertyName(property.Key);
                Write(writer, property.Value, parameter);
            }

            writer.WriteEndObject();
        }
        else if (value is Array or IList)
        {
            writer.WriteStartArray();
            foreach (object? item in (IEnumerable)value)
            {
                Write(writer, item, parameter);
            }

            writer.WriteEndArray();
        }
        else
        {
            throw KoreException.InvalidInput(
                parameter,
                $"-{parameter} contains a {value.GetType().Name}, which JSON does not support. "
                    + "Use strings, numbers, $true, $false, $null, dates, lists, hashtables and objects with properties.");
        }
    }
}
