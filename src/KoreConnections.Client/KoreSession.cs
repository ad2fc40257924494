namespace KoreConnections;

/// <summary>An authenticated session with one platform. It shows where it goes, never its key.</summary>
public sealed class KoreSession : IDisposable
{
    private readonly IDisposable? _server;
    private ConnectionsClient? _client;

    internal KoreSession(ConnectionsClient client, IDisposable? sandbox = null)
    {
        _client = client;
        _server = sandbox;
        BaseUri = client.BaseUri;
        Platform = client.Platform;
        IsSandbox = sandbox is not null;
        if (sandbox is null)
        {
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Stops a sandbox whose session nobody has any more, so that nobody could stop it.</summary>
    ~KoreSession()
    {
        try
        {
            _server?.Dispose();
        }
        catch (Exception)
        {
            // It would end the process.
        }
    }

    /// <summary>The base of the API that every request goes to.</summary>
    public Uri BaseUri { get; }

    /// <summary>When the session was made, in local time.</summary>
    public DateTime ConnectedOn { get; } = DateTime.Now;

    /// <summary>Whether it goes to a sandbox on this machine.</summary>
    public bool IsSandbox { get; }

    /// <summary>What its platform is known by, which its connections remember.</summary>
    internal string Platform { get; }

    /// <summary>Whether it is with this platform. A sandbox is known by the path of its file.</summary>
    internal bool IsWith(string platform) => FilePath.Comparer.Equals(Platform, platform);

    internal bool IsEnded => _client is null;

    /// <summary>Where its sandbox imitates providers; null where keys are verified with the providers themselves.</summary>
    internal SandboxProviderUri? ImitatedProviders { get; init; }

    /// <summary>Whether scripts may hold it: then it is theirs to end.</summary>
    internal bool IsExternallyOwned { get; set; }

    internal ConnectionsClient Client => _client
        ?? throw new KoreException(
            KoreErrorKind.NotConnected, $"The session with {BaseUri.Host} was disconnected.",
            "Connect again with Connect-KorePlatform.");

    internal Secret? ApiKey => _client?.ApiKey;

    internal int Changes => _client?.Changes ?? 0;

    internal bool IsUnaccepted => _client?.IsUnaccepted == true;

    internal TimeSpan Pause => _client?.Pause ?? TimeSpan.Zero;

    /// <summary>Ends the session, and its sandbox with it.</summary>
    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
        _server?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The base address.</summary>
    public override string ToString() => BaseUri.AbsoluteUri;
}
