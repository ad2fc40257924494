using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KoreConnections.Client;
using KoreConnections.Sandbox;
using Xunit;

namespace KoreConnections.Tests.Client;

/// <summary>A server that repeats what it was sent gets no key into any text.</summary>
public sealed class EchoTests : IDisposable
{
    private const string Bare = "abcdef-0123456789-ghijkl";

    private readonly SandboxServer _sandbox = SandboxServer.Start();
    private readonly string _platformKey;
    private readonly ConnectionsClient _client;

    public EchoTests()
    {
        _platformKey = _sandbox.Keys.Issue();
        _client = new ConnectionsClient(new SessionOptions(_sandbox.BaseUri, Secret.FromPlainText(_platformKey)) { MaximumRetryCount = 0 });
    }

    [Theory]
    [InlineData("no such key: " + Bare)]
    [InlineData("BEARER " + Bare)]
    [InlineData("ABCDEF-0123456789-GHIJKL, or was it ABCDEF-0123456789-GHIJKL")]
    public async Task AHeadersKeyIsTakenOutWithAndWithoutItsScheme(string echo)
    {
        string body = System.Text.Json.JsonSerializer.Serialize(new { error = new { code = echo, message = echo } });
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 400, Body = body, Headers = new Dictionary<string, string> { ["x-request-id"] = Bare } });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(Definition(), new Call()));
        foreach (string text in new[] { error.ToString(), error.Code!, error.ServerMessage!, error.RequestId! })
        {
            Assert.DoesNotContain(Bare, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(Secret.Mask, error.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerIsReadWithoutTheKeysThatWereSent()
    {
        string body = System.Text.Json.JsonSerializer.Serialize(new { connectionId = "cn-1", connectionName = $"named {Bare}", note = $"sent with {_platformKey}", headers = new[] { new { key = "plain", value = Bare } } });
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, Body = body });
        Connection read = await _client.CreateAsync(Definition(), new Call());
        Assert.Equal($"named {Secret.Mask}", read.ConnectionName);
        Assert.Equal($"sent with {Secret.Mask}", read.AdditionalProperties["note"]);
        Assert.DoesNotContain(Bare, string.Concat(((object?[])read.AdditionalProperties["headers"]!).Cast<System.Collections.Specialized.OrderedDictionary>().Select(h => (string)h["value"]!)), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _sandbox.Dispose();
    }

    private static CustomApiDefinition Definition() => new(new CustomApiSettings
    {
        EndpointUrl = "https://llm.example.com",
        Headers = [new Header("Authorization", Secret.FromPlainText("Bearer " + Bare))],
        MapProvider = "openAIModel",
        Features = ["streaming"],
    })
    {
        Name = "A",
    };
}
