using System;
using System.Collections.Generic;
using System.Security;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>A piped thing that stands for one connection: its id as text, the connection itself, or a row that describes it.</summary>
internal sealed class ConnectionRow
{
    private readonly Row _row;

    public ConnectionRow(object? item)
    {
        object? plain = Values.Unwrap(item);
        _row = new Row(plain is string ? null : plain);
        ConnectionId = plain as string ?? Values.Text(_row["ConnectionId"] ?? _row["Id"], "ConnectionId");
        ConnectionName = Values.Text(_row["Name"], "Name");
        string? provider = Values.Text(_row["Provider"], "Provider");
        Provider = provider is null ? null : Known.Providers.Parse(provider, "Provider");
        if (plain is not string && ConnectionId is null && Provider is null)
        {
            throw KoreException.InvalidInput("InputObject", $"-InputObject has neither a ConnectionId nor a Provider. Accepted are a connection's id, a connection, or a row with ConnectionId, or with a Provider ({string.Join(", ", Known.Providers.Values)}) and what belongs to it.");
        }
    }

    public string? ConnectionId { get; }

    public string? ConnectionName { get; }

    /// <summary>The provider in the API's spelling, where the row tells it.</summary>
    public string? Provider { get; }

    /// <summary>What an error is about: its target.</summary>
    public string? Target => ConnectionId ?? ConnectionName;

    // What its message calls it.
    private string? Shown => ConnectionName ?? ConnectionId;

    /// <summary>Whether a provider can be asked with what the row holds. Of a custom API that exists, only the platform knows all headers.</summary>
    public bool IsComplete => Provider is not null && (ConnectionId is null || Provider switch
    {
        Known.CustomApi => false,
        Known.AzureOpenAI => this["Model"] is not null && this["ResourceName"] is not null && this["DeploymentId"] is not null && this["ApiVersion"] is not null,
        _ => this["Model"] is not null,
    });

    public object? this[string parameter] => _row[parameter];

    /// <summary>The key or headers for the connection: those of the command line, else those of the row.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: what the row's provider needs was not given.</exception>
    public StoredKey Key(SecureString? apiKey, object? header, KeyResolver keys)
    {
        IReadOnlyList<Header>? headers = HeaderInput.Read(header ?? GivenHeader(), keys);
        Header.Validate(headers);
        var key = new StoredKey(KeyOf(apiKey ?? _row["ApiKey"], "ApiKey", keys), headers);
        key.Require(Provider, Shown);
        return key is { ApiKey: null, Headers: null }
            ? throw KoreException.InvalidInput("ApiKey", $"'{Masking.Quote(Shown)}' needs a key: give it with -ApiKey, or with -Header for a custom API.")
            : key;
    }

    /// <summary>The key that the connection has had until now, where it was given.</summary>
    public StoredKey? PreviousKey(SecureString? apiKey, object? header, KeyResolver keys)
    {
        IReadOnlyList<Header>? headers = HeaderInput.Read(header ?? _row["PreviousHeader"], keys);
        Header.Validate(headers);
        Secret? key = KeyOf(apiKey ?? _row["PreviousApiKey"], "PreviousApiKey", keys);
        return key is null && headers is null ? null : new StoredKey(key, headers);
    }

    private static Secret? KeyOf(object? given, string parameter, KeyResolver keys) =>
        given is null ? null : KeyRules.Check(keys.Resolve(Values.Unwrap(given), parameter), parameter);

    // A connection that was read has its headers as masks; a row of the caller's own, or a cell that was filled in, has them to give.
    private object? GivenHeader() =>
        _row["AdditionalProperties"] is null || (Values.Unwrap(_row["Header"]) is string cell && !Masking.IsMasked(cell.AsSpan())) ? _row["Header"] : null;
}
