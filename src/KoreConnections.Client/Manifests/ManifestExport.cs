namespace KoreConnections.Client;

/// <summary>Makes a manifest of what a platform returns. Keys, which it does not return, become references to variables named after the connection.</summary>
internal sealed class ManifestExport
{
    private readonly List<ManifestEntry> _replaced = [];
    private readonly KeyVariableNames _keys = new();
    private readonly ExportWarnings _warnings = new();
    private readonly Dictionary<(string Name, string Header), string> _kept = [];
    private string[] _all = [];
    private string[] _taken = [];

    // Written all the same, because a warning says what to add.
    private readonly HashSet<string> _incomplete = new(StringComparer.Ordinal);

    /// <summary>Whether the file is JSON, in which each reference is a string.</summary>
    public bool IsJson { get; set; }

    /// <summary>Leaves variables alone that a text refers to already.</summary>
    public void Spare(string text) => _keys.Take(text);

    /// <summary>Makes the names known that a file has already, beside which no other may look the same.</summary>
    public void Reserve(IEnumerable<string> names) => _taken = [.. names];

    /// <summary>Makes the names of all connections known, those that are not exported among them: no two share a variable.</summary>
    public void Announce(IEnumerable<Connection> all) =>
        _all =
        [
            .. all.Where(c => c.ConnectionName is not null && ApiValues.Providers.Find(c.Provider) is not (null or ApiValues.CustomApi))
                .Select(c => c.ConnectionName!)
                .Distinct(),
        ];

    /// <summary>Keeps the references that a manifest has for the keys of these connections.</summary>
    public void Keep(IEnumerable<ManifestEntry> there)
    {
        foreach (ManifestEntry entry in there)
        {
            _replaced.Add(entry);
            Keep(entry, entry["ApiKey"], "");
            foreach ((ManifestNode header, ManifestNode value) in entry.Headers)
            {
                Keep(entry, value, header.Text);
            }
        }
    }

    public IReadOnlyList<string> Warnings => _warnings.Texts;

    public string? Loss(IEnumerable<string?> names) => _warnings.Loss(
        names, (name, property) => _replaced.Any(e => e.Name == name && e[ConnectionFields.Find(property)!.Parameter] is { Kind: not NodeKind.Null }));

    /// <summary>The manifest, by name, so that two exports of one platform are one text.</summary>
    public ManifestNode Make(IReadOnlyCollection<Connection> connections)
    {
        // Once for who wants a name, and once with the names.
        int warned = _warnings.Count;
        List<ManifestNode> unnamed = List(connections);
        _warnings.Keep(warned);
        var references = new KeptReferences(IsJson) { Files = _replaced.ToLookup(e => e.Name) };
        unnamed.ForEach(entry => references.In(entry, warnings: null));
        references.Kept.ForEach(_keys.Take);
        foreach (string name in _all.Except(connections.Select(c => c.ConnectionName ?? "")))
        {
            _keys.Announce(name);
        }

        _keys.Begin();
        return Manifest([.. ExportValidator.Accepted(List(connections), Manifest, _incomplete, _warnings).Select(e => references.In(e, _warnings))]);
    }

    private static ManifestNode Manifest(List<ManifestNode> entries) =>
        ManifestNode.Mapping([new("version", ManifestNode.Number("1")), new("connections", ManifestNode.Sequence(entries))]);

    private void Keep(ManifestEntry entry, ManifestNode? value, string header)
    {
        // As it is written: what the environment has today is no part of it.
        if (entry.Name is string name && value is { Kind: NodeKind.Text } && value.Written().Text is string written
            && SecretReference.Parse(written.AsSpan()).IsReference)
        {
            _kept[(name, header.ToUpperInvariant())] = written;
            _keys.Take(written);
        }
    }

    private ManifestNode Reference(string name, string header = "", string scheme = "") =>
        ManifestNode.Of(_kept.TryGetValue((name, header.ToUpperInvariant()), out string? kept) ? kept
            : $"{scheme}env:{(header.Length == 0 ? _keys.For(name) : _keys.For(name, header))}");

    private List<ManifestNode> List(IReadOnlyCollection<Connection> connections)
    {
        var entries = new List<ManifestNode>();
        Dictionary<string, string> looks = _taken.ToDictionary(SingleLine.Comparable, StringComparer.Ordinal);
        foreach (var same in connections.GroupBy(c => c.ConnectionName ?? "", StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            (string name, string look, Connection connection) = (same.Key, SingleLine.Comparable(same.Key), same.First());
            string? provider = ApiValues.Providers.Find(connection.Provider);
            (string Why, bool NeedsIds)? refusal =
                string.IsNullOrWhiteSpace(name) ? ("the platform returned no name for it. Name it in the platform's web UI.", true)
                : same.Count() > 1 ? ($"the platform has {same.Count()} connections with this name. Rename all but one in the platform's web UI.", false)
                : provider is null ? (OfOtherProvider(TextSanitizer.SingleLine(connection.Provider, 60)), true)
                : FieldText.IsPadded(name) ? ("its name begins or ends with white space. Rename it in the platform's web UI.", false)
                : looks.TryGetValue(look, out string? other) && other != name ? (AlikeTo(other), false)
                : null;
            if (refusal is (string why, bool needsIds))
            {
                _warnings.Omit(name, why, needsIds ? same.Select(c => c.ConnectionId) : null);
                continue;
            }

            looks[look] = name;
            entries.Add(Entry(connection, name, provider!));
        }

        return entries;

        static string OfOtherProvider(string provider) => string.IsNullOrWhiteSpace(provider)
            ? "the platform returned no provider for it. Check it in the platform's web UI."
            : $"a manifest does not support its provider '{provider}' or its name.";

        static string AlikeTo(string other) => $"its name differs from '{TextSanitizer.SingleLine(other, 100)}' only in case, white space or "
            + "composed letters. Rename one of them in the platform's web UI.";
    }

    public static IReadOnlyList<ManifestNode> Connections(ManifestNode manifest) => manifest.Find("connections")!.Items;

    public static string NameOf(ManifestNode connection) => VariableExpansion.Unescape(connection.Find("name")!.Text);

    private ManifestNode Entry(Connection connection, string name, string provider)
    {
        FieldShape shape = ActualValues.Of(connection, CustomApiFields.MapProvider) is string { Length: > 0 } ? FieldShape.Mapped : FieldShape.Own;
        (ConnectionField Field, ManifestNode? Value)[] values =
        [
            .. ConnectionFields.Of(provider)
                .Where(f => f.Shape == FieldShape.Any || f.Shape == shape)
                .Select(f => (f, Value(f, connection, name, provider))),
        ];
        ConnectionField[] unreadable = [.. ConnectionFields.Of(provider).Where(f => !ActualValues.IsOfKind(f.Kind, ActualValues.Of(connection, f)))];
        if (unreadable.Length > 0)
        {
            const string Why = "the platform returned another kind of value than it documents. Check it in the platform's web UI, and add it.";
            _warnings.Without(name, string.Join(", ", unreadable.Select(f => f.Name)), Why);
            if (unreadable.Any(f => f.IsRequired))
            {
                _incomplete.Add(name);
            }
        }

        if (shape == FieldShape.Mapped && ActualValues.Of(connection, CustomApiFields.Payload) is not (null or "" or IDictionary { Count: 0 }))
        {
            const string Why = "the platform returned a mapping too, and a manifest supports only one of them. Check it in the platform's web UI.";
            _warnings.Without(name, "payload", Why);
        }

        if (provider == ApiValues.CustomApi && values.All(v => v.Value is null || v.Field.Parameter is not ("Payload" or "MapProvider")))
        {
            bool hasPayload = ActualValues.Of(connection, CustomApiFields.Payload) is not (null or "");
            Incomplete(name, $"the platform returned {(hasPayload ? "a payload that is not a JSON object" : "neither a payload nor a mapping")}. Add one");
        }

        string[] missing = [.. ConnectionFields.RequiredOf(provider).Where(f => values.All(v => v.Field != f || v.Value is null)).Select(f => f.Name)];
        if (missing.Length > 0)
        {
            Incomplete(name, $"the platform did not return {string.Join(", ", missing)}. Add it");
        }

        return ManifestNode.Mapping([.. values.Where(v => v.Value is not null).Select(v => new ManifestProperty(v.Field.Name, v.Value!))]);
    }

    private ManifestNode? Value(ConnectionField field, Connection connection, string name, string provider)
    {
        object? actual = ActualValues.Of(connection, field);
        return field.Kind switch
        {
            _ when field == ConnectionFields.Provider => ManifestNode.Of(provider),
            _ when field == ConnectionFields.Name => Text(name),
            ValueKind.Text => Text(actual),
            ValueKind.Key => Reference(name),
            ValueKind.Address => Endpoint(actual, name),
            ValueKind.Headers => Headers(actual, name),
            ValueKind.Payload => ActualValues.Payload(actual) is IDictionary payload ? Unmasked(ActualValues.Node(payload), "", [name, "payload"]) : null,
            ValueKind.Switches => Texts(Known(ActualValues.On(actual), name)),
            // Left out, it would get its default.
            ValueKind.Texts when actual is object?[] { Length: 0 } => ManifestNode.Sequence([]),
            ValueKind.Texts => Texts(ActualValues.Texts(actual)),
            ValueKind.Variables when field.IsCompleted =>
                Variables(VariableExport.Prompt(actual, ActualValues.Of(connection, CustomApiFields.Payload)), name),
            ValueKind.Variables => Variables(VariableExport.Custom(actual), name),
            ValueKind.Flag => ActualValues.IsFlagOn(field, actual) == true ? ManifestNode.Of(true) : null,
            _ => null,
        };
    }

    private ManifestNode? Headers(object? actual, string name)
    {
        var headers = new List<ManifestProperty>();
        foreach (ShownHeader header in ShownHeader.In(actual) ?? [])
        {
            if (header is { Name.Length: > 0, Value: string value })
            {
                headers.Add(new(header.Name, HeaderValue(name, header.Name, value)));
            }
            else
            {
                (string shown, string lacks) = header.Name.Length == 0 ? ("a header", "name")
                    : ($"header.{SecretMasker.Step(TextSanitizer.SingleLine(header.Name, 100))}", "value");
                _warnings.Without(name, shown, $"the platform returned no {lacks} for it.");
            }
        }

        return headers.Count == 0 ? null : ManifestNode.Mapping(headers);
    }

    private ManifestNode HeaderValue(string name, string header, string value) => !ManifestKeyValidator.IsSecret(header, value) ? Escaped(value)
        : Reference(name, header, SecretMasker.SchemeOf(value) is { Length: > 0 } scheme ? scheme + " " : "");

    private void Incomplete(string name, string why)
    {
        _incomplete.Add(name);
        _warnings.Add(name, $"'{TextSanitizer.SingleLine(name, 100)}' is incomplete: {why} before you use the manifest.");
    }

    private string[]? Known(IReadOnlyCollection<string>? features, string name)
    {
        string[] other = [.. (features ?? []).Where(f => ApiValues.Features.Find(f) is null)];
        if (other.Length > 0)
        {
            _warnings.Without(name, string.Join(", ", other.Select(f => $"'{TextSanitizer.SingleLine(f, 60)}'")), "a manifest does not support this feature.");
        }

        return features?.Except(other).ToArray();
    }

    private ManifestNode? Endpoint(object? actual, string name)
    {
        if (actual is not string { Length: > 0 } url)
        {
            return null;
        }

        string address = SecretAddress.WithoutLogin(url);
        if (address != url)
        {
            _warnings.WithoutLogin(name);
        }

        return ManifestNode.Of(KeysInText.InAddresses(VariableExpansion.Escape(address), part => Variable([name, part])));
    }

    private string Variable(params string[] place) => $"${{env:{_keys.For(place)}}}";

    private string Unmasked(string name, string text, string escaped, string[] place, string[] whole) =>
        KeysInText.Replace(name, text, escaped, part => Variable([.. place, part])) ?? Variable(whole);

    private ManifestNode? Variables(ManifestNode? variables, string name) => variables is null ? null
        : ManifestNode.Sequence([.. variables.Items.Select(v => v.Find("name")?.Text is not string called ? v
            : ManifestNode.Mapping([.. v.Entries.Select(e => e.Key.Text == "name" ? e : e with { Value = OfVariable(e, name, called) })]))]);

    // What a variable is called says what its value is.
    private ManifestNode OfVariable(ManifestProperty property, string name, string called) => (property.Key.Text, property.Value) switch
    {
        (_, { Kind: not NodeKind.Text }) => property.Value,
        ("defaultValue", { Text: var text }) => ManifestNode.Of(Unmasked(called, text, text, [name, called, "defaultValue"], [name, called])),
        (var key, { Text: var text }) => ManifestNode.Of(Unmasked(key, text, text, [name, called, key], [name, called, key])),
    };

    private ManifestNode Unmasked(ManifestNode node, string name, string[] place) => node.Kind switch
    {
        NodeKind.Mapping => ManifestNode.Mapping([.. node.Entries.Select(e =>
            e with { Value = Unmasked(e.Value, SecretRule.NameIn(name, e.Key.Text), [.. place, e.Key.Text]) })]),
        NodeKind.Sequence => ManifestNode.Sequence([.. node.Items.Select((item, i) =>
            Unmasked(item, name, [.. place, i.ToString(CultureInfo.InvariantCulture)]))]),
        _ when node.IsNumber => NumberOf(place),
        NodeKind.Text => ManifestNode.Of(Unmasked(name, node.Text, VariableExpansion.Escape(node.Text), place, place)),
        _ => node,
    };

    private ManifestNode NumberOf(string[] place)
    {
        if (IsJson)
        {
            _warnings.NumberInJson(place[0], string.Join(".", place.Skip(1).Select(SecretMasker.Step)));
        }

        return ManifestNode.ToNumber(Variable(place));
    }

    private static ManifestNode? Texts(IEnumerable<string>? texts) =>
        texts?.ToArray() is { Length: > 0 } all ? ManifestNode.Sequence(all.Select(Escaped).ToArray()) : null;

    private static ManifestNode? Text(object? actual) => ActualValues.Scalar(actual) is not { Length: > 0 } text ? null
        : actual is string ? Escaped(text)
        : ActualValues.Node(actual);

    private static ManifestNode Escaped(string text) => ManifestNode.Of(VariableExpansion.Escape(text));
}
