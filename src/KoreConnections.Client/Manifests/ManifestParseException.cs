namespace KoreConnections.Client;

/// <summary>The rest of a file cannot be read.</summary>
internal sealed class ManifestParseException(SourceLocation place, string message) : Exception(message)
{
    public SourceLocation Location { get; } = place;
}
