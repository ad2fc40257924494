namespace KoreConnections.Commands;

[AttributeUsage(AttributeTargets.Property)]
internal sealed class OpaqueAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is OpaqueArgument ? inputData : new OpaqueArgument(inputData);
}
