using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>A connection of a manifest with what it defines.</summary>
/// <param name="Entry">Where it stands, and which values were given.</param>
/// <param name="Definition">What it defines, checked and normalised.</param>
/// <param name="Unresolved">The references that lead to no key here.</param>
internal sealed record ManifestConnection(ManifestEntry Entry, ConnectionDefinition Definition, IReadOnlyList<UnresolvedReference> Unresolved)
{
    /// <summary>A value as it may be shown: what came from the environment as the manifest says it.</summary>
    public string? Shown(string parameter, string? value) => Entry[parameter] is { IsSubstituted: true } node ? node.Shown : value;
}

/// <summary>A reference that leads to no key here.</summary>
/// <param name="Parameter">The parameter that needs it.</param>
/// <param name="Reference">The reference as it is written.</param>
/// <param name="Problem">Where it is written and why it leads to none, for whatever needs the key.</param>
internal sealed record UnresolvedReference(string Parameter, string Reference, ManifestProblem Problem);
