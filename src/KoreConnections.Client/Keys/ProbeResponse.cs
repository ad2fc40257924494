namespace KoreConnections.Client;

/// <summary>What a provider answered, with any status below 500.</summary>
/// <param name="Message">The provider's own message, or the beginning of what came instead of one.</param>
internal sealed record ProbeResponse(
    HttpStatusCode StatusCode, ArraySegment<byte> Body, ErrorResponse Error, string? Message, string? RequestId, SecretRedactor SecretRedactor)
{
    public int Status => (int)StatusCode;

    /// <summary>The answer as JSON; null for anything else.</summary>
    public JsonElement? Json { get; } = LenientJson.Parse(Body);

    /// <summary>Whether the answer describes its failure as providers do, with an object called error.</summary>
    public bool HasError => Json is { ValueKind: JsonValueKind.Object } json && LenientJson.Property(json, "error") is { ValueKind: JsonValueKind.Object };

    /// <summary>Whether the answer says that it is a failure, although its status is success.</summary>
    public bool IsFailure { get; private init; }

    /// <summary>The same, with all of it read, within the time of its request.</summary>
    public ProbeResponse Read(CancellationToken stop) => this with { IsFailure = (int)StatusCode is >= 200 and < 300 && SaysSo(stop) };

    private bool SaysSo(CancellationToken stop)
    {
        var reader = new Utf8JsonReader(Body);
        return Json is { ValueKind: JsonValueKind.Object } && reader.Read()
            && new JsonValues(SecretRedactor.Until(stop), stop).Read(ref reader) is JsonTable table
            && table.Cast<DictionaryEntry>().Any(p => ListingGap.IsFailure((string)p.Key, p.Value));
    }

    public bool Mentions(params string[] words) => words.Any(word =>
        new[] { Error.Code, Error.Type, Message }.Any(text => text?.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
}
