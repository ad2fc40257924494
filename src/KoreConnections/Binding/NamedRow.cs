using System.Collections;

namespace KoreConnections.Commands;

/// <summary>
/// A row that is piped beside a provider's switch: its properties bind to the parameters of their names, as PowerShell's own binding by
/// property name does it. That one is not used, because each of its errors carries the whole row, its keys included.
/// </summary>
/// <param name="set">The set of the switch, whose mandatory parameters the row needs.</param>
/// <param name="parameters">The cmdlet's parameters.</param>
internal sealed class NamedRow(object? item, string set, IDictionary<string, ParameterMetadata> parameters)
{
    /// <summary>The value of the parameter's property; null when the row has none, or a blank cell.</summary>
    public object? this[string parameter] =>
        Properties(parameter).Select(p => p.Value).FirstOrDefault(value => !PSValueConverter.IsBlank(value));

    /// <summary>
    /// Refuses what binds to no parameter, a row without a property that has to be given, and a key that can be none. Scripts know these by
    /// PowerShell's ids.
    /// </summary>
    /// <param name="isGiven">Whether a parameter was given beside the row.</param>
    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public void Require(Func<string, bool> isGiven)
    {
        string[] taken = [.. parameters.Values.Where(p => !p.SwitchParameter && p.ParameterSets.ContainsKey(set)).Select(p => p.Name)];
        string? missing = taken.FirstOrDefault(p => parameters[p].ParameterSets[set].IsMandatory && !isGiven(p) && !Properties(p).Any());
        if (!taken.Any(p => Properties(p).Any()))
        {
            throw Refusal("InputObjectNotBound", "InputObject", PSValueConverter.Unwrap(item) is IDictionary
                ? $"is a table, which -{set} does not read. Convert it to [pscustomobject], or omit -{set} and add the Provider to it."
                : $"has no property for a parameter of -{set}. Pipe rows with a Name and the other properties of a connection.");
        }

        if (taken.Contains("ApiKey") && !isGiven("ApiKey") && KeyInput.Wrap(this["ApiKey"]) is null)
        {
            throw Refusal("ParameterArgumentTransformationError", "ApiKey", $"is not a key. {KeyInput.Accepted}");
        }

        if (missing is not null)
        {
            string reason = new InputRecord(item).WithoutColumn(missing) ?? "among the row's own properties.";
            throw Refusal("InputObjectMissingMandatory", missing, $"is missing {reason} Use -{missing}.");
        }
    }

    private static KoreException Refusal(string id, string parameter, string problem)
    {
        KoreException failure = Guard.Invalid(parameter, problem);
        failure.RecordId = id;
        return failure;
    }

    private IEnumerable<(string Name, object? Value)> Properties(string parameter)
    {
        if (PSValueConverter.Unwrap(item) is not (null or string or IDictionary) and var row && parameters.TryGetValue(parameter, out ParameterMetadata? taker))
        {
            PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(row).Properties;
            foreach (string name in new[] { parameter }.Concat(taker.Aliases).Where(n => properties[n] is not null))
            {
                yield return (name, InputRecord.Find(row, name));
            }
        }
    }
}
