namespace KoreConnections.Client;

/// <summary>
/// Reads any JSON value into what scripts like: text, long, decimal or double, bool, null, arrays, and dictionaries that
/// keep their order and ignore case. Keys that came without a mask are masked here, so nothing above ever holds one.
/// </summary>
/// <param name="stop">Ends the work when the time of the request is over: an answer can be long.</param>
internal sealed class JsonValues(SecretRedactor redactor, CancellationToken stop = default)
{
    // Looks as every mask does, so that scripts see no difference. What writes a manifest sees that a number is behind it.
    private static readonly string NumberMask = new('*', Secret.Mask.Length);

    private int _redacted;

    public HashSet<Secret> Found => redactor.Found;

    /// <param name="name">Its name, or that of the list or table around it where that is a secret's.</param>
    public object? Read(ref Utf8JsonReader reader, string name = "")
    {
        stop.ThrowIfCancellationRequested();
        return reader.TokenType switch
        {
            JsonTokenType.String => Masked(name, Text(ref reader)),
            JsonTokenType.Number when SecretRule.IsName(name) && SecretRule.IsPin(Raw(ref reader)) => NumberMask,
            JsonTokenType.Number => IsKey(ref reader) ? Secret.Mask : Number(ref reader),
            JsonTokenType.True or JsonTokenType.False => reader.GetBoolean(),
            JsonTokenType.StartArray => Array(ref reader, name),
            JsonTokenType.StartObject => Object(ref reader, name),
            _ => null,
        };
    }

    /// <summary>Whether a mask that was read stands for a number.</summary>
    public static bool IsNumberMask(string text) => ReferenceEquals(text, NumberMask);

    private static string Masked(string name, string text) => SecretRule.MayHold(name, text) ? SecretMasker.Apply(text) : SecretMasker.AsRead(text);

    /// <summary>The way back: what was read, as JSON.</summary>
    public static JsonElement Write(object? value) => JsonText.Of(writer => Write(writer, value));

    /// <summary>What was read, as the text of JSON. What somebody else put in, and JSON cannot carry, is left to .NET.</summary>
    public static string Text(object value)
    {
        try
        {
            return Write(value).GetRawText();
        }
        catch (Exception e) when (e is KoreException or InvalidOperationException or ArgumentException or JsonException or InvalidCastException)
        {
            return value.GetType().ToString();
        }
    }

    public string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return Redacted(reader.GetString() ?? "");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped, is valid JSON grammar, but no text. Of bytes in another encoding the rest can be read.
            return reader.ValueIsEscaped ? "\uFFFD" : Redacted(Encoding.UTF8.GetString(reader.ValueSpan.ToArray()));
        }
    }

    private string Redacted(string text)
    {
        string redacted = redactor.Apply(text);
        _redacted += redacted == text ? 0 : 1;
        return redacted;
    }

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case OrderedDictionary table:
                JsonText.WriteTable(writer, table.Cast<DictionaryEntry>(), e => (string)e.Key, e => Write(writer, e.Value));
                break;
            case IList items:
                JsonText.WriteList(writer, items.Cast<object?>(), item => Write(writer, item));
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case null:
                writer.WriteNullValue();
                break;
            case var number when JsonNumber.IsNumber(number):
                writer.WriteRawValue(JsonNumber.JsonOf(number));
                break;
            default:
                throw KoreException.InvalidInput(
                    "InputObject",
                    $"The connection contains a {value.GetType().Name}, which JSON does not support. "
                        + "Read it again with Get-Connection, and do not change its properties.");
        }
    }

    // A key of digits may come back as a number.
    private bool IsKey(ref Utf8JsonReader reader)
    {
        if (!redactor.MayHold(reader.ValueSpan.Length))
        {
            return false;
        }

        string text = Raw(ref reader);
        return Redacted(text) != text;
    }

    // As it was written: a decimal would round what is longer, and a double what is larger.
    private static object Number(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out long whole) ? whole : JsonNumber.Read(Raw(ref reader));

    private static string Raw(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan.ToArray());

    private object?[] Array(ref Utf8JsonReader reader, string name)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader, name));
        }

        return items.ToArray();
    }

    private JsonTable Object(ref Utf8JsonReader reader, string of)
    {
        var properties = new PropertyTable();
        string? headerName = null, headerValue = null, defaultValue = null;
        int before = _redacted;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Text(ref reader);
            reader.Read();
            bool Is(string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
            if (reader.TokenType == JsonTokenType.String)
            {
                headerName = Is("key") && !SecretRule.IsName(of) ? Text(ref reader) : headerName;
                headerValue = Is("value") ? Text(ref reader) : headerValue;
                defaultValue = Is("defaultValue") ? Text(ref reader) : defaultValue;
            }

            properties.Add(name, Read(ref reader, SecretRule.NameIn(of, name)));
        }

        JsonTable result = properties.ToTable(stop);
        result.IsRedacted = _redacted > before;
        MaskHeader(result, headerName, headerValue, defaultValue);
        return result;
    }

    // {"key":"x-api-key","value":"…"}, or a variable: the secret is named by a value, not by a property. What names one is written back as it came.
    private static void MaskHeader(OrderedDictionary item, string? headerName, string? headerValue, string? defaultValue)
    {
        if (item["key"] is string key && item["value"] is string value)
        {
            if (headerName is not null && !SecretRule.IsKeyAsName(headerName))
            {
                item["key"] = key = headerName;
            }

            if (BeforeKeys(value, headerValue) is var given && SecretRule.MayHoldInHeader(key, given))
            {
                item["value"] = SecretMasker.Apply(given);
            }
        }

        if (item["name"] is string name && item["defaultValue"] is string text
            && BeforeKeys(text, defaultValue) is var variable && SecretRule.MayHold(name, variable))
        {
            item["defaultValue"] = SecretMasker.Apply(variable);
        }
    }

    // What is around a key in a text may be a secret, too.
    private static string BeforeKeys(string read, string? given) =>
        given is not null && read == SecretMasker.AsRead(given) ? SecretMasker.Addresses(given) : read;
}
