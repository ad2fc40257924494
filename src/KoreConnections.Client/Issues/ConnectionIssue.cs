namespace KoreConnections;

/// <summary>Something that is wrong with a connection, or will be. It holds no key and no part of one.</summary>
public sealed class ConnectionIssue : IFromPlatform
{
    string? IFromPlatform.Platform { get; set; }

    /// <summary>The rule that found it.</summary>
    public string Rule { get; internal set; } = "";

    /// <summary>How much it matters.</summary>
    public string Severity => SeverityValue.ToString();

    /// <summary>The day by which something has to be done; past where it is overdue, null where there is none.</summary>
    public DateTime? DueOn { get; internal set; }

    /// <summary>The connection's name.</summary>
    public string? ConnectionName { get; internal set; }

    /// <summary>The connection's id; null for one that the platform does not have yet.</summary>
    public string? ConnectionId { get; internal set; }

    /// <summary>The provider in the API's spelling.</summary>
    public string? Provider { get; internal set; }

    /// <summary>The model.</summary>
    public string? Model { get; internal set; }

    /// <summary>For a model that retires, the one that its provider names instead; null where it names none.</summary>
    public string? Replacement { get; internal set; }

    /// <summary>What is wrong.</summary>
    public string Message { get; internal set; } = "";

    /// <summary>What to do about it.</summary>
    public string Advice { get; internal set; } = "";

    internal IssueSeverity SeverityValue { get; set; }

    /// <summary>The gravest and most urgent first; the same findings always in the same order.</summary>
    internal static IReadOnlyList<ConnectionIssue> Ordered(IEnumerable<ConnectionIssue> issues) =>
    [
        // Thousands of findings have a handful of days.
        .. issues.GroupBy(i => (i.SeverityValue, Day: i.DueOn ?? DateTime.MaxValue, i.Rule))
            .OrderByDescending(g => g.Key.SeverityValue)
            .ThenBy(g => g.Key.Day)
            .ThenBy(g => g.Key.Rule, StringComparer.Ordinal)
            .SelectMany(g => g.OrderBy(i => i.ConnectionName, StringComparer.Ordinal).ThenBy(i => i.ConnectionId, StringComparer.Ordinal)),
    ];

    /// <summary>The finding on one line.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{Severity} {Rule}: {ConnectionName ?? ConnectionId}: {Message}");
}
