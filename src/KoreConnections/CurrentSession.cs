namespace KoreConnections.Commands;

/// <summary>The session that cmdlets use when none is given. It is the process's, so that ForEach-Object -Parallel and other runspaces find it.</summary>
internal static class CurrentSession
{
    public const string HostVariable = "KORE_HOST";
    public const string KeyVariable = "KORE_API_KEY";

    private static readonly object Gate = new();
    // The newest last. A session that was replaced can be selected again until another one of its platform takes its place.
    private static readonly List<KeptSession> Sessions = [];
    private static KoreSession? _session;
    private static KoreSession? _ofEnvironment;
    private static bool _connectFailed;

    public static KoreSession? Value => Volatile.Read(ref _session);

    /// <param name="isHandedOut">Whether a script gets it, too: see <see cref="HandOut"/>.</param>
    public static void Set(KoreSession session, bool isHandedOut)
    {
        lock (Gate)
        {
            session.IsExternallyOwned |= isHandedOut;
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
                return [.. Sessions.Select(s => s.Session).OfType<KoreSession>()];
            }
        }
    }

    /// <summary>The current session, if there is one, or all, for a script, whose they are from now on: no other runspace's connect ends them.</summary>
    public static KoreSession[] HandOut(bool all)
    {
        lock (Gate)
        {
            KoreSession[] sessions = all ? All : _session is null ? [] : [_session];
            Array.ForEach(sessions, session => session.IsExternallyOwned = true);
            return sessions;
        }
    }

    /// <summary>Whether the first cmdlet that needs a session makes it from the environment.</summary>
    public static bool IsInEnvironment =>
        !Volatile.Read(ref _connectFailed)
        && !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(HostVariable))
        && !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(KeyVariable));

    /// <summary>The keys that no provider gets: those of all sessions, and what the next one may be made with.</summary>
    public static IEnumerable<Secret> PlatformKeys()
    {
        List<Secret> keys = [.. All.Select(s => s.ApiKey).OfType<Secret>()];
        if (Environment.GetEnvironmentVariable(KeyVariable)?.Trim() is { Length: > 0 and <= Secret.MaxLength } given)
        {
            var key = Secret.FromPlainText(given);
            SecretReference reference = key.Read(text => SecretReference.Parse(text));
            // A variable is at hand; no vault is opened only to compare.
            keys.Add((reference.Source?.Scheme == "env" ? EnvironmentSource.Read(reference.Place, isForPlatform: true).Key : null) ?? key);
        }

        return keys;
    }

    /// <summary>A script whose connect to one platform failed must not go on with another. A sandbox that nobody can end any more ends here.</summary>
    public static void Invalidate()
    {
        KoreSession? ended = null;
        lock (Gate)
        {
            if (_session is { IsSandbox: true, IsExternallyOwned: true })
            {
                // A variable may hold it. Where none does, it would listen, and keep its file from the next one, as long as the process runs.
                Sessions.Find(s => ReferenceEquals(s.Session, _session))?.Release();
            }
            else if (_session is { IsSandbox: true })
            {
                ended = _session;
            }

            _session = null;
            _connectFailed = true;
        }

        ended?.Dispose();
    }

    /// <summary>Ends the sandboxes that were replaced and that no variable holds: one of them may have the file that is needed now.</summary>
    public static void EndUnreachable()
    {
        bool isReleased;
        lock (Gate)
        {
            isReleased = Sessions.Exists(s => s.IsReleased);
        }

        if (isReleased)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public static void Forget(KoreSession session)
    {
        lock (Gate)
        {
            Sessions.RemoveAll(s => ReferenceEquals(s.Session, session));
            _session = ReferenceEquals(_session, session) ? null : _session;
            _ofEnvironment = ReferenceEquals(_ofEnvironment, session) ? null : _ofEnvironment;
        }
    }

    /// <summary>Leaves a session from the environment whose address or key may be wrong: what is corrected there has an effect with the next cmdlet.</summary>
    public static void LeaveUnaccepted(KoreSession? session)
    {
        lock (Gate)
        {
            if (session is { IsUnaccepted: true } && ReferenceEquals(session, _ofEnvironment))
            {
                Forget(session);
            }
        }
    }

    /// <param name="onlyFromEnvironment">Whether the cmdlet has decided something already, for which there was no session.</param>
    public static KoreSession GetOrConnect(KoreCmdlet cmdlet, bool onlyFromEnvironment)
    {
        lock (Gate)
        {
            if (onlyFromEnvironment && _session is not null && !ReferenceEquals(_session, _ofEnvironment))
            {
                throw new KoreException(
                    KoreErrorKind.NotConnected,
                    "A session was connected while this command resolved its key, so it may be for another platform. Nothing was sent.",
                    "Connect before you run the command, or use -Session. Then run it again.");
            }

            if (_session is not null || _connectFailed)
            {
                return _session ?? throw new KoreException(
                    KoreErrorKind.NotConnected, "The last Connect-KorePlatform failed, so there is no session.",
                    "Connect with Connect-KorePlatform. Until that succeeds, environment variables are not used either.");
            }
        }

        // A vault or a script may be asked for the key, which takes its time: nobody waits for it in the lock.
        KoreSession made = FromEnvironment(cmdlet);
        lock (Gate)
        {
            if (_session is null && !_connectFailed)
            {
                Keep(made);
                return _session = _ofEnvironment = made;
            }
        }

        made.Dispose();
        return GetOrConnect(cmdlet, onlyFromEnvironment);
    }

    // What scripts hold stays theirs; of the others, the newest of a platform is enough.
    private static void Keep(KoreSession session)
    {
        Sessions.RemoveAll(kept => kept.Session is not KoreSession one
            || ReferenceEquals(one, session)
            || (one.IsWith(session.Platform) && !one.IsExternallyOwned));
        Sessions.Add(new KeptSession(session));
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
            throw new KoreException(
                KoreErrorKind.NotConnected, $"There is no session with a platform{only}.",
                $"Connect with Connect-KorePlatform, or set the environment variables {HostVariable} and {KeyVariable}. "
                    + "To try the module without a platform, use Connect-KorePlatform -Sandbox.");
        }

        cmdlet.WriteVerbose($"Connecting with {HostVariable} and {KeyVariable}.");
        Secret secret = KeyResolver.PlatformKeyOf(cmdlet, key, KeyVariable);
        var options = new SessionOptions(BaseAddress.Parse(host, allowUnencrypted: false, HostVariable), secret) { OtherPlatformKeys = PlatformKeys };
        return new KoreSession(new ConnectionsClient(options));
    }

    private sealed class KeptSession(KoreSession session)
    {
        private readonly WeakReference<KoreSession> _known = new(session);
        private KoreSession? _held = session;

        /// <summary>Null once it has ended, or was released and nobody has it.</summary>
        public KoreSession? Session => _known.TryGetTarget(out KoreSession? known) && !known.IsEnded ? known : null;

        public bool IsReleased => _held is null;

        public void Release() => _held = null;
    }
}
