using System;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>A cmdlet that needs a session.</summary>
public abstract class SessionCmdlet : KoreCmdlet
{
    private KoreSession? _session;

    /// <summary>The session to use in place of the current one.</summary>
    [Parameter]
    [ValidateNotNull]
    public KoreSession Session
    {
        get => _session ??= CurrentSession.GetOrConnect(this);
        set => _session = value;
    }

    /// <summary>The session at hand, for what works without one too.</summary>
    private protected KoreSession? SessionIfAny => _session ?? CurrentSession.Value;

    private protected ConnectionsClient Client => Session.Client;

    private protected TimeSpan Pause => _session?.Pause ?? TimeSpan.Zero;
}
