namespace KoreConnections.Client;

/// <summary>A reference that leads to no key here.</summary>
/// <param name="Problem">Where it is written and why it leads to none, for whatever needs the key.</param>
internal sealed record UnresolvedReference(string Parameter, string Reference, ManifestProblem Problem);
