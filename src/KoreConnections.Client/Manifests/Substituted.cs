namespace KoreConnections.Client;

/// <summary>How a text came about that variables of the environment filled in.</summary>
internal sealed record Substituted(string Written, IReadOnlyList<SubstitutedValue> Values);
