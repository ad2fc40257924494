namespace KoreConnections.Client;

internal sealed record ProbeResult(KeyVerdict Verdict, string? Action, string? Output = null, long? InputTokens = null, long? OutputTokens = null);
