using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Turns a table, an object or JSON text into JSON, whole and in order. What cannot be sent is refused, never cut.</summary>
internal static class JsonInput
{
    private const int MaxDepth = 1000;

    /// <summary>Text is read as JSON.</summary>
    public static JsonElement Read(object? value, string parameter) =>
        PSValueConverter.Unwrap(value) is string text ? Parse(text, parameter) : Value(value, parameter);

    /// <summary>Text is text.</summary>
    public static JsonElement Value(object? value, string parameter)
    {
        using var stream = new MemoryStream();
        try
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = StrictEncoder.Instance, MaxDepth = MaxDepth });
            Write(writer, value, parameter);
        }
        catch (InvalidOperationException)
        {
            throw KoreException.InvalidInput(parameter, $"-{parameter} is nested more than {MaxDepth} levels deep, or contains itself.");
        }
        catch (ArgumentException)
        {
            throw KoreException.InvalidInput(
                parameter, $"-{parameter} contains a value that JSON does not support: an infinite number, or half of a surrogate pair.");
        }

        stream.Position = 0;
        return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = MaxDepth }).RootElement;
    }

    public static JsonElement Parse(string text, string parameter)
    {
        try
        {
            JsonElement parsed = JsonDocument.Parse(PlainEnds(text), new JsonDocumentOptions { MaxDepth = MaxDepth }).RootElement;
            RefuseLost(parsed, parameter);
            return parsed;
        }
        catch (JsonException e)
        {
            throw KoreException.InvalidInput(
                parameter,
                $"-{parameter} is not valid JSON at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}. "
                    + "Enclose property names and strings in double quotation marks, and remove anything after the last value.");
        }
        catch (ArgumentException)
        {
            throw KoreException.InvalidInput(parameter, $"-{parameter} contains half of a surrogate pair, which JSON does not support.");
        }
    }

    // What cells and pages have at their ends is white space to people, and none to JSON. Places in messages stay what they are.
    private static string PlainEnds(string text)
    {
        string inner = SingleLine.Trim(text);
        int start = text.IndexOf(inner, StringComparison.Ordinal);
        return inner.Length == text.Length ? text
            : string.Concat(text.Select((c, i) => (i >= start && i < start + inner.Length) || c is '\r' or '\n' ? c : ' '));
    }

    private static void RefuseLost(JsonElement element, string parameter)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    RefuseLost(property.Value, parameter);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    RefuseLost(item, parameter);
                }

                break;
            case JsonValueKind.String when element.ValueEquals("") is false && element.GetRawText() is { Length: > 4 } raw && raw[1] is 'S' or '@':
                LostContent.Refuse(element.GetString()!, parameter);
                break;
        }
    }

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
                RefuseLost(element, parameter);
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
