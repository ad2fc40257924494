namespace KoreConnections.Client;

/// <summary>A verdict with what goes with it.</summary>
internal sealed record ProbeResult(KeyVerdict Verdict, string? Action)
{
    public string? Output { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }
}
