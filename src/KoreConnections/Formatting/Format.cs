namespace KoreConnections.Commands;

/// <summary>What the format file shows: text from the platform, made safe for a terminal and a build log.</summary>
internal static class Format
{
    public const string Muted = "\u001b[33m";

    public const string Alarming = "\u001b[31m";

    private const string Reset = "\u001b[0m";

    // Whether the shell decides itself when to show colours: from PowerShell 7.2.
    private static readonly bool HasColours = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle") is not null;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = StrictEncoder.Instance };

    public static string Text(object? value) => TextSanitizer.SingleLine(value?.ToString());

    public static string Value(object? value) => PSValueConverter.Unwrap(value) switch
    {
        IDictionary or PSObject => Table(value),
        IEnumerable and not string => List(value),
        _ => Text(value),
    };

    /// <summary>A status; what is not in use stands out where the shell has colours.</summary>
    public static string Status(object? value, int width = 0)
    {
        string status = Text(value);
        string filling = FlexibleColumn.Cell(status, width).Substring(status.Length);
        return Coloured(status, status is "INACTIVE" or "DRAFT" ? Muted : "") + filling;
    }

    public static string Time(object? value) =>
        value is DateTime time ? time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";

    public static string Day(object? value) => value is DateTime day ? ModelLifecycle.Day(day) : "";

    public static string Severity(object? value)
    {
        string severity = Text(value);
        return Coloured(severity, severity switch
        {
            nameof(IssueSeverity.Error) => Alarming,
            nameof(IssueSeverity.Warning) => Muted,
            _ => "",
        });
    }

    public static string Coloured(string text, string colour) => HasColours && colour.Length > 0 ? colour + text + Reset : text;

    public static string Table(object? value) => PSValueConverter.Properties(value) is { } properties ? Lines(properties) : List(value);

    /// <summary>What of a connection's further properties has none of its own, a line each.</summary>
    public static string Further(object? value) => Lines((PSValueConverter.Properties(value) ?? []).Where(p => ConnectionFields.OfWire(p.Key) is null));

    public static string Json(object? value) => PSValueConverter.Unwrap(value) switch
    {
        null => "",
        string text => Text(text),
        var table => string.Join("\n", JsonSerializer.Serialize(JsonInput.Value(table, "Payload"), Indented).Split('\n').Select(Indent)),
    };

    /// <summary>Names in one line; what has none is JSON.</summary>
    public static string List(object? value)
    {
        string?[] names = [.. (PSValueConverter.List(value, "value") ?? []).Select(NameOf)];
        return names.Contains(null) ? Text(Cell(value)) : Text(string.Join(", ", names));
    }

    // Of a variable, its name is what people look for.
    private static string? NameOf(object? item)
    {
        ILookup<string, object?> values = (PSValueConverter.Properties(item) ?? []).ToLookup(p => p.Key, p => PSValueConverter.Unwrap(p.Value));
        return PSValueConverter.Unwrap(item) is string text ? text
            : values["name"].FirstOrDefault() is not string name ? null
            : values["status"].FirstOrDefault() is false ? name + " (off)"
            : name;
    }

    private static string Lines(IEnumerable<KeyValuePair<string, object?>> properties) =>
        string.Join("\n", properties.Select(p => $"{Text(p.Key)}: {Text(Cell(p.Value))}"));

    // The text of a line is cleaned, and cleaning takes the spaces before it away.
    private static string Indent(string line) => new string(' ', line.Length - line.TrimStart(' ').Length) + Text(line);

    private static string? Cell(object? value) => PSValueConverter.Unwrap(value) is string text ? text : JsonInput.Value(value, "value").GetRawText();
}
