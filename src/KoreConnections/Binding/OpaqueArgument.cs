namespace KoreConnections.Commands;

/// <summary>
/// Holds what was given where it can contain keys in plain text. PowerShell keeps bound parameters in every error
/// record; of this box it can show nothing.
/// </summary>
public sealed class OpaqueArgument
{
    internal OpaqueArgument(object? value) => Value = value;

    internal object? Value { get; }

    internal static object? Open(object? given) => given is OpaqueArgument box ? box.Value : given;

    /// <summary>Nothing of the content.</summary>
    public override string ToString() => "(not shown)";
}
