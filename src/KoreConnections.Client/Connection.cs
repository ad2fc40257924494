using System.Collections.Specialized;

namespace KoreConnections;

/// <summary>
/// An external model connection as the platform returns it. Every property may be absent: a list carries no fields, the
/// answer to a create no modification time.
/// </summary>
public sealed partial class Connection : Client.IFromPlatform
{
    /// <summary>The id, such as <c>cn-…</c>.</summary>
    public string? ConnectionId { get; set; }

    /// <summary>The display name, unique in the account.</summary>
    public string? ConnectionName { get; set; }

    /// <summary>The provider as the API spells it: <c>Open AI</c>, <c>Azure Open AI</c>, <c>Anthropic</c>, <c>API</c>.</summary>
    public string? Provider { get; set; }

    /// <summary>The model.</summary>
    public string? Model { get; set; }

    /// <summary>The status as the platform returns it: <c>ACTIVE</c>, <c>INACTIVE</c>, <c>DRAFT</c>, <c>FINALIZED</c> or another.</summary>
    public string? Status { get; set; }

    /// <summary>When it was created, in local time.</summary>
    public DateTime? CreatedOn { get; set; }

    /// <summary>When it was last changed, in local time.</summary>
    public DateTime? ModifiedOn { get; set; }

    /// <summary>The provider's fields by name, keys as masks. Null in lists.</summary>
    public OrderedDictionary? Fields { get; set; }

    /// <summary>Everything else that the platform answered, by its own names.</summary>
    public OrderedDictionary AdditionalProperties { get; set; } = new Client.JsonTable(0, StringComparer.OrdinalIgnoreCase);

    /// <summary>The platform that it was read from; null for one that was not read in this process.</summary>
    internal string? Platform { get; set; }

    /// <summary>When it was asked for, by the clock of this machine.</summary>
    internal DateTimeOffset ReadOn { get; set; }

    string? Client.IFromPlatform.Platform
    {
        get => Platform;
        set => Platform = value;
    }

    /// <summary>The whole address of a custom API, where the one among the further properties has a mask in it.</summary>
    internal Client.Secret? Endpoint { get; set; }

    /// <summary>Which of the request's keys the answer repeats, by the API's name of the property; null for none.</summary>
    internal Dictionary<string, Client.Secret[]>? Echoes { get; set; }

    internal Connection Copy() => (Connection)MemberwiseClone();

    /// <summary>Name and id.</summary>
    public override string ToString() => Client.TextSanitizer.SingleLine($"{ConnectionName} ({ConnectionId})");
}
