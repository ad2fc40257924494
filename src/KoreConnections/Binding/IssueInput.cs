namespace KoreConnections.Commands;

/// <summary>Reads a finding: as Find-ConnectionIssue emits it, or as it comes back from a job, another computer or a file (Import-Clixml).</summary>
internal static class IssueInput
{
    public static ConnectionIssue? Read(object? item) => item switch
    {
        ConnectionIssue issue => issue,
        PSObject copy when copy.TypeNames.Contains("Deserialized.KoreConnections.ConnectionIssue")
            && Enum.TryParse(Text(copy, nameof(ConnectionIssue.Severity)), out IssueSeverity severity)
            && Enum.IsDefined(typeof(IssueSeverity), severity) => new ConnectionIssue
        {
            SeverityValue = severity,
            Rule = Text(copy, nameof(ConnectionIssue.Rule)) ?? "",
            DueOn = Value(copy, nameof(ConnectionIssue.DueOn)) as DateTime?,
            ConnectionName = Text(copy, nameof(ConnectionIssue.ConnectionName)),
            ConnectionId = Text(copy, nameof(ConnectionIssue.ConnectionId)),
            Provider = Text(copy, nameof(ConnectionIssue.Provider)),
            Model = Text(copy, nameof(ConnectionIssue.Model)),
            Replacement = Text(copy, nameof(ConnectionIssue.Replacement)),
            Message = Text(copy, nameof(ConnectionIssue.Message)) ?? "",
            Advice = Text(copy, nameof(ConnectionIssue.Advice)) ?? "",
        },
        _ => null,
    };

    private static string? Text(PSObject copy, string name) => Value(copy, name) as string;

    private static object? Value(PSObject copy, string name) => PSValueConverter.Unwrap(copy.Properties[name]?.Value);
}
