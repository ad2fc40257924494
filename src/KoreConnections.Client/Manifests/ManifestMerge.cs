using static KoreConnections.Client.ManifestTree;

namespace KoreConnections.Client;

/// <summary>
/// Brings a manifest to what the platform has, and keeps of its text all that does not differ: comments, references, anchors, order.
/// Nothing is removed. The changed text is read again, and is good only where it holds what was meant and nothing else.
/// </summary>
internal sealed class ManifestMerge
{
    private static readonly Regex LoneReturn = new(@"\r(?!\n)", RegexOptions.CultureInvariant);

    private readonly ManifestFile _file;
    private readonly YamlText? _yaml;
    private ManifestNode _expected;
    private string _name = "";
    private bool _hasReferences;

    public ManifestMerge(ManifestFile file)
    {
        _file = file;
        _expected = file.Root!.Written();
        _yaml = ManifestFile.IsJson(file.Path) ? null : new YamlText(file.Content, file.LineEnd);
    }

    public List<string> Changes { get; } = [];

    /// <summary>What differs from the platform and was kept all the same.</summary>
    public List<string> Kept { get; } = [];

    public void Add(ManifestNode exported)
    {
        Changes.Add($"Added '{TextSanitizer.SingleLine(exported.Find("name")!.Text, 100)}'.");
        Append(["connections"], exported);
    }

    public void Update(ManifestConnection there, ManifestNode exported, Connection actual)
    {
        ManifestEntry entry = there.Entry;
        _name = TextSanitizer.SingleLine(actual.ConnectionName, 100);
        if (there.Definition.Provider != actual.Provider)
        {
            Keep(
                "provider",
                $"is {TextSanitizer.SingleLine(actual.Provider, 60)} on the platform, and a connection's provider cannot change. Correct it manually");
            return;
        }

        var comparison = new ConnectionDiff(there, actual, ignoresKeys: true);
        if (comparison.IsOtherShape)
        {
            Keep("shape", "is different on the platform: the connection has either its own payload or a mapping to a provider's format. Correct it manually");
            return;
        }

        List<object> at = ["connections", int.Parse(entry.Path.Split('[', ']')[1], CultureInfo.InvariantCulture)];
        ManifestNode table = at.Aggregate(_expected, Step);
        foreach (ConnectionField property in ConnectionFields.Of(there.Definition.Provider).Where(p => p.Parameter is not ("Provider" or "Name" or "ApiKey")))
        {
            bool differs = comparison.Parameters.Contains(property.Parameter);
            string key = table.KeyOf(property.Name) ?? "";
            ManifestNode? value = exported.Find(property.Name) ?? (property.Kind == ValueKind.Flag && differs ? ManifestNode.Of(false) : null);
            if (value is null && differs)
            {
                object? stored = ActualValues.Of(actual, property);
                Keep(property.Name, !ActualValues.IsOfKind(property.Kind, stored)
                        ? "is another kind of value on the platform than the API documents. Check it in the platform's web UI"
                    : ActualValues.Texts(stored) is { Count: > 0 }
                        ? "has a value on the platform that a manifest cannot contain. Correct it in the platform's web UI"
                    : "is not on the platform. Remove it manually if you no longer need it");
            }
            else if (value is not null && key.Length == 0)
            {
                Insert(at, property.Name, value);
            }
            else if (value is not null && differs)
            {
                Merge(property, [.. at, key], entry, value, comparison);
            }
        }
    }

    /// <exception cref="ManifestParseException">It cannot be changed safely.</exception>
    public string Result()
    {
        if (_yaml is null)
        {
            return ManifestWriter.Write(_expected, isJson: true, [], _file.LineEnd);
        }

        if (LoneReturn.IsMatch(_file.Content))
        {
            throw Unsafe("its lines end with a carriage return alone. Save it with the line ends of Unix or Windows");
        }

        ManifestParseException? problem = null;
        return _yaml.Result(text => (problem = Problem(text)) is null) ?? throw problem!;
    }

    // What a text does not hold as it is meant; null where it does.
    private ManifestParseException? Problem(string text)
    {
        string? wrong = null;
        try
        {
            ManifestNode? read = YamlManifest.Read(
                text, new ManifestParseContext(Environment.GetEnvironmentVariable, (_, path, _) => wrong ??= path, allowsUnset: true));
            wrong ??= read is null ? "" : Difference(read.Written(), _expected, []);
        }
        catch (ManifestParseException)
        {
            wrong = "";
        }

        if (wrong is not null)
        {
            string what = wrong.Length == 0 ? "a value" : wrong;
            return Unsafe($"{what} {(_yaml!.HasAnchors ? "is shared through an anchor, or " : "")}cannot be changed separately from the values around it");
        }

        List<string> comments = [.. YamlTree.Comments(text)];
        return YamlTree.Comments(_file.Content).FirstOrDefault(c => !comments.Remove(c)) is string lost ? Commented(lost) : null;
    }

    private void Merge(ConnectionField property, IReadOnlyList<object> path, ManifestEntry entry, ManifestNode value, ConnectionDiff comparison)
    {
        ManifestNode file = entry[property.Parameter] ?? ManifestNode.Scalar(NodeKind.Null, "", default);
        (int before, int kept) = (Changes.Count, Kept.Count);
        _hasReferences = file.Substituted.Count > 0;
        if (property.Kind == ValueKind.Headers && !file.IsScalar)
        {
            MergeHeaders(path, file, value, comparison);
        }
        else if (property.Kind == ValueKind.Payload ? _hasReferences || IsLike(file, value)
            : property.Kind == ValueKind.Variables && IsLike(file, value) && AreSame(file, value))
        {
            Walk(path, file, value);
        }
        else
        {
            Replace(path, file, value);
        }

        // A payload is one value of the platform's: what only the file has in it goes.
        if (property.Kind == ValueKind.Payload && Changes.Count > before && Kept.Count == kept)
        {
            Changes.AddRange(comparison.Differences
                .Where(d => d.Old is null && d.Property.StartsWith("payload", StringComparison.Ordinal))
                .Select(d => $"'{_name}': {TextSanitizer.SingleLine(d.Property, 100)} removed."));
        }
    }

    private void MergeHeaders(IReadOnlyList<object> path, ManifestNode file, ManifestNode exported, ConnectionDiff comparison)
    {
        foreach (ConnectionDifference difference in comparison.Differences.Where(d => d.Property.StartsWith("header.", StringComparison.Ordinal)))
        {
            string name = difference.Property.Substring("header.".Length);
            ManifestNode? value = exported.Find(name);
            string key = file.KeyOf(name) ?? name;
            int item = file.Items.ToList().FindIndex(i => string.Equals(i.Find("key")?.Text, name, StringComparison.OrdinalIgnoreCase));
            if (value is null)
            {
                Keep($"header.{TextSanitizer.SingleLine(name, 100)}", "is not on the platform. Remove it manually if you no longer need it");
            }
            else if (file.Find(name) is ManifestNode old)
            {
                Replace([.. path, key], old, value);
            }
            else if (item >= 0)
            {
                ManifestNode pair = file.Items[item];
                Replace([.. path, item, pair.KeyOf("value")!], pair.Find("value")!, value);
            }
            else if (file.Kind == NodeKind.Mapping)
            {
                Insert(path, name, value);
            }
            else
            {
                Changed(path, name, "added");
                Append(path, ManifestNode.Mapping([new("key", ManifestNode.Of(name)), new("value", value)]));
            }
        }
    }

    // Whether variables have the same names in the same order, and none has a reference in the place of a masked key.
    private static bool AreSame(ManifestNode file, ManifestNode exported)
    {
        return Names(file).SequenceEqual(Names(exported)) && !Refers(exported);

        static IEnumerable<string?> Names(ManifestNode variables) => variables.AsList.Select(v => (v.IsScalar ? v : v.Find("name"))?.Text);

        static bool Refers(ManifestNode node) =>
            node.IsScalar ? VariableExpansion.IsIn(node.Text) : node.Entries.Select(e => e.Value).Concat(node.Items).Any(Refers);
    }

    private void Walk(IReadOnlyList<object> path, ManifestNode file, ManifestNode exported)
    {
        if (file.Kind == NodeKind.Mapping && exported.Kind == file.Kind && file.Entries.All(e => exported[e.Key.Text] is not null))
        {
            foreach (ManifestProperty entry in exported.Entries)
            {
                if (file[entry.Key.Text] is ManifestNode old)
                {
                    Walk([.. path, entry.Key.Text], old, entry.Value);
                }
                else
                {
                    Insert(path, entry.Key.Text, entry.Value);
                }
            }
        }
        else if (file.Kind == NodeKind.Sequence && exported.Kind == file.Kind && file.Items.Count == exported.Items.Count)
        {
            for (int i = 0; i < file.Items.Count; i++)
            {
                Walk([.. path, i], file.Items[i], exported.Items[i]);
            }
        }
        else
        {
            Replace(path, file, exported);
        }
    }

    private void Replace(IReadOnlyList<object> path, ManifestNode file, ManifestNode exported)
    {
        bool isMasked = exported.IsScalar && VariableExpansion.IsIn(exported.Text);
        if (Difference(file.Written(), exported, []) is null || KeptReferences.MayBe(file, exported, _yaml is null))
        {
            return;
        }

        var references = new KeptReferences(_yaml is null, isMerge: true);
        exported = references.In(ConnectionFields.Find((string)path[2])!, file, exported, [.. Steps(path)]);
        string? why = isMasked ? "has a masked key on the platform, and what is beside the key differs. Correct it manually"
            : references.Lost.Count > 0 && exported.IsScalar
                ? "is a reference, and its value differs from the platform. Change that value, or write the new one in the manifest"
            : references.Lost.Count > 0
                ? $"is a reference in a part that the platform does not have so ({Phrases.FirstOf(references.Lost)}). Correct it manually"
            : _hasReferences && !file.IsScalar && _yaml?.HoldsMore(path) == true
                ? "differs in a part with comments, or is beside a reference in a file with anchors. Correct it manually"
            : null;
        if (why is not null)
        {
            Keep(Shown(path), why);
            return;
        }

        if (_yaml?.CommentBehind(path) is string comment)
        {
            throw Commented(comment.TrimStart('#'));
        }

        Changed(path, null, "changed");
        _expected = With(_expected, path, _ => exported);
        // What a merge brings is overruled by a value of the connection's own.
        if (_yaml is not null && !_yaml.Set(path, exported) && !(path.Count == 3 && _yaml.Add([path[0], path[1]], (string)path[2], exported)))
        {
            throw Unsafe($"{Shown(path)} of '{_name}' comes from an anchor");
        }
    }

    private void Insert(IReadOnlyList<object> path, string key, ManifestNode value)
    {
        Changed(path, key, "added");
        _expected = With(_expected, path, table => ManifestNode.Mapping([.. table.Entries, new(key, value)]));
        if (_yaml?.Add(path, key, value) == false)
        {
            throw Unsafe($"{Shown([.. path, key])} of '{_name}' comes from an anchor");
        }
    }

    private void Append(IReadOnlyList<object> path, ManifestNode item)
    {
        _expected = With(_expected, path, list => ManifestNode.Sequence([.. list.Items, item]));
        if (_yaml?.Append(path, item) == false)
        {
            throw Unsafe($"{Shown(path)} comes from an anchor, or is not written as a list");
        }
    }

    private void Changed(IReadOnlyList<object> path, string? key, string how) =>
        Changes.Add($"'{_name}': {Shown(key is null ? path : [.. path, key])} {how}.");

    private void Keep(string what, string why) => Kept.Add($"'{_name}': {what} {why}. It was not changed.");

    private static string Shown(IEnumerable<object> path) => ManifestParseContext.PathText(Steps(path));

    private static IEnumerable<string> Steps(IEnumerable<object> path) =>
        path.Skip(2).DefaultIfEmpty("connections").Select(s => s is int index ? $"[{index}]" : (string)s);

    private static ManifestParseException Commented(string comment) =>
        Unsafe($"a value that must be replaced contains comments, such as '{SecretMasker.Quote(comment.Trim(), 100)}'");

    private static ManifestParseException Unsafe(string why) => new(default, why);
}
