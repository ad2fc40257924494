namespace KoreConnections.Client;

/// <summary>Reads what the platform returns of a connection, and holds it against JSON.</summary>
internal static class ActualValues
{
    private static readonly string[] Yes = ["1", "1.0", "yes", "on", "enabled"];
    private static readonly string[] No = ["0", "0.0", "no", "off", "disabled"];

    /// <summary>The value of a field, wherever an answer has it, or null for what the platform does not return.</summary>
    public static object? Of(Connection connection, ConnectionField field) =>
        field == ConnectionFields.Provider ? connection.Provider
        : field == ConnectionFields.Name ? connection.ConnectionName
        : field == ConnectionFields.Model ? connection.Model
        : field == CustomApiFields.Draft ? connection.Status
        : (field.IsInFields ? connection.Fields : connection.AdditionalProperties)?[field.WireName];

    /// <summary>Whether it holds the whole of a custom API, so that what it lacks is absent.</summary>
    /// <param name="isMapped">The shape; null where either will do.</param>
    public static bool IsWhole(Connection connection, bool? isMapped) => Has(connection, CustomApiFields.EndpointUrl)
        && ((isMapped != true && Has(connection, CustomApiFields.Payload) && Has(connection, CustomApiFields.OutputPath))
            || (isMapped != false && Has(connection, CustomApiFields.MapProvider) && Has(connection, CustomApiFields.Feature)));

    /// <summary>Whether it is mapped to a provider's format; null where it shows neither a mapping nor a payload, and where it shows both.</summary>
    public static bool? IsMapped(Connection connection) => (HasMapping(connection), IsOwn(connection)) switch
    {
        (true, false) => true,
        (false, true) => false,
        _ => null,
    };

    public static bool HasBothShapes(Connection connection) => HasMapping(connection) && IsOwn(connection);

    private static bool HasPayload(Connection connection) => Of(connection, CustomApiFields.Payload) is IDictionary { Count: > 0 };

    // An empty payload may stand beside a mapping that is shown elsewhere. A path into the response never does.
    private static bool IsOwn(Connection connection) => HasPayload(connection)
        || (Of(connection, CustomApiFields.Payload) is IDictionary && Of(connection, CustomApiFields.OutputPath) is string { Length: > 0 });

    private static bool HasMapping(Connection connection) => Of(connection, CustomApiFields.MapProvider) is string { Length: > 0 };

    /// <summary>Whether it was read with its values, which a listing does not have.</summary>
    public static bool HasDetails(Connection connection) => connection.Mask is not null || IsWhole(connection, isMapped: null);

    /// <summary>
    /// The members of a field whose order says nothing, sorted: those of the platform, and those that are wanted. Null where it returns none. A
    /// feature whose name an answer masks may be any one that the mask fits.
    /// </summary>
    public static (string[] Actual, string[] Desired)? Members(ConnectionField field, JsonElement desired, object? actual) => field.Kind switch
    {
        ValueKind.Switches when On(actual) is { } on
            && desired.EnumerateObject().Where(f => f.Value.GetBoolean()).Select(f => f.Name).ToArray() is var wanted => (
                Sorted(on.Where(f => ApiValues.Features.Find(f) is not null).Concat(Unmasked(on, wanted))),
                Sorted(wanted)),
        ValueKind.Texts when Texts(actual) is { } texts => (Sorted(texts), Sorted(desired.EnumerateArray().Select(t => t.GetString()!))),
        _ => null,
    };

    /// <summary>Of the switches that are on, those that no manifest can name and a change cannot send, as they may be shown.</summary>
    public static IEnumerable<string> Unknown(ConnectionField field, object? actual) =>
        (On(actual) ?? []).Where(f => field.Values!.Find(f) is null && !SecretMasker.IsMasked(f.AsSpan())).Select(f => SecretMasker.Step(f))
            .OrderBy(f => f, StringComparer.Ordinal);

    private static IEnumerable<string> Unmasked(IReadOnlyCollection<string> on, IEnumerable<string> wanted)
    {
        var masks = new List<string>(on.Where(f => SecretMasker.IsMasked(f.AsSpan())));
        return [.. wanted.Where(w => !on.Contains(w) && masks.Find(m => IsMaskOf(m, w)) is string mask && masks.Remove(mask))];
    }

    private static string[] Sorted(IEnumerable<string> members) => [.. members.Distinct().OrderBy(m => m, StringComparer.Ordinal)];

    /// <summary>Whether two lists hold the same texts, in any order.</summary>
    /// <param name="answer">What is redacted in the one that was read.</param>
    public static bool AreAlike(IReadOnlyCollection<string> actual, IReadOnlyCollection<string> desired, SecretRedactor answer) =>
        desired.All(d => actual.Any(a => answer.Shows(d, a))) && actual.All(a => desired.Any(d => answer.Shows(d, a)));

    private static bool Has(Connection connection, ConnectionField field) => Of(connection, field) is not (null or "");

    /// <summary>Whether a value is of the kind that the API documents for a field. What is absent is.</summary>
    public static bool IsOfKind(ValueKind kind, object? value) => value is null or "" || kind switch
    {
        ValueKind.Text or ValueKind.Address or ValueKind.Flag => value is not (IDictionary or object?[]),
        ValueKind.Switches => value is IDictionary,
        ValueKind.Texts => value is string or object?[],
        ValueKind.Variables or ValueKind.Headers => value is object?[] items && items.All(i => i is IDictionary),
        ValueKind.Payload => value is IDictionary or string,
        _ => true,
    };

    /// <summary>A payload as a table, also one that came as the text of JSON; null for anything else.</summary>
    public static IDictionary? Payload(object? actual)
    {
        if (actual is not string text)
        {
            return actual as IDictionary;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = SecretJsonContent.MaxDepth });
            return reader.Read() && new JsonValues(SecretRedactor.None).Read(ref reader) is IDictionary table && !reader.Read() ? table : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A table by its names, of which those that differ in case are different.</summary>
    public static Dictionary<string, object?> ByName(IDictionary table) =>
        table.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (object?)e.Value, StringComparer.Ordinal);

    public static IReadOnlyList<IDictionary>? Tables(object? list) => list is object?[] items ? items.OfType<IDictionary>().ToArray() : null;

    /// <summary>The texts of a list, of which one may stand alone; null where it is neither.</summary>
    public static IReadOnlyList<string>? Texts(object? list) => list switch
    {
        object?[] items => items.OfType<string>().ToArray(),
        string { Length: > 0 } single => [single],
        _ => null,
    };

    /// <summary>The features that are on; null for no table. A mask that only one feature fits is that one.</summary>
    public static IReadOnlyList<string>? On(object? table) =>
        table is IDictionary switches ? switches.Cast<DictionaryEntry>().Where(e => IsTrue(e.Value) == true).Select(e => (string)e.Key)
            .Select(name => ApiValues.Features.Values.Where(f => IsMaskOf(name, f)).ToArray() is [string only] ? only : name).Distinct().ToArray()
        : null;

    private static bool IsMaskOf(string mask, string feature) =>
        SecretMasker.IsMasked(mask.AsSpan()) && MaskMatcher.Judge(feature.AsSpan(), mask) != KeyLikeness.Different;

    /// <summary>Whether a flag of a manifest is on, by what the platform has for it: a yes or no, or of a draft the name of a status.</summary>
    public static bool? IsFlagOn(ConnectionField field, object? value) => field != CustomApiFields.Draft
        ? IsTrue(value) ^ field.IsInverted
        : Plain(value) switch
        {
            "draft" => true,
            "finalized" => false,
            _ => null,
        };

    /// <summary>What some platforms write for yes or no besides true and false.</summary>
    public static IEnumerable<string> OtherFlags => Yes.Concat(No);

    /// <summary>A yes or no, which some platforms write as a text or a number; null for anything else.</summary>
    public static bool? IsTrue(object? value) => value switch
    {
        bool flag => flag,
        _ when JsonNumber.IsNumber(value) =>
            JsonNumber.AreSame(JsonNumber.JsonOf(value!), "1") ? true : JsonNumber.AreSame(JsonNumber.JsonOf(value!), "0") ? false : null,
        _ when Plain(value) is string text => text == "true" || Yes.Contains(text) ? true : text == "false" || No.Contains(text) ? false : null,
        _ => null,
    };

    private static string? Plain(object? value) => (value as string)?.Trim().ToLowerInvariant();

    /// <summary>Whether a value is the same, down to the order of names.</summary>
    public static bool IsSame(JsonElement desired, object? actual) => desired.ValueKind switch
    {
        JsonValueKind.Object => actual is IDictionary table && desired.GetPropertyCount() == table.Count && desired.EnumerateObject()
            .Zip(table.Cast<DictionaryEntry>(), static (one, other) => one.NameEquals((string)other.Key) && IsSame(one.Value, other.Value))
            .All(static same => same),
        JsonValueKind.Array => actual is object?[] list && desired.GetArrayLength() == list.Length
            && desired.EnumerateArray().Zip(list, IsSame).All(static same => same),
        JsonValueKind.String => actual is string text && desired.ValueEquals(text),
        JsonValueKind.True => actual is true,
        JsonValueKind.False => actual is false,
        JsonValueKind.Null => actual is null,
        JsonValueKind.Number => JsonNumber.IsNumber(actual) && JsonNumber.AreSame(desired.GetRawText(), JsonNumber.JsonOf(actual!)),
        _ => false,
    };

    /// <summary>A value as text: a text as it is, all else as JSON.</summary>
    public static string? Text(object? value) => value is null or string ? value as string : JsonValues.Text(value);

    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    /// <summary>The text of a single value, whichever kind the platform gives it; null for a table or a list.</summary>
    public static string? Scalar(object? value) => value is IDictionary or object?[] ? null : Text(value);

    /// <summary>The same of what a table has; null for an empty text.</summary>
    public static string? Text(IDictionary? table, string name) => Scalar(table?[name]) is { Length: > 0 } text ? text : null;

    public static ManifestNode Node(object? value) => value switch
    {
        null => ManifestNode.Scalar(NodeKind.Null, "", default),
        string text => JsonValues.IsNumberMask(text) ? ManifestNode.ToNumber(text) : ManifestNode.Of(text),
        bool flag => ManifestNode.Of(flag),
        IDictionary table => ManifestNode.Mapping([.. table.Cast<DictionaryEntry>().Select(e => new ManifestProperty((string)e.Key, Node(e.Value)))]),
        object?[] items => ManifestNode.Sequence([.. items.Select(Node)]),
        _ => ManifestNode.Number(JsonNumber.IsNumber(value) ? JsonNumber.JsonOf(value) : "null"),
    };
}
