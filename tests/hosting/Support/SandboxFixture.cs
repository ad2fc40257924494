using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Support;

/// <summary>A sandbox with a connected shell, and the requests with their bodies as they came.</summary>
internal sealed class SandboxFixture : IDisposable
{
    private readonly ConcurrentQueue<SandboxRequest> _requests = new();

    public SandboxFixture(SandboxOptions? options = null, string connectOptions = "")
    {
        options ??= new SandboxOptions();
        options.OnRequest = request =>
        {
            _requests.Enqueue(request);
            Arriving?.Invoke(request);
        };
        Sandbox = SandboxServer.Start(options);
        Shell = Shell.ConnectedTo(Sandbox, options: connectOptions);
    }

    public SandboxServer Sandbox { get; }

    public Shell Shell { get; }

    /// <summary>What happens before a request is answered.</summary>
    public Action<SandboxRequest>? Arriving { get; set; }

    public IReadOnlyList<SandboxRequest> Requests => _requests.ToArray();

    /// <summary>The requests that change something.</summary>
    public IReadOnlyList<SandboxRequest> Writes => Requests.Where(r => r.Method != "GET").ToArray();

    public JsonNode? SentBody => JsonNode.Parse(Writes.Last().Body);

    /// <summary>Creates connections of OpenAI and tells their ids.</summary>
    public IReadOnlyList<string> Seed(params string[] names)
    {
        Shell.Set("seedKey", Shell.Secure("sk-seed-0123456789abcdef"));
        string[] ids = names.Select(name =>
        {
            Shell.Set("seedName", name);
            return (string)Shell.RunClean("New-Connection -OpenAI -Name $seedName -Model gpt-5.4-mini -ApiKey $seedKey")[0].Properties["ConnectionId"].Value;
        }).ToArray();
        _requests.Clear();
        return ids;
    }

    public void Forget() => _requests.Clear();

    public void Dispose()
    {
        Shell.Dispose();
        Sandbox.Dispose();
    }
}
