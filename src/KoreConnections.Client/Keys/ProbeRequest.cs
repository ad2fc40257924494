namespace KoreConnections.Client;

/// <param name="Address">The whole address: the only place that the headers go to.</param>
/// <param name="Destination">The provider's own scheme and host, or those that the user named: the only place that the headers may go to.</param>
internal sealed record ProbeRequest(HttpMethod Method, Uri Address, IReadOnlyList<Header> Headers, Uri Destination)
{
    public JsonElement? Body { get; init; }

    public IReadOnlyList<SubstitutedValue> Substituted { get; init; } = [];

    public bool IsRepeatable { get; init; } = true;

    /// <summary>The address whose path <see cref="Address"/> repeats below a gateway.</summary>
    public Uri Repeated { get; init; } = Destination;

    /// <summary>Whether an escaped slash was lost, as .NET Framework may do: then another address would be asked.</summary>
    public bool IsChanged => new[] { Address, Destination, Repeated }.Any(a => HasLostSlash(a.OriginalString, a.AbsoluteUri));

    internal static bool HasLostSlash(string given, string sent) => EscapedSlash.Matches(given).Count > EscapedSlash.Matches(sent).Count;

    // A dot is the same with and without its escape, to every server.
    private static readonly Regex EscapedSlash = new("%(?:2F|5C)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>All that no answer may repeat: custom APIs take keys in the address and in the body, too.</summary>
    public IReadOnlyList<Secret> Keys() =>
        [.. Headers.Where(h => h.IsRedacted).Select(h => h.Value), .. CarriedSecrets.InAddress(Address.OriginalString), .. CarriedSecrets.InJson(Body)];

    /// <summary>All that leaves of what was given, value by value.</summary>
    public IReadOnlyList<string> Texts() =>
    [
        Address.AbsoluteUri,
        .. Headers.SelectMany(h => new[] { h.Name, h.Value.Read(static text => text.ToString()) }),
        .. Body is JsonElement body ? [body.GetRawText()] : Array.Empty<string>(),
    ];

    /// <summary>The same for the same question with the same key, of which an answer hides the same.</summary>
    public string Identity() => string.Join("\n", [
        $"{Method} {Address.AbsoluteUri}",
        .. Headers.Select(h => $"{h.Name.ToLowerInvariant()}: {h.Value.Fingerprint()} {h.IsRedacted}"),
        Body?.GetRawText() ?? ""]);
}
