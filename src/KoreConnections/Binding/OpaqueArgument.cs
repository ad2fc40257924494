namespace KoreConnections.Commands;

/// <summary>Holds what can contain keys: PowerShell keeps bound parameters in every error record, and can show nothing of this box.</summary>
public sealed class OpaqueArgument
{
    internal OpaqueArgument(object? value) => Value = value;

    internal object? Value { get; }

    internal static object? Open(object? given) => given is OpaqueArgument box ? box.Value : given;

    public override string ToString() => "(not shown)";
}
