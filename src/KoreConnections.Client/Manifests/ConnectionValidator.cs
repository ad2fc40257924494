namespace KoreConnections.Client;

internal sealed class ConnectionValidator(string file, string path, DiagnosticBag problems)
{
    private static readonly Regex Parameters = new($@"-({string.Join("|", ConnectionFields.All.Select(p => p.Parameter))})\b", RegexOptions.CultureInvariant);

    private readonly Dictionary<string, ManifestNode> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _misspelt = new(StringComparer.Ordinal);
    private readonly List<ManifestProblem> _unset = [];
    private string? _provider;

    /// <summary>The connection, or null where it is no table.</summary>
    public ManifestEntry? Check(ManifestNode connection)
    {
        if (connection.Kind != NodeKind.Mapping)
        {
            string problem = $"This is {connection.Described}. Use a table with provider, name and the properties of that provider.";
            Report(connection.Location, path, connection.HasError ? null : problem);
            return null;
        }

        int before = problems.Count;
        _provider = ApiValues.Providers.Find(connection.Find("Provider")?.Text);
        foreach (ManifestProperty entry in connection.Entries)
        {
            CheckProperty(entry.Key, entry.Value);
        }

        var result = new ManifestEntry(file, path, connection.Location, _values) { Unset = _unset };
        ReportMissing(result, _provider is null ? [ConnectionFields.Provider, ConnectionFields.Name] : ConnectionFields.RequiredOf(_provider));
        if (_provider == ApiValues.CustomApi)
        {
            CheckShape(result);
        }

        result.IsValid = problems.Count == before && !connection.HasFault;
        return result;
    }

    /// <summary>A message in the words of a manifest: its names instead of the parameters'. Of a file, nothing is sent in any case.</summary>
    public static string Words(string message) => Parameters
        .Replace(message, match => ConnectionFields.Find(match.Groups[1].Value)!.Name)
        .Replace(Guard.NotSent, ", which must not be in a manifest. Use another value.");

    private void CheckProperty(ManifestNode key, ManifestNode value)
    {
        if (ConnectionFields.Find(key.Text) is not ConnectionField property)
        {
            IReadOnlyList<ConnectionField> known = _provider is null ? ConnectionFields.All : ConnectionFields.Of(_provider);
            string? nearest = SpellingSuggestion.Of(key.Text, known.Select(p => p.Name));
            string near = nearest is null ? "" : $" Did you mean {nearest}?";
            _misspelt.Add(nearest ?? "");
            string whose = _provider is null ? "connections" : $"{_provider} connections";
            string accepted = string.Join(", ", known.Select(p => p.Name));
            Report(key.Location, $"{path}.{ManifestParseContext.Shown(key.Text)}", ManifestParseContext.NoProperty(key.Text, whose, near, accepted));
            return;
        }

        string at = $"{path}.{property.Name}";
        if (_values.ContainsKey(property.Parameter))
        {
            Report(key.Location, at, $"{property.Name} is given twice, in different case. Keep one of them.");
            return;
        }

        _values[property.Parameter] = value;
        if (_provider is not null && !ConnectionFields.Of(_provider).Contains(property))
        {
            Report(key.Location, at, property.Kind == ValueKind.Key
                ? "apiKey does not apply to a custom API, which sends its key in a header. Use header: { x-api-key: env:NAME }."
                : $"{property.Name} {ConnectionFields.NotOf(property, _provider)}");
            return;
        }

        // What is left empty counts as left out.
        if (value.Kind != NodeKind.Null && !value.HasError)
        {
            CheckValue(property, value, at);
        }
    }

    private void CheckValue(ConnectionField property, ManifestNode value, string at)
    {
        switch (property.Kind)
        {
            case not ValueKind.Key when value.IsScalar && IsUnknown(property, value):
                AddUnset(value, at);
                break;
            case ValueKind.Text or ValueKind.Texts or ValueKind.Variables when property is CustomApiField { IsRequired: false }
                && value is { Kind: NodeKind.Text, IsUnresolved: false }
                && string.IsNullOrWhiteSpace(value.Text):
                string empty = ManifestFile.IsJson(file) ? "null" : "~";
                Report(value.Location, at, $"{property.Name} is empty. Specify a value, or write {empty} to clear the property.");
                break;
            case ValueKind.Text or ValueKind.Address:
                CheckText(property, value, at);
                break;
            case ValueKind.Flag:
                bool isFlag = value.Kind == NodeKind.Flag || bool.TryParse(value.Text, out _);
                Report(value.Location, at, isFlag ? null : $"{property.Name} is {value.Quoted}. Use true or false.");
                break;
            case ValueKind.Key:
                Report(value.Location, at, ManifestKeyValidator.Reference(property.Name, value, mayHaveScheme: false));
                break;
            case ValueKind.Headers:
                new HeaderValidator(Report).Check(value, at);
                break;
            case ValueKind.Payload:
                new PayloadValidator(Report).Check(value, at);
                break;
            default:
                CheckList(property, value, at);
                break;
        }
    }

    private void CheckText(ConnectionField property, ManifestNode value, string at)
    {
        if (!value.IsScalar)
        {
            Report(value.Location, at, $"{property.Name} is {value.Described}. Use a string.");
            return;
        }

        if (property.Kind == ValueKind.Address && ManifestKeyValidator.AddressHoldsKey(value))
        {
            Report(
                value.Location,
                at,
                $"endpointUrl contains the key itself{KeysInText.PlaceIn(value.Shown)}, which must not be in a manifest. "
                    + "Replace the key with an environment variable: https://HOST/PATH?code=${env:NAME}.");
        }

        Try(property, value, at);
    }

    private void CheckList(ConnectionField property, ManifestNode value, string at)
    {
        bool isVariables = property.Kind == ValueKind.Variables;
        string accepted = $"Use a list of {(isVariables ? "names, or of tables with a name" : "strings")}.";
        if (value.Kind == NodeKind.Mapping)
        {
            Report(value.Location, at, $"{property.Name} is a table. {accepted}");
            return;
        }

        IReadOnlyList<ManifestNode> items = value.AsList;
        if (items.Count == 0 && property.Kind == ValueKind.Switches)
        {
            Report(value.Location, at, $"feature is an empty list. A mapped connection needs at least one of {ApiValues.Features.Listed}.");
        }

        for (int i = 0; i < items.Count; i++)
        {
            ManifestNode item = items[i];
            string where = value.Kind == NodeKind.Sequence ? $"{at}[{i}]" : at;
            if (isVariables)
            {
                new PayloadValidator(Report).CheckVariable(item, where);
            }

            ManifestNode? text = isVariables && item.Kind == NodeKind.Mapping ? item.Find("name") : item;
            if (text is null || !text.IsScalar || text.Kind == NodeKind.Null)
            {
                bool isNameless = item.Kind == NodeKind.Mapping && isVariables;
                Report(item.Location, where, isNameless ? "This variable has no name." : $"{property.Name} contains {item.Described}. {accepted}");
            }
            else if (!text.HasError)
            {
                Try(property, text, where);
            }
        }

        IEnumerable<ManifestNode> names = items.Select(i => i.Find("name") ?? i).Where(n => n is { IsScalar: true, IsUnresolved: false });
        if (isVariables && Variable.Repeated(names.Select(n => n.Text), StringComparer.Ordinal) is string repeated)
        {
            Report(value.Location, at, $"{property.Name} {repeated}");
        }
    }

    // Two shapes that exclude each other.
    private void CheckShape(ManifestEntry entry)
    {
        string? mapped = GivenOf(CustomApiFields.Mapped);
        string? own = GivenOf(CustomApiFields.Own);
        if (mapped is not null && own is not null)
        {
            Report(entry.LocationOf(mapped), entry.PathOf(mapped), Words(CustomApiSettings.BothShapes().Message));
        }
        else if (mapped is null && own is null)
        {
            Report(entry.Location, path, Words(CustomApiSettings.NoShape().Message));
        }
        else
        {
            ReportMissing(entry, (mapped is null ? CustomApiFields.Own : CustomApiFields.Mapped).Where(f => f.IsRequired));
        }

        string? GivenOf(IEnumerable<ConnectionField> shape) => shape.FirstOrDefault(f => entry[f.Parameter] is not null)?.Parameter;
    }

    private void ReportMissing(ManifestEntry entry, IEnumerable<ConnectionField> required)
    {
        foreach (ConnectionField field in required.Where(f => entry[f.Parameter] is null && !_misspelt.Contains(f.Name)))
        {
            Report(entry.LocationOf(field.Parameter), entry.PathOf(field.Parameter), $"{field.Name} is missing. {field.Advice}");
        }
    }

    private void Try(ConnectionField property, ManifestNode value, string at)
    {
        if (IsUnknown(property, value))
        {
            AddUnset(value, at);
            return;
        }

        try
        {
            property.Rule!(value.Text);
        }
        catch (KoreException) when (value.IsUnresolved)
        {
            AddUnset(value, at);
        }
        catch (KoreException e)
        {
            Report(value.Location, at, SubstitutedValue.Show(Words(e.Message), value.Substituted));
        }
    }

    // Of what may hold a key, the text around the variable says something.
    private static bool IsUnknown(ConnectionField property, ManifestNode value) => value.IsUnresolved && !property.MayHoldKey;

    private void AddUnset(ManifestNode value, string at) =>
        _unset.Add(ManifestProblem.At(file, value.Location, at, $"{at.Substring(at.LastIndexOf('.') + 1)} {value.Unset}"));

    private void Report(SourceLocation place, string at, string? problem)
    {
        if (problem is not null)
        {
            problems.Add(file, place, at, problem);
        }
    }
}
