namespace KoreConnections.Commands;

/// <summary>A piped thing that stands for one connection: its id as text, the connection itself, or a row that describes it.</summary>
internal sealed class ConnectionInput
{
    /// <summary>The columns of which a row needs one.</summary>
    public static readonly string[] Names = ["ConnectionId", "ConnectionName", "Name", "Id"];

    private bool _isFound;

    public ConnectionInput(object? item)
    {
        object? plain = PSValueConverter.Unwrap(item);
        Platform = (plain as IFromPlatform)?.Platform;
        Record = new InputRecord(plain is string ? null : plain);
        ConnectionId = plain as string ?? PSValueConverter.Text(Record["ConnectionId"] ?? Record["Id"], "ConnectionId");
        ConnectionName = PSValueConverter.Text(Record["ConnectionName"] ?? Record["Name"], "Name");
        string? provider = PSValueConverter.Text(Record["Provider"], "Provider");
        Provider = provider is null ? null : ApiValues.Providers.Parse(provider, "Provider");
        if (plain is not string && ConnectionId is null && Provider is null && ConnectionName is null)
        {
            throw Guard.Invalid(
                "InputObject",
                "has neither a ConnectionId nor a Name. "
                    + "Use the id of a connection, a connection, or a row with ConnectionId, with the Name of a connection, "
                    + $"or with a Provider ({string.Join(", ", ApiValues.Providers.Values)}) and its properties.{Record.ColumnHint(Names)}");
        }
    }

    public InputRecord Record { get; }

    public string? ConnectionId { get; private set; }

    public string? ConnectionName { get; }

    public string? Platform { get; }

    /// <summary>The provider in the API's spelling, where the row says it.</summary>
    public string? Provider { get; private set; }

    /// <summary>Its name and id; null where it has not both.</summary>
    public string? Label => ConnectionName is null || ConnectionId is null ? null : ItemLabel.Named(ShownName, ConnectionId);

    /// <summary>Its name as it may be shown. One that the platform has is no key in the wrong place, however it looks.</summary>
    public string? ShownName =>
        Platform is not null || _isFound || ConnectionName is null ? ConnectionName : SecretMasker.Quote(ConnectionName);

    public string? Target => ConnectionId ?? ConnectionName;

    private string? Shown => ConnectionName ?? ConnectionId;

    /// <summary>Whether a provider can be asked with what the row holds. Of a custom API that exists, only the platform knows all headers.</summary>
    public bool IsComplete => Provider is not null && (ConnectionId is null || (Provider != ApiValues.CustomApi
        && ConnectionFields.Of(Provider).All(f => f.Parameter is "Provider" or "Name" or "ApiKey" || Record[f.Parameter] is not null)));

    /// <exception cref="KoreException">KoreInvalidInput: it has none, or what is none.</exception>
    public string RequireId() => ConnectionId is null && !Array.Exists(Names, Record.Has)
        ? throw Guard.Invalid("ConnectionId", $"is empty because the row has no column ConnectionId or Name.{Record.ColumnHint(Names)}")
        : Guard.ConnectionId(ConnectionId);

    /// <summary>Where it has a name and no id, takes the id of the connection that has this name.</summary>
    public void FindId(Func<ConnectionList> listing)
    {
        if (ConnectionId is not null || ConnectionName is null)
        {
            return;
        }

        Connection found = NameLookup.Find(listing(), ConnectionName);
        found.RequireProvider(Provider);
        _isFound = true;
        ConnectionId = found.ConnectionId;
        Provider ??= ApiValues.Providers.Find(found.Provider);
    }

    /// <summary>The key or headers for the connection: those of the command line, else those of the row.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: what the row's provider needs was not given.</exception>
    public ConnectionCredential Key(SecureString? apiKey, object? header, KeyResolver keys)
    {
        ConnectionCredential key = Read(apiKey ?? GivenKey(), "ApiKey", header ?? Record.GivenHeader, keys);
        string hint = Record.NearColumn("ApiKey");
        key.Require(Provider, Shown, hint);
        return key is { ApiKey: null, Headers: null }
            ? throw KoreException.InvalidInput("ApiKey", $"The connection needs a key. Use -ApiKey, or -Header for a custom API.{hint}")
            : key;
    }

    public ConnectionCredential? PreviousKey(SecureString? apiKey, object? header, KeyResolver keys)
    {
        if (header is OpaqueArgument { Value: null })
        {
            throw Guard.Invalid("PreviousHeader", "is empty. Specify the headers that the connection has, or do not use it.");
        }

        ConnectionCredential previous = Read(apiKey ?? Record["PreviousApiKey"], "PreviousApiKey", header ?? Record["PreviousHeader"], keys);
        return previous is { ApiKey: null, Headers: null } ? null : previous;
    }

    private static ConnectionCredential Read(object? key, string parameter, object? header, KeyResolver keys)
    {
        IReadOnlyList<Header>? headers = HeaderInput.Read(header, keys);
        Header.Validate(headers);
        return new ConnectionCredential(
            key is null ? null : ApiKeyValidator.Check(keys.Resolve(PSValueConverter.Unwrap(key), parameter), parameter), headers);
    }

    // A connection that was read has no key to give, at most its mask.
    private object? GivenKey() =>
        ConnectionId is not null && Record["ApiKey"] is string text && SecretMasker.IsMasked(text.AsSpan()) && Record["Fields"] is not null
            ? null
            : Record["ApiKey"];
}
