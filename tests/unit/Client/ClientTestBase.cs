namespace KoreConnections.Tests.Client;

/// <summary>A client and a sandbox, which answers as is said.</summary>
public abstract class ClientTestBase : IDisposable
{
    private protected readonly SandboxServer _sandbox = SandboxServer.Start();
    private protected readonly string _platformKey;
    private protected readonly ConnectionsClient _client;

    private protected ClientTestBase(int retries = 5, TimeProvider? clock = null)
    {
        _platformKey = _sandbox.Keys.Issue();
        _client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_platformKey)) { MaximumRetryCount = retries, TimeProvider = clock ?? TimeProvider.System });
    }

    public void Dispose()
    {
        _client.Dispose();
        _sandbox.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Answer(string json) => _sandbox.Faults.Add(new Fault { Status = 200, Body = json });

    private protected Task<Connection> ReadAsync(string json, string id = "cn-1")
    {
        Answer(json);
        return _client.GetAsync(id, new RequestContext());
    }
}
