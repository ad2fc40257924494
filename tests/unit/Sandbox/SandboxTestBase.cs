using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Sandbox;

/// <summary>A client of a sandbox that uses no more than HTTP, and a folder for its file.</summary>
public abstract class SandboxTestBase : IDisposable
{
    private protected const string Key = "sk-sandbox-0123456789abcMQAA";

    private protected readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private protected readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private protected SandboxServer Start(SandboxOptions? options = null)
    {
        SandboxServer sandbox = SandboxServer.Start(options);
        Use(sandbox.Keys.Issue());
        return sandbox;
    }

    private protected void Use(string key)
    {
        _http.DefaultRequestHeaders.Remove("x-api-key");
        _http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    private protected Task<HttpResponseMessage> PostAsync(SandboxServer sandbox, string name) =>
        _http.PostAsync(sandbox.BaseUri + "/connections", Json(new JsonObject { ["provider"] = "Open AI", ["connectionName"] = name, ["model"] = "gpt-4o", ["fields"] = new JsonObject { ["API_KEY"] = Key } }.ToJsonString()));

    private protected async Task<JsonObject> CreateAsync(SandboxServer sandbox, string name) =>
        (await (await PostAsync(sandbox, name)).Content.ReadFromJsonAsync<JsonObject>())!;
}
