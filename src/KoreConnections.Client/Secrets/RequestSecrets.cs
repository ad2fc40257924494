namespace KoreConnections.Client;

/// <summary>What a request carries that no text may show.</summary>
/// <param name="Keys">Its keys: nothing that is read holds them.</param>
/// <param name="Substituted">What came from the environment into a manifest: shown as the manifest says it.</param>
internal sealed record RequestSecrets(IReadOnlyList<Secret> Keys, IReadOnlyList<SubstitutedValue> Substituted)
{
    public static RequestSecrets None { get; } = new([], []);
}
