namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Find, "ConnectionIssue", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionIssue))]
public sealed class FindConnectionIssueCommand : ExaminingCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("ConnectionId", "Id"), Opaque, ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public override object? InputObject { get; set; }

    protected override void EndProcessing()
    {
        Attempt(null, () => WriteOwn(Examine().Issues));
        base.EndProcessing();
    }
}
