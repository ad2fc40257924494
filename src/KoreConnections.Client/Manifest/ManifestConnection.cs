namespace KoreConnections.Client;

/// <summary>A connection of a manifest with what it defines.</summary>
/// <param name="Entry">Where it stands, and which values were given.</param>
/// <param name="Definition">What it defines, checked and normalised.</param>
internal sealed record ManifestConnection(ManifestEntry Entry, ConnectionDefinition Definition);
