namespace KoreConnections.Commands;

/// <summary>Reads a finding as Find-ConnectionIssue emits it, or a copy with its properties: from a job, from Select-Object, or from a file.</summary>
internal static class IssueInput
{
    private static readonly string[] Orders = ["yyyy/M/d", "d/M/yyyy", "M/d/yyyy"];

    /// <summary>The finding; null for an object that is none.</summary>
    public static ConnectionIssue? Read(object? item)
    {
        if (item is ConnectionIssue issue)
        {
            return issue;
        }

        string? given = Text(nameof(ConnectionIssue.Rule));
        string? rule = IssueRules.All.Select(r => r.Id).FirstOrDefault(id => string.Equals(id, given, StringComparison.OrdinalIgnoreCase));
        IssueSeverity? severity = EnumName.Find<IssueSeverity>(Text(nameof(ConnectionIssue.Severity)), StringComparison.OrdinalIgnoreCase);
        string? message = Text(nameof(ConnectionIssue.Message));
        return rule is null || message is null || severity is null
            || !IsDay(InputRecord.Find(item, nameof(ConnectionIssue.DueOn)), message, out DateTime? day) ? null : new ConnectionIssue
        {
            Rule = rule,
            SeverityValue = severity.Value,
            DueOn = day,
            ConnectionName = Text(nameof(ConnectionIssue.ConnectionName)),
            ConnectionId = Text(nameof(ConnectionIssue.ConnectionId)),
            Provider = Text(nameof(ConnectionIssue.Provider)),
            Model = Text(nameof(ConnectionIssue.Model)),
            Replacement = Text(nameof(ConnectionIssue.Replacement)),
            Message = message,
            Advice = Text(nameof(ConnectionIssue.Advice)) ?? "",
        };

        // In a cell of a CSV file, nothing is empty text.
        string? Text(string name) => PSValueConverter.Unwrap(InputRecord.Find(item, name)) is string text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    private static bool IsDay(object? given, string message, out DateTime? day)
    {
        object? plain = PSValueConverter.Unwrap(given);
        day = DateTransformationAttribute.Read(plain) ?? (plain is string text ? OnlyReading(text, message) : null);
        // Windows PowerShell's JSON holds moments, not days.
        day = day is { Kind: DateTimeKind.Utc } utc ? utc.ToLocalTime() : day;
        return day is not null || PSValueConverter.IsBlank(plain);
    }

    /// <summary>
    /// The day of a text such as Export-Csv writes in the words of its own shell's culture, which nobody knows here: the message
    /// beside it names the day first, so that it is the same everywhere.
    /// </summary>
    /// <exception cref="KoreException">KoreInvalidInput: it may be another day where it was written.</exception>
    private static DateTime? OnlyReading(string text, string message)
    {
        string numbers = string.Join("/", Regex.Matches(text, "[0-9]+").Cast<Match>().Take(3).Select(m => m.Value));
        DateTime[] readings =
        [
            .. Orders.Select(order =>
                DateTime.TryParseExact(numbers, order, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) ? date : default),
            // Of other calendars, only the shell's own can be meant.
            DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTime local) ? local.Date : default,
        ];
        DateTime[] days = [.. readings.Where(r => r.Year is > 1900 and < 2200).Distinct()];
        DateTime[] named = [.. days.Where(day => At(day) >= 0).OrderBy(At)];
        return named.Length > 0 ? named[0]
            : days is [DateTime only] ? only
            : readings.All(r => r == default) ? null
            : throw Guard.Invalid(
                nameof(ExportConnectionReportCommand.Issue),
                $"contains the DueOn '{SecretMasker.Quote(text, 50)}', which is not the same day in every culture. "
                    + "Write it as yyyy-MM-dd, or save the findings with Export-Clixml or ConvertTo-Json.");

        int At(DateTime day) => message.IndexOf(ModelLifecycle.Day(day), StringComparison.Ordinal);
    }
}
