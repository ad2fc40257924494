namespace KoreConnections.Commands;

/// <summary>Reads a finding as Find-ConnectionIssue emits it, or a copy with its properties: from a job, from Select-Object, or from a file.</summary>
internal static class IssueInput
{
    /// <summary>The finding; null for an object that is none.</summary>
    public static ConnectionIssue? Read(object? item)
    {
        if (item is ConnectionIssue issue)
        {
            return issue;
        }

        string? given = Text(nameof(ConnectionIssue.Rule));
        string? rule = IssueRules.All.Select(r => r.Id).FirstOrDefault(id => string.Equals(id, given, StringComparison.OrdinalIgnoreCase));
        string? level = Text(nameof(ConnectionIssue.Severity));
        string? message = Text(nameof(ConnectionIssue.Message));
        return rule is null || message is null
            // A list of severities would be parsed, too.
            || !Enum.TryParse(level, ignoreCase: true, out IssueSeverity severity)
            || !string.Equals(severity.ToString(), level, StringComparison.OrdinalIgnoreCase)
            || !IsDay(InputRecord.Find(item, nameof(ConnectionIssue.DueOn)), out DateTime? day) ? null : new ConnectionIssue
        {
            Rule = rule,
            SeverityValue = severity,
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

    // What Export-Csv writes of a day is in the words of the shell's culture.
    private static bool IsDay(object? given, out DateTime? day)
    {
        object? plain = PSValueConverter.Unwrap(given);
        day = DateTransformationAttribute.Read(plain)
            ?? (plain is string text && DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTime local) ? local : null);
        // Windows PowerShell's JSON holds moments, not days.
        day = day is { Kind: DateTimeKind.Utc } utc ? utc.ToLocalTime() : day;
        return day is not null || PSValueConverter.IsBlank(plain);
    }
}
