namespace KoreConnections.Client;

/// <summary>A custom API of a shape that agentic apps do not take.</summary>
internal sealed class NotUsableInAgenticAppsRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The custom API has its own payload or Gemini's format: agentic apps support only the formats of OpenAI and Anthropic.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        string? format = Setting(connection, "mapProvider") as string;
        string? why = format is "openAIModel" or "anthropicModel" ? null
            : format is { Length: > 0 } ? $"The connection uses the format {TextSanitizer.SingleLine(format, 60)}"
            : Setting(connection, "payload") is not null ? "The connection has its own payload"
            : null;
        if (why is not null)
        {
            yield return Issue(
                connection.Snapshot,
                $"{why}, so agentic apps cannot use it.",
                "For agentic apps, create a second connection with -MapProvider openAIModel or anthropicModel and the feature toolCalling. "
                    + "An existing connection cannot be converted.");
        }
    }
}
