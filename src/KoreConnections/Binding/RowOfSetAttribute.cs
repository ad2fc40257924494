using System.Collections;

namespace KoreConnections.Commands;

/// <summary>
/// Keeps a row that is piped to a provider's set, where it has values that the set's parameters may not take. Any other one is bound by its
/// properties alone, or not at all.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RowOfSetAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is OpaqueArgument ? inputData
        : PSValueConverter.Unwrap(inputData) is not (null or string or IDictionary) && MayBeLost(inputData) ? new OpaqueArgument(inputData)
        // PowerShell passes over this cause.
        : throw new ArgumentTransformationMetadataException("It has none.", new PSInvalidCastException("It has none."));

    private static bool MayBeLost(object? item)
    {
        try
        {
            return RowFields.MayBeLost(new InputRecord(item));
        }
        catch (KoreException)
        {
            // The property that fails has an error where it is bound.
            return false;
        }
    }
}
