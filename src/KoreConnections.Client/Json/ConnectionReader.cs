namespace KoreConnections.Client;

/// <summary>
/// Reads connections from an answer, forgivingly: any order, anything missing, null or new. A known property whose
/// value is of another type than documented is kept under its name in <see cref="Connection.AdditionalProperties"/>.
/// Written by hand over the token reader because generated readers refuse what they did not expect.
/// </summary>
internal sealed class ConnectionReader(SecretRedactor redactor, CancellationToken stop = default)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private const string Partial = "HTTP 206";

    private readonly JsonValues _values = new(redactor, stop);

    // Ten thousand rows share a handful of these.
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);

    public string? Platform { get; init; }

    /// <summary>When the answer was asked for.</summary>
    public DateTimeOffset ReadOn { get; init; }

    /// <summary>Whether the status of the answer says that it is a part only.</summary>
    public bool IsPart { get; init; }

    public bool IsFailure { get; private set; }

    /// <summary>The listing, or null when the answer has another shape, or says that it is a failure.</summary>
    public ConnectionList? ReadList(ArraySegment<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        List<Connection>? items = null;
        long? total = null;
        PropertyTable? further = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (LenientJson.IsAt(ref reader, "connections"u8))
            {
                reader.Read();
                if (!TryReadItems(ref reader, ref items))
                {
                    return null;
                }
            }
            else
            {
                string name = _values.Text(ref reader);
                reader.Read();
                if (name == "total" && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0)
                {
                    total = number;
                }
                else
                {
                    (further ??= new PropertyTable()).Add(name, _values.Read(ref reader));
                }
            }
        }

        ExpectEnd(ref reader);
        // Apart, because what an ordinary listing does not need is compiled in each new shell.
        string? gap = further is null ? null : Judge(further.ToTable(stop), items ?? [], ref total);
        return IsFailure || (items is null && total != 0) ? null : new ConnectionList(items ?? [], total, IsPart ? Partial : gap);
    }

    private string? Judge(OrderedDictionary further, List<Connection> items, ref long? total)
    {
        long? whole = total ??= ListingGap.Whole(further["total"]);
        DictionaryEntry[] properties = [.. further.Cast<DictionaryEntry>()];
        IsFailure = properties.Any(p => ListingGap.IsFailure((string)p.Key, p.Value));
        int distinct = ConnectionList.CountOf(items);
        return whole > items.Count ? null
            : properties.Select(p => ListingGap.In((string)p.Key, p.Value, distinct, isCounted: whole == items.Count)).FirstOrDefault(gap => gap is not null);
    }

    /// <summary>One connection, or null when the answer has another shape, or says that it is a failure.</summary>
    /// <param name="isWrite">
    /// Whether it answers a write. The code or the status of a failure is then that of the write, else it may be the connection's.
    /// </param>
    public Connection? ReadOne(ArraySegment<byte> json, bool isWrite = false)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        Connection connection = ReadObject(ref reader);
        ExpectEnd(ref reader);
        bool isConnection = connection.ConnectionId is not null || connection.ConnectionName is not null;
        // A failure may name the connection that it is about, but nobody writes into one when that was created.
        bool isWhole = connection is { ConnectionId: not null, ConnectionName: not null, CreatedOn: not null };
        Func<string, object?, bool> isFailure = isWhole && !isWrite ? ListingGap.IsDenial : (name, value) => ListingGap.IsFailure(name, value, isWhole);
        IsFailure = (isWrite && isFailure("status", connection.Status))
            || connection.AdditionalProperties.Cast<DictionaryEntry>().Any(p => isFailure((string)p.Key, p.Value));
        return isConnection && !IsFailure ? connection : null;
    }

    private bool TryReadItems(ref Utf8JsonReader reader, ref List<Connection>? items)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            stop.ThrowIfCancellationRequested();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            items.Add(ReadObject(ref reader));
        }

        return true;
    }

    private Connection ReadObject(ref Utf8JsonReader reader)
    {
        var connection = new Connection { Platform = Platform, ReadOn = ReadOn };
        var further = new PropertyTable();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (LenientJson.IsAt(ref reader, "connectionId"u8))
            {
                connection.ConnectionId = Text(ref reader, "connectionId", further);
            }
            else if (LenientJson.IsAt(ref reader, "connectionName"u8))
            {
                connection.ConnectionName = Text(ref reader, "connectionName", further);
            }
            else if (LenientJson.IsAt(ref reader, "provider"u8))
            {
                connection.Provider = Share(Text(ref reader, "provider", further));
            }
            else if (LenientJson.IsAt(ref reader, "model"u8))
            {
                connection.Model = Share(Text(ref reader, "model", further));
            }
            else if (LenientJson.IsAt(ref reader, "status"u8))
            {
                connection.Status = Share(Text(ref reader, "status", further));
            }
            else if (LenientJson.IsAt(ref reader, "createdOn"u8))
            {
                connection.CreatedOn = Time(ref reader, "createdOn", further);
            }
            else if (LenientJson.IsAt(ref reader, "modifiedOn"u8))
            {
                connection.ModifiedOn = Time(ref reader, "modifiedOn", further);
            }
            else
            {
                ReadFurther(ref reader, connection, further);
            }
        }

        connection.AdditionalProperties = further.ToTable(stop);
        return connection;
    }

    private void ReadFurther(ref Utf8JsonReader reader, Connection connection, PropertyTable further)
    {
        string name = _values.Text(ref reader);
        reader.Read();
        if (name == "endpointUrl" && reader.TokenType == JsonTokenType.String && _values.Text(ref reader) is var address
            && SecretMasker.AsRead(address) != address && address.Length <= Secret.MaxLength)
        {
            connection.Endpoint = Secret.FromPlainText(address);
        }

        _values.Found.Clear();
        object? value = _values.Read(ref reader, name);
        if (_values.Found.Count > 0)
        {
            (connection.Echoes ??= new(StringComparer.OrdinalIgnoreCase))[name] = [.. _values.Found];
        }

        if (name == "fields" && value is JsonTable fields)
        {
            connection.Fields = fields;
        }
        else if (name != "fields" || value is not null)
        {
            further.Add(name, value);
        }
    }

    private string? Text(ref Utf8JsonReader reader, string name, PropertyTable further)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            string text = _values.Text(ref reader);
            // By its name a connection is found.
            return name == "connectionName" ? text : SecretMasker.WithoutKeys(text);
        }

        object? value = _values.Read(ref reader);
        if (value is null or string or bool or IFormattable)
        {
            return value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        further.Add(name, value);
        return null;
    }

    private DateTime? Time(ref Utf8JsonReader reader, string name, PropertyTable further)
    {
        reader.Read();
        // What has escapes may have half of a surrogate pair, at which .NET throws.
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.TryGetDateTime(out DateTime time))
        {
            return (time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time).ToLocalTime();
        }

        object? value = _values.Read(ref reader);
        if (value is string text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
        {
            return moment.LocalDateTime;
        }

        if (value is not null)
        {
            further.Add(name, value);
        }

        return null;
    }

    private string? Share(string? text) => text is null ? null : _shared.TryGetValue(text, out string? shared) ? shared : _shared[text] = text;

    // A truncated answer ends inside an object: only here does the reader notice.
    private static void ExpectEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }
}
