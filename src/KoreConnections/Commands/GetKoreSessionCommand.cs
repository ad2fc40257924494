namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Get, "KoreSession", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class GetKoreSessionCommand : PSCmdlet
{
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override void ProcessRecord()
    {
        KoreSession? current = CurrentSession.Value;
        if (current is null)
        {
            WriteVerbose("There is no current session.");
        }

        foreach (KoreSession session in All ? CurrentSession.All : current is null ? [] : [current])
        {
            session.IsExternallyOwned = true;
            WriteObject(session);
        }
    }
}
