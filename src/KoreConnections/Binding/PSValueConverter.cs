using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation.Internal;
using System.Security;

namespace KoreConnections.Commands;

/// <summary>Reads what PowerShell can give (text, tables, objects, lists, cells of a CSV) into the few kinds that the client takes.</summary>
internal static class PSValueConverter
{
    /// <summary>The object inside PowerShell's wrapping; an object made of properties stays as it is.</summary>
    public static object? Unwrap(object? value) => OpaqueArgument.Open(value) switch
    {
        // What a statement without output leaves in a table, as in @{ ApiKey = if ($false) { 'x' } }.
        var nothing when ReferenceEquals(nothing, AutomationNull.Value) => null,
        // A database's way of saying that a cell is empty.
        DBNull or PSObject { BaseObject: DBNull } => null,
        PSObject { BaseObject: not PSCustomObject } wrapped => wrapped.BaseObject,
        var plain => plain,
    };

    /// <summary>Text, or null for what is absent: null and blank.</summary>
    public static string? Text(object? value, string parameter) => Unwrap(value) switch
    {
        null => null,
        string text => FieldText.Of(text, parameter),
        // A date that was meant as one, such as a version of Azure's API.
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "s", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        bool or IFormattable or char or Uri => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture),
        _ => throw Guard.Invalid(parameter, "is not a string."),
    };

    /// <summary>A yes or no, from a CSV's cell too.</summary>
    public static bool Flag(object? value, string parameter) => Unwrap(value) switch
    {
        SwitchParameter flag => flag.IsPresent,
        var other => Text(other, parameter)?.Trim().ToLowerInvariant() switch
        {
            null or "false" or "0" or "no" or "$false" => false,
            "true" or "1" or "yes" or "$true" => true,
            var text =>
                throw Guard.Invalid(parameter, $"'{SecretMasker.Quote(text, 50)}' is neither true nor false. Use one of them."),
        },
    };

    /// <summary>A list: an array, a JSON array, or text split at semicolons. Null when absent.</summary>
    public static IReadOnlyList<object?>? List(object? value, string parameter)
    {
        object? plain = Unwrap(value);
        switch (plain)
        {
            case null:
                return null;
            case string text when string.IsNullOrWhiteSpace(text):
                return null;
            case string text when IsJson(text):
                return List(Json(text, parameter), parameter);
            case string text:
                return text.Split(';').Select(t => t.Trim()).Where(t => t.Length > 0).ToArray<object?>();
            case IDictionary or PSObject:
                return [plain];
            case IEnumerable items:
                // One cell that was bound to an array is still one cell.
                object?[] all = items.Cast<object?>().ToArray();
                return all.Length == 1 && Unwrap(all[0]) is string ? List(all[0], parameter) : all;
            default:
                return [plain];
        }
    }

    /// <summary>A list of texts.</summary>
    public static IReadOnlyList<string>? Texts(object? value, string parameter) =>
        List(value, parameter)?.Select(v => Text(v, parameter) ?? "").ToArray();

    /// <summary>Names and values of a dictionary or an object with properties, or null when it is neither.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Properties(object? value) => Unwrap(value) switch
    {
        IDictionary table => Entries(table),
        PSObject item =>
            item.Properties
                .Where(p => p.IsGettable && p.MemberType is PSMemberTypes.NoteProperty)
                .Select(p => new KeyValuePair<string, object?>(p.Name, p.Value))
                .ToArray(),
        _ => null,
    };

    // Not by Cast: what a Dictionary<,> enumerates as IEnumerable are pairs of its own.
    private static List<KeyValuePair<string, object?>> Entries(IDictionary table)
    {
        var entries = new List<KeyValuePair<string, object?>>(table.Count);
        foreach (DictionaryEntry entry in table)
        {
            entries.Add(new KeyValuePair<string, object?>(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value));
        }

        return entries;
    }

    /// <summary>Whether there is nothing in it: what is absent, and empty texts.</summary>
    public static bool IsBlank(object? value) => Unwrap(value) switch
    {
        null => true,
        string text => string.IsNullOrWhiteSpace(text),
        SecureString secure => secure.Length == 0,
        _ => false,
    };

    /// <summary>Whether text means JSON rather than a list of words.</summary>
    public static bool IsJson(string text) => SingleLine.Trim(text) is { Length: > 0 } start && start[0] is '{' or '[';

    /// <summary>JSON text as tables and arrays.</summary>
    public static object? Json(string text, string parameter) => Plain(JsonText.Parse(text, parameter));

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Table(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => JsonNumber.Read(element.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static OrderedDictionary Table(JsonElement element)
    {
        var table = new OrderedDictionary();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            table[property.Name] = Plain(property.Value);
        }

        return table;
    }
}
