namespace KoreConnections.Client;

/// <summary>Texts that PowerShell makes of an object where its content did not fit: a type's name, or a table on one line.</summary>
internal static class LostContent
{
    /// <summary>What is bound instead of an object on one line: a row holds keys.</summary>
    public const string Row = "@{...=...}";

    private const string Shown = "@{***=***}";

    // What a BigInteger has as properties.
    private static readonly string[] NumberMembers = ["IsPowerOfTwo", "IsZero", "IsOne", "IsEven", "Sign"];

    // Of types that have no text of their own. A number or a date has one, so that only a list of them is shown as its type.
    private const string TypeName =
        @"(?:(?:System\.(?:(?:Object|String|Security\.SecureString|Management\.Automation|Collections|Linq)[\w.`+]*"
            + @"|Dynamic\.ExpandoObject|Data\.Data\w+|Xml\.(?:Xml\w+|Linq\.X\w+)|Text\.Json\.(?:Json\w+|Nodes\.\w+))"
            + @"|Newtonsoft\.Json\.Linq\.J\w+)(?:\[[\w.,`+\[\]]*\])?"
            + @"|(?:System|Microsoft|Newtonsoft)(?:\.[\w`+]+)+(?:\[,*\]|`\d+\[[\w.,`+\[\]]*\]))";

    // A list is one line too: of what is in it, parted by spaces. Its end says what it was, so that each of the two is one pass:
    // from the first object with a value on, all is one up to the last brace, or the list ends with a type.
    private static readonly Regex Shape = new(
        $@"^(?:{Items("[^{}=]")}(?:@\{{\}}|@\{{[^{{}}=]*=.*\}}(?:\.\w+)*)|{Items("[^{}]")}{TypeName})\s*$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <exception cref="KoreException">KoreInvalidInput: the content is gone, and what is left of it is not sent.</exception>
    public static string Refuse(string text, string parameter) =>
        text.Length > 2 && text[0] is 'S' or 'M' or 'N' or '@' && Shape.IsMatch(text) ? throw Lost(text, parameter) : text;

    /// <summary>Refuses an object that ConvertTo-Json or Export-Clixml made of a number, which a simple type does not hold.</summary>
    public static void RefuseNumber(JsonElement table, string parameter)
    {
        string? lost = table.GetPropertyCount() switch
        {
            1 when LenientJson.Text(table, nameof(JsonNumber.Text)) is string text && JsonNumber.IsOwnText(text) =>
                $"the property Text instead of the number {TextSanitizer.SingleLine(text, 100)}",
            5 when NumberMembers.All(name => table.TryGetProperty(name, out _)) => "the properties of a BigInteger instead of the number itself",
            _ => null,
        };
        if (lost is not null)
        {
            throw Guard.Invalid(
                parameter,
                $"contains {lost}. ConvertTo-Json makes that of numbers that are too large or too exact for it. "
                    + "Write the number itself into the JSON text.");
        }
    }

    /// <summary>Whether a text has an object on one line in it: what PowerShell makes of "$row.Name", the values of the whole row included.</summary>
    public static bool HoldsRow(ReadOnlySpan<char> text) =>
        text.IndexOf("@{".AsSpan()) is var at && at >= 0
        && text.Slice(at).IndexOf('=') is var equals && equals > 2
        && text.Slice(at + equals).IndexOf('}') > 0;

    /// <summary>The text, where no object is in it: no name, id or path of a single line has one.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it has the values of a whole object in it.</exception>
    public static string RefuseRow(string text, string parameter) => HoldsRow(text.AsSpan()) ? throw Lost(Row, parameter) : text;

    /// <summary>A text as it may be shown: what it has of objects is left out.</summary>
    public static string WithoutRow(string text) => HoldsRow(text.AsSpan())
        ? text.Substring(0, text.IndexOf("@{", StringComparison.Ordinal)) + Shown + text.Substring(text.LastIndexOf('}') + 1)
        : text;

    /// <summary>What may be the text of a table or a list, which is one that the API gets as text: what was read has JSON as its text.</summary>
    public static string? Remark(JsonElement payload)
    {
        string[] places = [.. JsonString.In(payload, "payload").Where(IsJson).Select(t => TextSanitizer.SingleLine(t.Place, 200))];
        return places.Length == 0 ? null
            : $"the payload has JSON as a string at {places[0]}{Phrases.More(places.Length - 1)}. ConvertTo-Json and Export-Clixml make that of what "
                + "is deeper than their -Depth. If this was not meant, convert the connection again with a greater -Depth.";

        static bool IsJson(JsonString text) => !text.IsName && text.Text is ['{', _, .., '}'] or ['[', _, .., ']']
            && LenientJson.Parse(Encoding.UTF8.GetBytes(text.Text)) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array };
    }

    // The last of the text is not among them.
    private static string Items(string inObject) => $@"(?>(?:(?:{TypeName}|@\{{{inObject}*\}})\s+(?=\S))*)";

    private static KoreException Lost(string text, string parameter)
    {
        const string Nested = "ConvertTo-Json drops what is deeper than its -Depth, and Export-Csv drops what is nested. "
            + "Convert it again with a greater -Depth.";
        return Guard.Invalid(parameter, text[0] == '@'
            ? $"contains an object as one line of text instead of its content. In a string, write \"$($row.Name)\" instead of \"$row.Name\". {Nested}"
            : $"contains the type name '{TextSanitizer.SingleLine(text, 100)}' instead of its content. {Nested}");
    }
}
