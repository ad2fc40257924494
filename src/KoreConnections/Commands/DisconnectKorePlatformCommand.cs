namespace KoreConnections.Commands;

[Cmdlet(VerbsCommunications.Disconnect, "KorePlatform", HelpUri = Documentation.ConnectionsApi)]
public sealed class DisconnectKorePlatformCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true), ValidateNotNull]
    public KoreSession? Session { get; set; }

    protected override void ProcessRecord()
    {
        if ((Session ?? CurrentSession.Value) is not KoreSession session)
        {
            WriteVerbose("There is no current session.");
            return;
        }

        CurrentSession.Forget(session);
        session.Dispose();
        WriteVerbose($"Disconnected from {session.BaseUri}.");
    }
}
