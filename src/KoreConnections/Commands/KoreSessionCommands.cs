using System.Management.Automation;

namespace KoreConnections.Commands;

/// <summary>Shows the current session.</summary>
[Cmdlet(VerbsCommon.Get, "KoreSession", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class GetKoreSessionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (CurrentSession.Value is KoreSession session)
        {
            session.IsExternallyOwned = true;
            WriteObject(session);
        }
        else
        {
            WriteVerbose("There is no current session.");
        }
    }
}

/// <summary>Ends a session, and its sandbox with it.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "KorePlatform", HelpUri = Documentation.ConnectionsApi)]
public sealed class DisconnectKorePlatformCommand : PSCmdlet
{
    /// <summary>The session to end in place of the current one.</summary>
    [Parameter]
    [ValidateNotNull]
    public KoreSession? Session { get; set; }

    /// <inheritdoc/>
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
