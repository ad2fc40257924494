namespace KoreConnections.Client;

/// <summary>
/// Lists from a canned answer, so that the runtime compiles the way of a request in the background while the first connect
/// of a shell is still being bound: otherwise the connect waits for it. Nothing is sent, and no address is looked up.
/// </summary>
internal static class FirstRequest
{
    private const string Answer = """
        {"connections": [{"connectionId": "c", "connectionName": "n", "provider": "Open AI", "model": "m", "status": "ACTIVE",
        "createdOn": "2025-01-01T00:00:00Z"}], "total": 1}
        """;

    private static int _prepared;

    /// <summary>Begins it in the background, once in a process. What fails here fails where it is needed, and is reported there.</summary>
    public static void Prepare()
    {
        if (Interlocked.Exchange(ref _prepared, 1) == 0)
        {
            _ = Task.Run(RunAsync);
        }
    }

    internal static async Task<ConnectionList> RunAsync()
    {
        // The way itself has no use for the system's handler, which a session needs.
        using (new HttpClientHandler())
        {
            var options = new SessionOptions(new Uri("http://127.0.0.1/"), Secret.FromPlainText("none")) { PrimaryHandler = new CannedHandler() };
            using var client = new ConnectionsClient(options);
            return await client.ListAsync(new ListFilter { Limit = 1 }, new RequestContext()).ConfigureAwait(false);
        }
    }

    private sealed class CannedHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { RequestMessage = request, Content = new StringContent(Answer, Encoding.UTF8, "application/json") });
    }
}
