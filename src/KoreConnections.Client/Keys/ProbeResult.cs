namespace KoreConnections.Client;

/// <summary>A verdict with what goes with it.</summary>
internal sealed record ProbeResult(KeyVerdict Verdict, string? Action, string? Output = null, long? InputTokens = null, long? OutputTokens = null);
