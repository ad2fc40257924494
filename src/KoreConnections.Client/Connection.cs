namespace KoreConnections;

/// <summary>
/// An external model connection as the platform returns it. Every property may be absent: a list carries no fields, the
/// answer to a create no modification time.
/// </summary>
public sealed partial class Connection : IFromPlatform
{
    /// <summary>The id, such as <c>cn-…</c>.</summary>
    public string? ConnectionId { get; set; }

    /// <summary>The display name, unique in the account.</summary>
    public string? ConnectionName { get; set; }

    /// <summary>The provider as the API spells it: <c>Open AI</c>, <c>Azure Open AI</c>, <c>Anthropic</c>, <c>API</c>.</summary>
    public string? Provider
    {
        get;

        // A gateway or a later version may spell it otherwise.
        set => field = ApiValues.Providers.Find(value) ?? value;
    }

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
    public OrderedDictionary AdditionalProperties { get; set; } = new JsonTable(0, StringComparer.OrdinalIgnoreCase);

    /// <summary>The platform that it was read from; null for one that was not read in this process.</summary>
    internal string? Platform { get; set; }

    /// <summary>When it was asked for, by the clock of this machine.</summary>
    internal DateTimeOffset ReadOn { get; set; }

    string? IFromPlatform.Platform { get => Platform; set => Platform = value; }

    /// <summary>The whole address of a custom API, where the one among the further properties has a mask in it.</summary>
    internal Secret? Endpoint { get; set; }

    /// <summary>Which of the request's keys the answer repeats, by the API's name of the property; null for none.</summary>
    internal Dictionary<string, Secret[]>? Echoes { get; set; }

    internal bool IsCustomApi => Provider == ApiValues.CustomApi;

    internal string? Called => ConnectionName ?? ConnectionId;

    internal string Shown => $"'{TextSanitizer.SingleLine(Called, 100)}'";

    /// <summary>The mask of its key, of a custom API that of the first header with one; null where it shows none.</summary>
    internal string? Mask => Fields is not null ? ActualValues.Text(Fields, "API_KEY")
        : ShownHeader.Of(this)?.FirstOrDefault(h => h.IsMasked)?.Value;

    internal Connection Copy() => (Connection)MemberwiseClone();

    /// <summary>The provider in the API's spelling.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it is none that is known here.</exception>
    internal string SupportedProvider() => ApiValues.Providers.Find(Provider)
        ?? throw KoreException.InvalidInput(
            "Provider",
            $"{Shown} has the provider '{TextSanitizer.SingleLine(Provider, 100)}', which this module does not support, "
                + $"so its key cannot be tested or changed. Supported providers: {ApiValues.Providers.Listed}.").About(Called);

    /// <summary>Refuses a row that says another provider than the connection has: a key of that one is no key of this.</summary>
    /// <param name="said">The provider of the row in the API's spelling, or null.</param>
    internal void RequireProvider(string? said)
    {
        if (said is not null && Provider is not null && Provider != said)
        {
            throw KoreException.InvalidInput(
                "Provider",
                $"The provider of {Shown} is {SecretMasker.Quote(Provider)}, but the row has {SecretMasker.Quote(said)}. Correct the row.").About(Called);
        }
    }

    /// <summary>Refuses a row that has the name of another connection: whichever of them is meant, a key must not be given to the wrong one.</summary>
    /// <param name="said">The name in the row, or null.</param>
    /// <param name="redacted">Shows names as the row's is shown; null where they are as they are.</param>
    internal void RequireName(string? said, Func<string?, string?>? redacted = null)
    {
        if (said is not null && (redacted is null ? ConnectionName : redacted(ConnectionName)) is string name
            && SingleLine.Comparable(said) != SingleLine.Comparable(name))
        {
            throw KoreException.InvalidInput(
                "ConnectionId",
                $"The connection with this id is '{SecretMasker.Quote(name)}', but the row has the name '{SecretMasker.Quote(said)}'. "
                    + "Correct the row, or remove its name.");
        }
    }

    /// <summary>Name and id.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{ConnectionName} ({ConnectionId})");
}
