namespace KoreConnections.Client;

/// <param name="Problem">Where it is written and why it leads to none, for all that needs the value.</param>
/// <param name="IsKey">Whether the value is a key, which a plan does not need.</param>
/// <param name="NotCompared">The path of what a plan does not compare without it, keys aside; null for nothing.</param>
internal sealed record UnresolvedReference(string Parameter, string Reference, ManifestProblem Problem, bool IsKey = true, string? NotCompared = null);
