namespace KoreConnections.Client;

/// <summary>
/// What a change of a custom API does to what is there. The API replaces headers, payload, variables and features as a whole,
/// so what was not given again goes: with a header, mostly the key.
/// </summary>
internal sealed class ChangePreview
{
    public const string CannotBeRead = "header: the existing ones cannot be read";

    private const int MostLines = 25;
    private const int LongestLine = 300;

    // What a request or an answer may have besides the fields.
    private static readonly HashSet<string> Documented = new(
        ConnectionFields.All.Select(f => f.WireName).Concat(["connectionId", "createdOn", "modifiedOn", "fields", "modelType", "bodyTab"]),
        StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _lines = [];
    private readonly List<string> _dropped = [];
    private readonly List<string> _stillDifferent = [];
    private readonly string[] _undocumented;
    private readonly bool _isWhole;
    private readonly SecretRedactor _answer;
    private bool _isOther;
    private bool _countsValues;
    private bool _isReadable = true;
    private bool _isHeaderUnknown;

    /// <param name="answer">What is redacted in the connection, if it is the answer to the change.</param>
    public ChangePreview(ConnectionChange change, Connection there, SecretRedactor? answer = null)
    {
        There = there;
        _answer = answer ?? SecretRedactor.None;
        _isWhole = ActualValues.IsWhole(there, isMapped: null);
        _undocumented = change.Method == "PUT" ? [.. Undocumented(there).Select(Quoted)] : [];
        JsonElement body = SecretJsonContent.ToJson(change.Write);
        foreach (ConnectionField property in ConnectionFields.Of(ApiValues.CustomApi))
        {
            object? actual = ActualValues.Of(there, property);
            bool isReset = change.Method == "PUT" && actual is not null && property.ChangeParameter is not null;
            if (body.TryGetProperty(property.WireName, out JsonElement desired) || isReset)
            {
                Compare(property, desired, actual);
            }
        }
    }

    /// <summary>What is replaced, a line each: of headers the names, else old and new as far as they may be shown.</summary>
    private IReadOnlyList<string> Lines => _lines.Count <= MostLines ? _lines : [.. _lines.Take(MostLines), $"and {_lines.Count - MostLines} more"];

    /// <summary>Whether the connection was not read for this, so that what it does not show is not known.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The lines in parentheses, with what they require.</summary>
    public string Details(string required)
    {
        string[] known = [.. Lines.Where(l => !IsPartial || _isWhole || l.IndexOf(": (none) -> ", StringComparison.Ordinal) < 0)];
        return known.Length == 0 && IsPartial && !_isWhole ? "" : $" ({string.Join("; ", known.DefaultIfEmpty("no difference"))}{required})";
    }

    /// <summary>What the platform keeps with the connection and the API does not document, so that no request can set it again; null for nothing.</summary>
    public string? Warning => _undocumented.Length == 0 ? null
        : $"'{SecretMasker.Quote(There.ConnectionName ?? There.ConnectionId)}' has {Phrases.FirstOf(_undocumented)}, which the API does not document. "
            + "A replacement may remove this. Check it in the platform's web UI afterwards, or change single properties without -Replace.";

    /// <summary>The properties that both sides have, with another value. Headers are not among them.</summary>
    public List<string> Different { get; } = [];

    /// <summary>The same with what is absent or too much, as a plan counts it: what is not returned at all is absent only where the whole is.</summary>
    public IEnumerable<string> StillDifferent => _stillDifferent.OrderBy(p => Different.Contains(p) ? 0 : 1);

    /// <summary>Whether what was read shows all of it, headers apart, with the very values.</summary>
    public bool IsSame => !_isOther;

    /// <summary>What is said of headers that the platform does not return; null for nothing.</summary>
    public string? HeaderWarning => _isHeaderUnknown ? HiddenHeaders(There) : null;

    /// <summary>Whether headers would be dropped, or may be, because those that are there cannot be read.</summary>
    public bool DropsHeaders => _dropped.Count > 0 || !_isReadable;

    public Connection There { get; }

    public void RefuseDrops()
    {
        if (DropsHeaders)
        {
            throw !_isReadable
                ? KoreException.InvalidInput("Header", UnreadableHeaders(There) + " Use -Header with every header to keep, and -Force.").About(There.Called)
                : KoreException.InvalidInput(
                    "Header",
                    $"This would remove {string.Join(", ", _dropped.Select(Quoted))}, because headers are replaced as a whole. "
                        + "Use -Header with every header to keep, or -Force to remove the others.");
        }
    }

    private static string Quoted(string name) => $"'{SecretMasker.Quote(name)}'";

    /// <param name="given">Where the headers are that replace those.</param>
    public static string HiddenHeaders(Connection there, string given = "of -Header", string action = "use -Header with all of them") =>
        $"The platform does not show the headers of {there.Shown}. "
            + $"Headers are replaced as a whole, so the connection keeps only those {given}. If it needs others, {action}.";

    public static string UnreadableHeaders(Connection there) =>
        $"The platform shows the headers of {there.Shown} in another form than the API documents, so their names cannot be read. "
            + "Headers are replaced as a whole, so this could remove some.";

    private static IEnumerable<string> Undocumented(Connection there) =>
        Named(there.AdditionalProperties, "", Documented.Contains)
            .Concat(Named(there.Fields, "fields.", Documented.Contains))
            .Concat(Named(ActualValues.Of(there, CustomApiFields.Feature) as IDictionary, "llmFeatures.", name => ApiValues.Features.Find(name) is not null));

    // Nothing is lost of what has no value.
    private static IEnumerable<string> Named(IDictionary? table, string prefix, Func<string, bool> isDocumented) =>
        table is null ? [] : table.Cast<DictionaryEntry>()
            .Where(e => e.Value is not null and not "" && !isDocumented((string)e.Key))
            .Select(e => prefix + e.Key);

    private void Compare(ConnectionField property, JsonElement desired, object? actual)
    {
        bool isGiven = desired.ValueKind != JsonValueKind.Undefined;
        string wireName = property.WireName;
        string path = property.Kind == ValueKind.Flag ? wireName : property.Name;
        // Of what only gets its default, a platform may have its own: an empty text, or the model, which it cannot take away.
        bool? isDifferent = isGiven ? IsDifferent(property, desired, actual) : false;
        _countsValues = isDifferent is null;
        _stillDifferent.AddRange(isDifferent == true ? [path] : []);
        switch (property.Kind)
        {
            case ValueKind.Headers:
                CompareHeaders(isGiven ? [.. desired.EnumerateArray().Select(h => h.GetProperty("key").GetString()!)] : []);
                break;
            case ValueKind.Variables when isGiven && ActualValues.Tables(actual) is { } variables:
                Values.CompareVariables(property, desired, variables, onlyStatus: false, _ => null);
                break;
            case ValueKind.Flag when isGiven && actual is not null && isDifferent == false:
                if (ActualValues.IsFlagOn(property, actual) is null)
                {
                    AddLine($"{path}: {Shown(ActualValues.Text(actual))} -> {ActualValues.Text(desired)}");
                }

                break;
            // What is to have no value and has none is the same, however the platform says so.
            case var _ when desired.ValueKind == JsonValueKind.Null && actual is null or "":
                break;
            case var _ when isGiven && actual is not null:
                Values.Compare(path, wireName, desired, actual);
                break;
            default:
                Add(
                    path,
                    Shown(ActualValues.Text(actual)),
                    desired.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? ShownJson.Text(desired) : Shown(ActualValues.Text(desired)));
                break;
        }

        string? Shown(string? text) => text is null ? null : SecretMasker.Shown(wireName, text);
    }

    /// <summary>Whether a whole property differs; null where the values in it say so.</summary>
    private bool? IsDifferent(ConnectionField property, JsonElement desired, object? actual) => property.Kind switch
    {
        ValueKind.Headers => false,
        _ when ActualValues.Members(property, desired, actual ?? (_isWhole ? property.Default : null)) is (var there, var sent) =>
            !ActualValues.AreAlike(there, sent, _answer),
        ValueKind.Variables when actual is null => _isWhole && !property.IsCompleted && desired.GetArrayLength() > 0,
        ValueKind.Text when actual is null or "" => (_isWhole || actual is not null)
            && desired.ValueKind == JsonValueKind.String && desired.GetString() is { Length: > 0 } text && text != property.Default,
        _ when actual is null => false,
        // A platform may have words of its own for what is not on, such as ACTIVE for what is no draft.
        ValueKind.Flag => ActualValues.IsFlagOn(property, ActualValues.Text(desired)) != (ActualValues.IsFlagOn(property, actual) == true),
        _ => null,
    };

    private void CompareHeaders(string[] desired)
    {
        IReadOnlyList<ShownHeader>? actual = ShownHeader.All(There, out _isReadable);
        _isHeaderUnknown = actual is null;
        _lines.AddRange(_isReadable ? [] : [CannotBeRead]);
        string[] there = [.. (actual ?? []).Select(h => h.Name).Where(name => name.Length > 0)];
        _dropped.AddRange(there.Except(desired, StringComparer.OrdinalIgnoreCase));
        Say(_dropped, "is removed");
        Say(desired.Except(there, StringComparer.OrdinalIgnoreCase), "is added");
        Say(desired.Intersect(there, StringComparer.OrdinalIgnoreCase), "is sent again");

        void Say(IEnumerable<string> names, string what) => _lines.AddRange(names.Select(n => $"header.{SecretMasker.Quote(n)} {what}"));
    }

    private JsonDiff Values => new(Add, (path, _) => AddLine($"{path} is sent again"), _answer);

    private void AddLine(string line)
    {
        _lines.Add(TextSanitizer.SingleLine(line, LongestLine));
        _isOther = true;
    }

    private void Add(string path, string? old, string? now)
    {
        AddLine(SecretMasker.Addresses($"{path}: {old ?? "(none)"} -> {now ?? "(none)"}"));
        bool isAbsent = old is null || now is null;
        // An address with a key comes back with a mask.
        bool isDifferent = !isAbsent && SecretMasker.Addresses(now!) == now && SecretMasker.Addresses(old!) == old;
        Different.AddRange(isDifferent ? [path] : []);
        _stillDifferent.AddRange(_countsValues && (isAbsent || isDifferent) ? [path] : []);
    }
}
