namespace KoreConnections.Commands;

/// <summary>The session that cmdlets use when none is given. It is the process's, so that ForEach-Object -Parallel and other runspaces find it.</summary>
internal static class CurrentSession
{
    public const string HostVariable = "KORE_HOST";
    public const string KeyVariable = "KORE_API_KEY";

    private static readonly object Gate = new();
    // The newest last. A session that was replaced can be selected again until another one of its platform takes its place.
    private static readonly List<KoreSession> Sessions = [];
    private static KoreSession? _session;
    private static bool _connectFailed;

    public static KoreSession? Value => Volatile.Read(ref _session);

    public static void Set(KoreSession session)
    {
        lock (Gate)
        {
            Keep(session);
            _session = session;
            _connectFailed = false;
        }
    }

    /// <summary>All sessions of the process that were not ended, the newest last.</summary>
    public static KoreSession[] All
    {
        get
        {
            lock (Gate)
            {
                return [.. Sessions.Where(s => !s.IsEnded)];
            }
        }
    }

    /// <summary>A script whose connect to one platform failed must not go on with another. Returns what was the current one.</summary>
    public static KoreSession? Invalidate()
    {
        lock (Gate)
        {
            KoreSession? before = _session;
            _session = null;
            _connectFailed = true;
            return before;
        }
    }

    public static void Forget(KoreSession session)
    {
        lock (Gate)
        {
            Sessions.Remove(session);
            _session = ReferenceEquals(_session, session) ? null : _session;
        }
    }

    public static KoreSession GetOrConnect(KoreCmdlet cmdlet)
    {
        lock (Gate)
        {
            if (_session is not null || _connectFailed)
            {
                return _session ?? throw new KoreException(KoreErrorKind.NotConnected, "The last Connect-KorePlatform failed, so there is no session.")
                {
                    RecommendedAction = "Connect with Connect-KorePlatform. Until that succeeds, environment variables are not used either.",
                };
            }
        }

        // A vault or a script may be asked for the key, which takes its time: nobody waits for it in the lock.
        KoreSession made = FromEnvironment(cmdlet);
        lock (Gate)
        {
            if (_session is null && !_connectFailed)
            {
                Keep(made);
                return _session = made;
            }
        }

        made.Dispose();
        return GetOrConnect(cmdlet);
    }

    // What scripts hold stays theirs; of the others, the newest of a platform is enough.
    private static void Keep(KoreSession session)
    {
        Sessions.RemoveAll(s => s.IsEnded || ReferenceEquals(s, session) || (s.Platform == session.Platform && !s.IsExternallyOwned));
        Sessions.Add(session);
    }

    private static KoreSession FromEnvironment(KoreCmdlet cmdlet)
    {
        string? host = Environment.GetEnvironmentVariable(HostVariable);
        string? key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(host) || string.IsNullOrWhiteSpace(key))
        {
            string only = !string.IsNullOrWhiteSpace(key) ? $" ({HostVariable} is not set)"
                : !string.IsNullOrWhiteSpace(host) ? $" ({KeyVariable} is not set)"
                : "";
            throw new KoreException(KoreErrorKind.NotConnected, $"There is no session with a platform{only}.")
            {
                RecommendedAction = $"Connect with Connect-KorePlatform, or set the environment variables {HostVariable} and {KeyVariable}. "
                    + "To try the module without a platform, use Connect-KorePlatform -Sandbox.",
            };
        }

        cmdlet.WriteVerbose($"Connecting with {HostVariable} and {KeyVariable}.");
        Secret secret = KeyResolver.PlatformKeyOf(cmdlet, key, KeyVariable);
        return new KoreSession(new ConnectionsClient(new SessionOptions(BaseAddress.Parse(host, allowUnencrypted: false, HostVariable), secret)));
    }
}
