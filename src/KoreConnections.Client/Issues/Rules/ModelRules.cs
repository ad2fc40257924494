using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

/// <summary>The end of a model. Of a custom API, a listing does not say which model it calls.</summary>
internal static class ModelRules
{
    public static IssueRule Retired { get; } = new(
        "ModelRetired",
        IssueSeverity.Error,
        "The provider has retired the model: requests to it fail. "
            + "It is a warning if the version of an Azure deployment decides, or if the provider still accepts requests.",
        Each((connection, context) => connection.Lifecycle(context) is { } life && life.StatusOn(context.Day) == ModelStatus.Retired
            ? End(connection.Snapshot, context, life, life.IsCertain ? IssueSeverity.Error : IssueSeverity.Warning)
            : null))
    {
        NeedsDetails = static connection => connection.IsCustomApi,
    };

    public static IssueRule Retiring { get; } = new(
        "ModelRetiring",
        IssueSeverity.Warning,
        "The provider retires the model within -WithinDays (90).",
        Each((connection, context) => connection.Lifecycle(context) is { } life
            && life.StatusOn(context.Day) == ModelStatus.Retiring
            && life.EndsWithin(context.Day, context.WithinDays)
            ? End(connection.Snapshot, context, life, IssueSeverity.Warning)
            : null))
    {
        NeedsDetails = static connection => connection.IsCustomApi,
    };

    private static ConnectionIssue End(Connection connection, IssueContext context, ModelLifecycle life, IssueSeverity severity)
    {
        ConnectionIssue issue = Issue(connection, life.Describe(context.Day), life.Advice(connection.Provider));
        // Of a custom API, the model that it sends, and not the one that it is called by.
        issue.Model = ModelReference.Of(connection)?.Model ?? issue.Model;
        issue.DueOn = life.RetiresOn;
        issue.Replacement = life.Replacement;
        issue.SeverityValue = severity;
        return issue;
    }
}
