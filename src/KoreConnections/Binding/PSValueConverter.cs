using System.Collections.Specialized;
using System.Data.SqlTypes;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Reads what PowerShell can give (text, tables, objects, lists, cells of a CSV) into the few kinds that the client takes.</summary>
internal static class PSValueConverter
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>The object inside PowerShell's wrapping; an object made of properties stays as it is.</summary>
    public static object? Unwrap(object? value) => OpaqueArgument.Open(value) switch
    {
        // What a statement without output leaves in a table, as in @{ ApiKey = if ($false) { 'x' } }.
        var nothing when ReferenceEquals(nothing, AutomationNull.Value) => null,
        PSObject { BaseObject: not PSCustomObject } wrapped => Present(wrapped.BaseObject),
        var plain => Present(plain),
    };

    private static object? Present(object? plain) => plain switch
    {
        // Databases have ways of saying that a cell is empty, and PowerShell has one for strings.
        DBNull or NullString or INullable { IsNull: true } => null,
        // A match of a regular expression and its groups: their other properties say where it is.
        Capture part => part.Value,
        StringBuilder text => text.ToString(),
        _ => plain,
    };

    public static string? Text(object? value, string parameter) => Unwrap(value) switch
    {
        null => null,
        string text => FieldText.Of(text, parameter),
        var other when OwnText(other) is string text => text,
        bool or IFormattable or char => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture),
        _ => throw Guard.Invalid(parameter, "is not a string."),
    };

    /// <summary>
    /// What PowerShell would write in another way: a date, such as a version of Azure's API, the same in every culture, an address with all its
    /// escapes, or a number with all its digits; null for anything else.
    /// </summary>
    public static string? OwnText(object? value) => Unwrap(value) switch
    {
        Uri address => address.OriginalString,
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? Day : "s", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? Day : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        // With all its digits, which PowerShell would shorten.
        double number => Whole(number, 1L << 53) ?? number.ToString(CultureInfo.InvariantCulture),
        float number => Whole(number, 1L << 24) ?? number.ToString(CultureInfo.InvariantCulture),
        // Windows PowerShell has no such type.
        IFormattable day when day.GetType().FullName == "System.DateOnly" => day.ToString(Day, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? Whole(double number, long exact) =>
        Math.Abs(number) <= exact && number == Math.Floor(number) ? ((long)number).ToString(CultureInfo.InvariantCulture) : null;

    public static bool Flag(object? value, string parameter) => Unwrap(value) switch
    {
        SwitchParameter flag => flag.IsPresent,
        var other => Text(other, parameter)?.Trim() is { } text && text.ToLowerInvariant() switch
        {
            "false" or "0" or "no" or "$false" => false,
            "true" or "1" or "yes" or "$true" => true,
            _ => throw Guard.Invalid(parameter, $"'{SecretMasker.Quote(text, 50)}' is neither true nor false. Use one of them."),
        },
    };

    /// <summary>A list: an array, a JSON array, or text split at semicolons. Null when absent.</summary>
    public static IReadOnlyList<object?>? List(object? value, string parameter) => Unwrap(value) switch
    {
        null => null,
        string text when string.IsNullOrWhiteSpace(text) => null,
        string text when IsJson(text) => List(Json(text, parameter), parameter),
        string text => text.Split(';').Select(t => t.Trim()).Where(t => t.Length > 0).ToArray<object?>(),
        IEnumerable items and not IDictionary => Items(items, parameter) switch
        {
            // One cell that was bound to an array is still one cell.
            [var only] when Unwrap(only) is string => List(only, parameter),
            var all => all,
        },
        var single => [single],
    };

    /// <summary>What a list has in it. Its enumerator may be anybody's code.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the enumerator failed.</exception>
    public static object?[] Items(IEnumerable list, string parameter) => Enumerate(() => [.. list.Cast<object?>()], parameter);

    /// <summary>What is in a list, as a parameter for several values takes it; null for anything else.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the enumerator failed.</exception>
    public static object?[]? Elements(object? value, string parameter) =>
        Unwrap(value) is IEnumerable items and (IList or IEnumerable<object?>) and not IDictionary ? Items(items, parameter) : null;

    /// <summary>The rows of an argument, which may be one row or a list of them.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the enumerator failed.</exception>
    public static object?[] Rows(object? given) =>
        Enumerate(() => LanguagePrimitives.GetEnumerable(Unwrap(given))?.Cast<object?>().ToArray() ?? [given], "InputObject");

    /// <summary>A list of texts. What is blank in it is not given, as an empty cell is.</summary>
    public static IReadOnlyList<string>? Texts(object? value, string parameter)
    {
        IReadOnlyList<object?>? items = List(value, parameter);
        string[]? texts = items?.Where(v => !IsBlank(v)).Select(v => Text(v, parameter)!).ToArray();
        return texts is [] && items is not [] ? null : texts;
    }

    /// <summary>Names and values of a dictionary or an object with properties, or null when it is neither.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Properties(object? value) => Unwrap(value) switch
    {
        IDictionary table => [.. Entries(table)],
        PSObject item =>
            item.Properties
                .Where(p => p.IsGettable && p.MemberType is PSMemberTypes.NoteProperty)
                .Select(p => new KeyValuePair<string, object?>(p.Name, p.Value))
                .ToArray(),
        _ => null,
    };

    /// <summary>The same of what is sent, with what an object computes: its owner sees one object. One of a class of a script has its properties.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Content(object? value) => Unwrap(value) is { } item && (item is PSObject || IsOfClass(item))
        ? [.. PSObject.AsPSObject(item).Properties
            .Where(p => p.IsGettable && item.GetType().GetProperty(p.Name)?.IsDefined(typeof(HiddenAttribute), inherit: true) != true)
            .Select(p => new KeyValuePair<string, object?>(p.Name, InputRecord.Find(item, p.Name)))]
        : Properties(value);

    // What is derived from a class of .NET is more than its properties.
    private static bool IsOfClass(object item)
    {
        Type? type = item.GetType();
        while (type?.Assembly.IsDefined(typeof(DynamicClassImplementationAssemblyAttribute), inherit: false) == true)
        {
            type = type.BaseType;
        }

        return type == typeof(object) && item is not IEnumerable && item.GetType() != typeof(object);
    }

    public static bool IsBlank(object? value) => Unwrap(value) switch
    {
        null => true,
        string text => string.IsNullOrWhiteSpace(text),
        SecureString secure => secure.Length == 0,
        _ => false,
    };

    // Not by Cast: what a Dictionary<,> enumerates as IEnumerable are pairs of its own.
    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary table)
    {
        foreach (DictionaryEntry entry in table)
        {
            yield return new KeyValuePair<string, object?>(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
        }
    }

    private static object?[] Enumerate(Func<object?[]> read, string parameter)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (Errors.IsOfItem(e) || e is RuntimeException and not PipelineStoppedException)
        {
            // Its own text may have a key in it.
            throw Guard.Invalid(parameter, "could not be read: the enumerator of this list failed. Correct the list.");
        }
    }

    /// <summary>Whether text means JSON rather than a list of words.</summary>
    public static bool IsJson(string text) => SingleLine.Trim(text) is { Length: > 0 } start && start[0] is '{' or '[';

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
