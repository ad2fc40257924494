namespace KoreConnections.Client;

internal abstract class ConnectionChange
{
    internal abstract IEnumerable<Secret> Secrets { get; }

    /// <summary>Of what it carries, what no text of its answer may show.</summary>
    internal virtual IEnumerable<Secret> Redacted => Secrets;

    /// <summary>Of what it carries, the keys: what no reading of the connection may show either.</summary>
    internal virtual IEnumerable<Secret> Keys => Secrets;

    /// <summary>Keys that it does not carry and that no text of its answer may show either, such as the one before.</summary>
    internal IReadOnlyList<Secret> Hidden { get; set; } = [];

    /// <summary>What takes all of these out of its answer.</summary>
    internal SecretRedactor Answer => new(new RequestSecrets([.. Redacted, .. Hidden], []));

    internal IReadOnlyList<SubstitutedValue> Substituted { get; set; } = [];

    /// <summary>The HTTP method: PATCH changes what is given, PUT replaces the whole.</summary>
    internal virtual string Method => "PATCH";

    /// <summary>Whether it is for connections whose provider is <c>API</c>; the others take a key only.</summary>
    public abstract bool IsForCustomApi { get; }

    public abstract void Validate();

    /// <summary>What is accepted but will probably not work, a sentence each.</summary>
    internal virtual IEnumerable<string> Remarks() => [];

    /// <summary>
    /// What the answer to the change shows otherwise than it was sent. What it does not show says nothing, as a mask without an end.
    /// </summary>
    internal abstract IReadOnlyList<string> StillDifferent(Connection answer);

    /// <summary>Whether a connection that was read shows all that the change brings: false for something else, null for too little.</summary>
    internal abstract bool? IsShownBy(Connection now);

    internal abstract void Write(Utf8JsonWriter writer, bool reveal);
}
