namespace KoreConnections.Client;

/// <summary>How a text came about that variables of the environment filled in.</summary>
/// <param name="Written">The text as it was written.</param>
internal sealed record Substituted(string Written, IReadOnlyList<SubstitutedValue> Values);
