namespace KoreConnections.Client;

/// <summary>
/// Holds what a manifest says of a connection against what the platform returns of it. What the manifest does not say is no
/// difference. Nor is what the platform does not return, unless its answer holds the whole of a custom API: what is not there
/// is absent then.
/// </summary>
internal sealed class ConnectionDiff
{
    private readonly ManifestConnection _desired;
    private readonly Connection _actual;
    private readonly bool _ignoresKeys;
    private readonly bool _leavesKeys;
    private readonly bool _isWhole;
    private readonly SecretRedactor _answer;
    private readonly List<(string Parameter, ConnectionDifference Difference)> _differences = [];
    private readonly List<(string Parameter, string Path)> _kept = [];
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<CustomApiField, IReadOnlyList<Variable>> _variables = [];
    private IReadOnlyList<ShownHeader> _unlisted = [];

    /// <param name="answer">What is redacted in the connection, if it is the answer to a change.</param>
    /// <param name="leavesKeys">Whether a header that the manifest does not list is no difference if it may hold a key.</param>
    public ConnectionDiff(
        ManifestConnection desired, Connection actual, bool ignoresKeys = false, SecretRedactor? answer = null, bool leavesKeys = false)
    {
        (_desired, _actual, _ignoresKeys, _leavesKeys, _answer) = (desired, actual, ignoresKeys, leavesKeys, answer ?? SecretRedactor.None);
        _isWhole = desired.Definition is CustomApiDefinition { Settings: var settings }
            && ActualValues.IsWhole(actual, settings.IsMapped);
        JsonElement body = desired.Definition.Body;
        CompareAll(body);
        if (desired.Definition is not CustomApiDefinition custom)
        {
            CompareAll(body.GetProperty("fields"));
        }
        else
        {
            CompareShape(custom.Settings);
            CompareCleared();
            CompareHeaders(custom.Settings);
        }

        Key = ignoresKeys ? null : Key ?? (desired.LacksKey ? KeyLikeness.Unknown : null);
    }

    public IEnumerable<ConnectionDifference> Differences => _differences.Select(d => d.Difference);

    /// <summary>
    /// What does not differ and is sent all the same, because the API replaces what it is a part of as a whole: headers, and
    /// keys of which a mask does not show that they are the same.
    /// </summary>
    public IEnumerable<string> SentAgain => _kept.Where(k => _parameters.Contains(k.Parameter)).Select(k => k.Path);

    public ICollection<string> Parameters => _parameters;

    /// <summary>The headers that a change would remove, because the manifest does not list them.</summary>
    public IReadOnlyList<ShownHeader> RemovedHeaders => _parameters.Contains("Header") ? _unlisted : [];

    /// <summary>The headers that the manifest does not list, and that stay because they may hold keys.</summary>
    public IReadOnlyList<ShownHeader> LeftHeaders => _parameters.Contains("Header") ? [] : _unlisted;

    /// <summary>What a change sends of a custom API's settings.</summary>
    public CustomApiSettings Sent(CustomApiSettings desired)
    {
        CustomApiSettings sent = desired.Only(_parameters);
        foreach (KeyValuePair<CustomApiField, IReadOnlyList<Variable>> variables in _variables)
        {
            sent.Values[variables.Key] = variables.Value;
        }

        return sent;
    }

    public IEnumerable<string> PropertiesOf(ICollection<string> parameters) =>
        _differences.Where(d => parameters.Contains(d.Parameter)).Select(d => d.Difference.Property);

    public KeyLikeness? Key { get; private set; }

    /// <summary>Whether it has the one shape of a custom API there and the other here.</summary>
    public bool IsOtherShape { get; private set; }

    private void CompareAll(JsonElement desired)
    {
        foreach (JsonProperty property in desired.EnumerateObject())
        {
            if (ConnectionFields.OfWire(property.Name) is { } field && field != ConnectionFields.Provider && field != ConnectionFields.Name)
            {
                Compare(field, property.Value, ActualValues.Of(_actual, field));
            }
        }
    }

    private void Compare(ConnectionField field, JsonElement desired, object? actual)
    {
        object? known = actual ?? (_isWhole ? field.Default : null);
        switch (field.Kind)
        {
            case not ValueKind.Payload when Says(field) && !ActualValues.IsOfKind(field.Kind, actual):
                // What is in headers of an unknown form may be a key.
                string old = field.Kind == ValueKind.Headers ? Secret.Mask : SecretMasker.Scrub(ActualValues.Text(actual)!);
                Add(field, old, SecretMasker.Scrub(_desired.Shown(field.Parameter, ActualValues.Text(desired))!));
                break;
            case ValueKind.Key:
                CompareKey(actual as string);
                break;
            case ValueKind.Text when Says(field):
                CompareText(field, ActualValues.Text(desired)!, known);
                break;
            case ValueKind.Address:
                CompareEndpoint(desired, actual);
                break;
            case ValueKind.Flag when ActualValues.IsFlagOn(field, actual) is bool isOn:
                object wanted = desired.ValueKind == JsonValueKind.String ? desired.GetString()! : desired.GetBoolean();
                if (ActualValues.IsFlagOn(field, wanted) is bool isWanted && isWanted != isOn)
                {
                    Add(field, isOn ? "true" : "false", isWanted ? "true" : "false");
                }

                break;
            case ValueKind.Payload when actual is not null && _desired.Entry.IsComparable(field):
                Values(field).Compare(field.Name, field.WireName, desired, actual, _desired.Entry[field.Parameter]);
                break;
            case ValueKind.Switches or ValueKind.Texts when Says(field) && ActualValues.Members(field, desired, known) is (var there, var sent):
                if (!ActualValues.AreAlike(there, sent, _answer))
                {
                    string[] dropped = [.. ActualValues.Unknown(field, actual)];
                    Add(field, string.Join(", ", [.. there, .. dropped]), string.Join(", ", sent));
                    Array.ForEach(dropped, name => Add(field.Parameter, $"{field.Name}.{name}", "true", null));
                }

                break;
            case ValueKind.Variables when (field.IsCompleted || Says(field)) && _desired.Entry.IsComparable(field):
                bool isMadeUp = field.IsCompleted && !IsGiven(field.Parameter);
                if (ActualValues.Tables(actual ?? (isMadeUp ? null : None)) is { } variables)
                {
                    IReadOnlyList<ManifestNode>? sources = _desired.Entry[field.Parameter]?.Items;
                    Values(field).CompareVariables(
                        field, desired, variables, onlyStatus: isMadeUp, name => sources?.FirstOrDefault(v => v.Find("name")?.Text == name));
                    if (_parameters.Contains(field.Parameter))
                    {
                        KeepVariables((CustomApiField)field, variables, isMadeUp);
                    }
                }

                break;
        }
    }

    /// <summary>The API replaces variables as a whole, so what the manifest cannot know of them is sent again.</summary>
    /// <param name="isMadeUp">Whether only the payload decides, and only which of them are on.</param>
    private void KeepVariables(CustomApiField field, IReadOnlyList<IDictionary> there, bool isMadeUp)
    {
        var stated = (IReadOnlyList<Variable>)((CustomApiDefinition)_desired.Definition).Settings.Values[field];
        _variables[field] = isMadeUp ? Variable.Kept(stated, there, Lose)
            : [.. stated.Select(v => there.FirstOrDefault(t => t["name"] as string == v.Name) is IDictionary own ? v.WithOthersOf(own, Lose) : v)];
        foreach ((Variable kept, int i) in _variables[field].Select((v, i) => (v, i)).Where(v => v.v.IsKept))
        {
            string path = $"{field.Name}.{SecretMasker.Step(kept.Name)}";
            IEnumerable<string> paths = isMadeUp ? [path] : kept.Given.Keys.Except(stated[i].Given.Keys).Select(key => $"{path}.{SecretMasker.Step(key)}");
            _kept.AddRange(paths.Select(p => (field.Parameter, p)));
        }

        void Lose(IDictionary variable, string? property, JsonElement? now)
        {
            string path = $"{field.Name}.{SecretMasker.Step((string)variable["name"]!)}";
            Add(
                field.Parameter,
                property is null ? path : $"{path}.{SecretMasker.Step(property)}",
                SecretMasker.Scrub(ActualValues.Text(property is null ? variable : variable[property]) ?? ""),
                now is JsonElement sent ? ActualValues.Text(sent) : null);
        }
    }

    private void CompareKey(string? mask)
    {
        Secret key = ((NamedProviderDefinition)_desired.Definition).ApiKey!;
        Key = key.Problem is not null ? KeyLikeness.Unknown : key.Read(text => MaskMatcher.Judge(text, mask));
        if (Key == KeyLikeness.Different && !_ignoresKeys)
        {
            Add("ApiKey", "apiKey", mask, _desired.Entry["ApiKey"]?.Shown);
        }
    }

    private void CompareText(ConnectionField field, string desired, object? actual)
    {
        string? text = ActualValues.Scalar(actual);
        bool isAbsent = _isWhole && actual is null or "";
        if (isAbsent || (text is not null && !_answer.Shows(desired, text)))
        {
            Add(field, isAbsent ? null : SecretMasker.Addresses(text!), SecretMasker.Addresses(_desired.Shown(field.Parameter, desired)!));
        }
    }

    /// <summary>The platform shows the keys in an address as it likes; where it shows masks, those of the wanted one are held against them.</summary>
    private void CompareEndpoint(JsonElement desired, object? actual)
    {
        string now = desired.GetString()!;
        Secret shown = _actual.Endpoint ?? Secret.FromPlainText(actual as string ?? now);
        bool isSame = _desired.Entry["EndpointUrl"] is { IsUnresolved: true } source
            ? shown.Read(source.MayBe)
            : shown.Read(text => text.SequenceEqual(now.AsSpan()) || (SecretMasker.IsMasked(text) && _answer.Shows(now, text.ToString())));
        if (!isSame)
        {
            Add(CustomApiFields.EndpointUrl, SecretMasker.Addresses((string)actual!), SecretMasker.Addresses(_desired.Shown("EndpointUrl", now)!));
        }
    }

    private void CompareCleared()
    {
        foreach (ConnectionField field in ConnectionFields.Of(ApiValues.CustomApi).Where(f => f.IsNullable && _desired.Entry.Clears(f.Parameter)))
        {
            if (ActualValues.Scalar(ActualValues.Of(_actual, field)) is { Length: > 0 } actual)
            {
                Add(field, SecretMasker.Addresses(actual), null);
            }
        }
    }

    private void CompareShape(CustomApiSettings desired)
    {
        IsOtherShape = desired.IsOtherShape(_actual);
        if (IsOtherShape)
        {
            Add(CustomApiFields.MapProvider, ActualValues.Of(_actual, CustomApiFields.MapProvider) as string, desired.MapProvider);
        }
    }

    private void CompareHeaders(CustomApiSettings desired)
    {
        if (IsGiven("Header"))
        {
            object? actual = ActualValues.Of(_actual, CustomApiFields.Header);
            var headers = new HeaderDiff(
                _desired.Entry,
                _ignoresKeys,
                (path, old, now) => Add("Header", path, old, now),
                (path, shown) => Keep("Header", path, shown),
                _answer,
                _leavesKeys);
            headers.Compare(
                desired.Headers!,
                !ActualValues.IsOfKind(ValueKind.Headers, actual) ? null
                    : ShownHeader.All(_actual, out _) is { Count: > 0 } all ? all
                    : ShownHeader.In(actual is null or "" ? None : actual));
            (Key, _unlisted) = (headers.Key, headers.Unlisted);
        }
    }

    private void Add(ConnectionField field, string? old, string? now) => Add(field.Parameter, field.Name, old, now);

    private void Add(string parameter, string path, string? old, string? now)
    {
        _parameters.Add(parameter);
        _differences.Add((parameter, new ConnectionDifference { Property = path, Old = old, New = now }));
    }

    private void Keep(string parameter, string path, string? shown) => _kept.Add((parameter, shown is null ? path : $"{path} ({shown})"));

    private JsonDiff Values(ConnectionField field) => new(
        (path, old, now) => Add(field.Parameter, path, old, _desired.Definition.Show(now)),
        (path, shown) => Keep(field.Parameter, path, shown),
        _answer);

    private object?[]? None => _isWhole ? [] : null;

    /// <summary>Whether the manifest says what it is to be, be it nothing.</summary>
    private bool Says(ConnectionField field) => IsGiven(field.Parameter) || (!field.IsNullable && _desired.Entry.Clears(field.Parameter));

    private bool IsGiven(string parameter) => _desired.Entry[parameter] is not null;
}
