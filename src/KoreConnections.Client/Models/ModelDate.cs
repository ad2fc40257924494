namespace KoreConnections.Client;

/// <summary>Reads the dates that providers give; what is no date of a model says nothing.</summary>
internal static class ModelDate
{
    private static readonly DateTime Earliest = new(2015, 1, 1);
    private static readonly DateTime Latest = new(2100, 1, 1);

    /// <summary><c>YYYY-MM-DD</c>, alone or before a time.</summary>
    public static DateTime? OfText(JsonElement? value)
    {
        string text = value is { ValueKind: JsonValueKind.String } element ? LenientJson.Text(element) : "";
        return text.Length >= 10 && (text.Length == 10 || text[10] is 'T' or ' ')
            && DateTime.TryParseExact(text.Substring(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
            ? Sensible(date)
            : null;
    }

    public static DateTime? OfUnixSeconds(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double seconds) && seconds is > 0 and < 1e11
            ? Sensible(DateTimeOffset.FromUnixTimeSeconds((long)seconds).UtcDateTime)
            : null;

    /// <summary>When a model became available, in local time: OpenAI and Azure send seconds, Anthropic a text.</summary>
    public static DateTime? Created(JsonElement model)
    {
        JsonElement? created = LenientJson.Property(model, "created") ?? LenientJson.Property(model, "created_at");
        return OfUnixSeconds(created) is DateTime utc ? utc.ToLocalTime()
            : created is { ValueKind: JsonValueKind.String } text
                && DateTimeOffset.TryParse(LenientJson.Text(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                && Sensible(time.UtcDateTime) is not null ? time.LocalDateTime
            : null;
    }

    private static DateTime? Sensible(DateTime date) => date >= Earliest && date < Latest ? date : null;
}
