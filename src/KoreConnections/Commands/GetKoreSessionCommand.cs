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
