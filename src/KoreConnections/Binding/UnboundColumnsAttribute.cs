using System.Collections;
using System.Collections.Specialized;

namespace KoreConnections.Commands;

/// <summary>
/// Takes of a piped row the columns that PowerShell does not bind by name, because white space is around their names. A property that fails is the
/// row's error: PowerShell would end the pipeline with the property's own text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UnboundColumnsAttribute : ArgumentTransformationAttribute
{
    private static readonly HashSet<string> Names = new(
        ConnectionFields.All.SelectMany(f => new[] { f.Parameter, f.WireName }), StringComparer.OrdinalIgnoreCase);

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var unbound = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        object? item = PSValueConverter.Unwrap(inputData);
        foreach (PSPropertyInfo property in item is null or string or IDictionary ? [] : PSObject.AsPSObject(item).Properties.ToArray())
        {
            string name = SingleLine.Trim(property.Name);
            if (Names.Contains(name))
            {
                object? value = Value(property, name);
                if (name != property.Name)
                {
                    unbound[name] = value;
                }
            }
        }

        return unbound.Count > 0
            ? new OpaqueArgument(unbound)
            // PowerShell passes over this cause.
            : throw new ArgumentTransformationMetadataException("All of it is bound.", new PSInvalidCastException("All of it is bound."));
    }

    private static object? Value(PSPropertyInfo property, string name)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            throw new ArgumentTransformationMetadataException(InputRecord.Failed(name).Message);
        }
    }
}
