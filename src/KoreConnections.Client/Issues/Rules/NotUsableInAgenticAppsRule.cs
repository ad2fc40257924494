using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>A custom API of a shape that agentic apps do not take.</summary>
internal sealed class NotUsableInAgenticAppsRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "The custom API has a payload of its own or Gemini's format: agentic apps take OpenAI's and Anthropic's formats only.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        string? format = Setting(connection, "mapProvider") as string;
        string? why = format is "openAIModel" or "anthropicModel" ? null
            : format is { Length: > 0 } ? $"The connection has the format {TextSanitizer.SingleLine(format, 60)}"
            : Setting(connection, "payload") is not null ? "The connection has a payload of its own"
            : null;
        if (why is not null)
        {
            yield return Issue(connection.Snapshot, $"{why}: agentic apps cannot use it.", "For agentic apps, create a second connection with -MapProvider openAIModel or anthropicModel and the feature toolCalling. A connection keeps its shape.");
        }
    }
}
