namespace KoreConnections.Tests.Client;

/// <summary>A sandbox, which answers as is said, and its clients.</summary>
public abstract class ClientTestBase : IDisposable
{
    private protected readonly SandboxServer _sandbox = SandboxServer.Start();
    private protected readonly AutoAdvancingTimeProvider _clock = new();
    private protected readonly string _platformKey;
    private protected readonly ConnectionsClient _client;
    private readonly List<ConnectionsClient> _clients = [];
    private readonly int _retries;
    private readonly TimeProvider _time;

    /// <param name="skipsWaits">Whether every wait is over at once.</param>
    private protected ClientTestBase(int retries = 5, bool skipsWaits = false)
    {
        (_retries, _time) = (retries, skipsWaits ? _clock : TimeProvider.System);
        _platformKey = _sandbox.Keys.Issue();
        _client = Client();
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _sandbox.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that waits no longer than it is asked to.</summary>
    private protected ConnectionsClient Client(
        Uri? address = null, int? retries = null, TimeProvider? clock = null, TimeSpan interval = default, TimeSpan? timeout = null)
    {
        _clients.Add(new ConnectionsClient(new SessionOptions(address ?? _sandbox.BaseUri, Secret.FromPlainText(_platformKey))
        {
            MaximumRetryCount = retries ?? _retries,
            RetryInterval = interval,
            TimeProvider = clock ?? _time,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        }));
        return _clients[^1];
    }

    private protected static Task<KoreException> ListingFailureAsync(ConnectionsClient client) =>
        Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext()));

    private protected void Answer(string json) => _sandbox.Faults.Add(new Fault { Status = 200, Body = json });

    private protected Task<Connection> ReadAsync(string json, string id = "cn-1")
    {
        Answer(json);
        return _client.GetAsync(id, new RequestContext());
    }
}
