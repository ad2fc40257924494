using System.Collections;

namespace KoreConnections.Client;

/// <summary>A payload that carries no question.</summary>
internal sealed class MissingPromptRule : IssueRule
{
    private static readonly Regex Prompt = new(@"\{\{\s*prompt\s*\}\}", RegexOptions.CultureInvariant);

    public override IssueSeverity Severity => IssueSeverity.Warning;

    public override string Help => "The payload of the custom API does not use {{prompt}}, so the API never gets the question of an agent.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (Setting(connection, "payload") is { } payload && !IsPromptOff(connection) && !HasPrompt(payload))
        {
            yield return Issue(
                connection.Snapshot,
                "The payload does not use {{prompt}}, so the API never gets the question of an agent.",
                "Put {{prompt}} where the question belongs, with Set-Connection -Payload.");
        }
    }

    private static bool HasPrompt(object? value) => value switch
    {
        string text => text.IndexOf("{{", StringComparison.Ordinal) >= 0 && Prompt.IsMatch(text),
        IDictionary table => table.Keys.Cast<object?>().Any(HasPrompt) || table.Values.Cast<object?>().Any(HasPrompt),
        IEnumerable items => items.Cast<object?>().Any(HasPrompt),
        _ => false,
    };

    private static bool IsPromptOff(ExaminedConnection connection) =>
        ActualValues.Tables(Setting(connection, "promptVars"))?.FirstOrDefault(v => v["name"] is "prompt") is IDictionary prompt && prompt["status"] is false;
}
