namespace KoreConnections.Client;

internal sealed record Substituted(string Written, IReadOnlyList<SubstitutedValue> Values);
