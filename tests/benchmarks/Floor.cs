using System.Net;
using System.Net.Http.Json;

namespace KoreConnections.Benchmarks;

/// <summary>
/// The same work with a bare HttpClient: the limit of what any client can reach. Loaded into the shell, so that both
/// are measured by one process.
/// </summary>
public static class Floor
{
    private static readonly Lazy<HttpClient> Client = new(() =>
    {
        var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip });
        client.DefaultRequestHeaders.Add("x-api-key", "kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111");
        return client;
    });

    /// <summary>Lists.</summary>
    public static int List(string address) =>
        Client.Value.GetFromJsonAsync<Listing>(address + "/connections").GetAwaiter().GetResult()!.Connections!.Length;

    /// <summary>Reads by id.</summary>
    public static int Read(string address, int count, int width) => Run(count, width, async number =>
        await Client.Value.GetFromJsonAsync<Item>($"{address}/connections/cn-{number}"));

    /// <summary>Creates OpenAI connections.</summary>
    public static int Create(string address, int count, int width) => Run(count, width, number =>
        SendAsync(HttpMethod.Post, address + "/connections", OpenAI(number)));

    /// <summary>What a plan needs at least: the list, and each of its connections.</summary>
    public static int Compare(string address, int count, int width) => List(address) + Read(address, count, width);

    /// <summary>What a sync with an empty platform needs at least.</summary>
    public static int CreateAll(string address, int count, int width, bool isCustom) => List(address) + Run(count, width, number =>
        SendAsync(HttpMethod.Post, address + "/connections", isCustom ? Custom(number) : OpenAI(number)));

    /// <summary>What a sync that changes all needs at least.</summary>
    public static int ChangeAll(string address, int count, int width) => Compare(address, count, width) + Run(count, width, number =>
        SendAsync(HttpMethod.Put, $"{address}/connections/cn-{number}", new { payload = Payload }));

    private static object Payload { get; } = new { model = "in-house-7b", max_tokens = 2048, messages = new[] { new { role = "user", content = "{{prompt}}" } } };

    private static object OpenAI(int number) =>
        new { provider = "Open AI", connectionName = $"N{number}", model = "gpt-4o", fields = new { API_KEY = "sk-benchmark-0123456789" } };

    private static object Custom(int number) => new
    {
        provider = "API",
        connectionName = $"N{number}",
        endpointUrl = "https://llm.example.com/v1/messages",
        headers = new[] { new { key = "x-api-key", value = "sk-benchmark-0123456789" } },
        payload = Payload,
        outputPath = "content[0].text",
        status = "FINALIZED",
        isEnable = true,
    };

    private static async Task<Item?> SendAsync(HttpMethod method, string address, object body)
    {
        using var request = new HttpRequestMessage(method, address) { Content = JsonContent.Create(body) };
        using HttpResponseMessage answer = await Client.Value.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Item>();
    }

    private static int Run(int count, int width, Func<int, Task<Item?>> work)
    {
        var results = new Item?[count];
        int next = -1;
        var workers = new Task[width];
        for (int i = 0; i < width; i++)
        {
            workers[i] = Task.Run(async () =>
            {
                for (int number; (number = Interlocked.Increment(ref next)) < count;)
                {
                    results[number] = await work(number);
                }
            });
        }

        Task.WaitAll(workers);
        return results.Length;
    }

    private sealed record Listing(Item[]? Connections);

    private sealed record Item(string? ConnectionId, string? ConnectionName, string? Provider, string? Model, string? Status, DateTimeOffset? CreatedOn, DateTimeOffset? ModifiedOn, Dictionary<string, string>? Fields);
}
