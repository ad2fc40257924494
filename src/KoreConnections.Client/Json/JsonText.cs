using System.Runtime.CompilerServices;

namespace KoreConnections.Client;

/// <summary>JSON that people give, as text or in parts: whole and in order. What cannot be sent is refused, never cut.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Writing = new() { Encoder = StrictEncoder.Instance, MaxDepth = SecretJsonContent.MaxDepth };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = SecretJsonContent.MaxDepth };

    /// <exception cref="ArgumentException">JSON cannot carry a text or number.</exception>
    /// <exception cref="InvalidOperationException">It is nested too deep.</exception>
    public static JsonElement Of(Action<Utf8JsonWriter> write) => Written(write, static json => Read(json));

    /// <summary>What is read of JSON that is wiped afterwards.</summary>
    public static T Written<T>(Action<Utf8JsonWriter> write, Func<ArraySegment<byte>, T> read)
    {
        using var buffer = new WipedBuffer();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            write(writer);
        }

        return read(buffer.Written);
    }

    public static void WriteIfGiven(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    public static void WriteTable<T>(Utf8JsonWriter writer, IEnumerable<T> entries, Func<T, string> name, Action<T> writeValue)
    {
        RequireStack();
        writer.WriteStartObject();
        foreach (T entry in entries)
        {
            writer.WritePropertyName(name(entry));
            writeValue(entry);
        }

        writer.WriteEndObject();
    }

    public static void WriteList<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<T> write)
    {
        RequireStack();
        writer.WriteStartArray();
        foreach (T item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    /// <summary>Before one level more: the stack of a thread may hold fewer levels than may be sent, and one that overflows ends the shell.</summary>
    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public static void RequireStack()
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        catch (InsufficientExecutionStackException)
        {
            throw Guard.Invalid("Payload", "is nested too deep for this shell. Use fewer levels.");
        }
    }

    /// <summary>Reads what was written here.</summary>
    public static JsonElement Read(ReadOnlySpan<byte> json)
    {
        // A document would keep arrays of the pool, each far larger than what it holds.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = SecretJsonContent.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    /// <exception cref="KoreException">KoreInvalidInput, with line and position.</exception>
    public static JsonElement Parse(string text, string parameter)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(PlainEnds(text), Reading);
            RefuseLost(document.RootElement, parameter);
            RefuseUnsendable(document.RootElement, parameter);
            return document.RootElement.Clone();
        }
        catch (JsonException) when (IsTooDeep(text))
        {
            throw Guard.Invalid(parameter, $"is nested more than {SecretJsonContent.MaxDepth} levels deep.");
        }
        catch (JsonException e)
        {
            throw Guard.Invalid(
                parameter,
                $"is not valid JSON at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}. "
                    + "Enclose property names and strings in double quotation marks, and remove anything after the last value.");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw Guard.Invalid(parameter, "contains half of a surrogate pair, which JSON does not support.");
        }
    }

    /// <exception cref="KoreException">KoreInvalidInput: JSON cannot carry it.</exception>
    public static JsonElement Write(Action<Utf8JsonWriter> write, string parameter)
    {
        try
        {
            return Of(write);
        }
        catch (InvalidOperationException)
        {
            throw Guard.Invalid(parameter, $"is nested more than {SecretJsonContent.MaxDepth} levels deep, or contains itself.");
        }
        catch (ArgumentException)
        {
            throw Guard.Invalid(parameter, "contains a value that JSON does not support: an infinite number, or half of a surrogate pair.");
        }
    }

    /// <summary>Refuses texts in it that stand for content that was lost.</summary>
    public static void RefuseLost(JsonElement element, string parameter)
    {
        foreach (JsonElement part in Descendants(element))
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                LostContent.Refuse(LenientJson.Text(part), parameter);
            }
            else if (part.ValueKind == JsonValueKind.Object)
            {
                LostContent.RefuseNumber(part, parameter);
                foreach (JsonProperty property in part.EnumerateObject())
                {
                    LostContent.Refuse(property.Name, parameter);
                }
            }
        }
    }

    // Of a name that comes twice, servers keep one or refuse both.
    private static void RefuseUnsendable(JsonElement element, string parameter)
    {
        foreach (JsonElement part in Descendants(element))
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                // Throws for half of a surrogate pair, which may be escaped.
                _ = part.GetString();
            }
            else if (part.ValueKind == JsonValueKind.Object
                && part.EnumerateObject().GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1) is { Key: string twice })
            {
                throw Guard.Invalid(parameter, $"contains the property '{SecretMasker.Quote(twice)}' twice in the same object. Keep one of them.");
            }
        }
    }

    private static IEnumerable<JsonElement> Descendants(JsonElement element)
    {
        // Not by recursion, in which each value would be handed up through all levels.
        var left = new Stack<JsonElement>([element]);
        while (left.Count > 0)
        {
            JsonElement part = left.Pop();
            yield return part;
            foreach (JsonElement child in Children(part).Reverse())
            {
                left.Push(child);
            }
        }
    }

    private static IEnumerable<JsonElement> Children(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(p => p.Value),
        JsonValueKind.Array => element.EnumerateArray(),
        _ => [],
    };

    private static bool IsTooDeep(string text)
    {
        int depth = 0;
        bool isString = false;
        for (int i = 0; i < text.Length && depth <= SecretJsonContent.MaxDepth; i++)
        {
            isString ^= text[i] == '"';
            i += isString && text[i] == '\\' ? 1 : 0;
            depth += isString ? 0 : text[i] is '{' or '[' ? 1 : text[i] is '}' or ']' ? -1 : 0;
        }

        return depth > SecretJsonContent.MaxDepth;
    }

    // What cells and pages have at their ends is white space to people, and none to JSON. Places in messages stay what they are.
    private static string PlainEnds(string text)
    {
        string inner = SingleLine.Trim(text);
        int start = text.IndexOf(inner, StringComparison.Ordinal);
        return inner.Length == text.Length ? text
            : string.Concat(text.Select((c, i) => (i >= start && i < start + inner.Length) || c is '\r' or '\n' ? c : ' '));
    }
}
