using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

/// <summary>The end of a model. Of a custom API, a listing does not say which model it calls.</summary>
internal static class ModelRules
{
    public static IssueRule Retired { get; } = Rule(
        "ModelRetired",
        IssueSeverity.Error,
        "The provider has retired the model: requests to it fail. "
            + "It is a warning if the version of an Azure deployment decides, or if only a page names the day and the provider still accepts requests.",
        (life, context) => life.StatusOn(context.Day) == ModelStatus.Retired);

    public static IssueRule Retiring { get; } = Rule(
        "ModelRetiring",
        IssueSeverity.Warning,
        "The provider retires the model within -WithinDays (90).",
        (life, context) => life.StatusOn(context.Day) == ModelStatus.Retiring && life.EndsWithin(context.Day, context.WithinDays));

    private static IssueRule Rule(string id, IssueSeverity severity, string help, Func<ModelLifecycle, IssueContext, bool> isFound) => new(
        id,
        severity,
        help,
        Each((connection, context) =>
        {
            if (connection.Lifecycle(context) is not ModelLifecycle life || !isFound(life, context))
            {
                return null;
            }

            ConnectionIssue issue = Issue(connection.Snapshot, life.Describe(context.Day), life.Advice(connection.Snapshot.Provider, context.WithinDays));
            // Of a custom API, the model that it sends, and not the one that it is called by.
            issue.Model = ModelReference.Of(connection.Snapshot)?.Model ?? issue.Model;
            issue.DueOn = life.RetiresOn;
            issue.Replacement = life.Replacement;
            issue.SeverityValue = life.IsCertainOn(context.Day) ? severity : IssueSeverity.Warning;
            return issue;
        }))
    {
        NeedsDetails = static connection => connection.IsCustomApi,
    };
}
