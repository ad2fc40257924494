namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Get, "KoreSession", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class GetKoreSessionCommand : PSCmdlet
{
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override void ProcessRecord()
    {
        if (CurrentSession.Value is null)
        {
            WriteVerbose("There is no current session.");
        }

        WriteObject(CurrentSession.HandOut(All), enumerateCollection: true);
    }
}
