namespace KoreConnections.Commands;

/// <summary>Finds what is wrong with connections, or will be: models that retire, old keys, settings that cannot work.</summary>
[Cmdlet(VerbsCommon.Find, "ConnectionIssue", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionIssue))]
public sealed class FindConnectionIssueCommand : ExaminingCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("ConnectionId", "Id")]
    [Opaque]
    [ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public override object? InputObject { get; set; }

    protected override void EndProcessing()
    {
        Attempt(null, () =>
        {
            foreach (ConnectionIssue issue in Examine().Issues)
            {
                WriteOwn(issue);
            }
        });
        base.EndProcessing();
    }
}
