using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Json;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Benchmarks;

/// <summary>
/// The same work with a bare HttpClient: the limit of what any client can reach. Loaded into the shell, so that both
/// are measured by one process.
/// </summary>
public static class Floor
{
    private static readonly Lazy<HttpClient> Client = new(() =>
    {
        var client = new HttpClient();
        client.DefaultRequestHeaders.Add("x-api-key", "kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111");
        return client;
    });

    /// <summary>Lists.</summary>
    public static int List(string address) =>
        Client.Value.GetFromJsonAsync<Listing>(address + "/connections").GetAwaiter().GetResult()!.Connections!.Length;

    /// <summary>Reads by id.</summary>
    public static int Read(string address, int count, int width) => Run(count, width, async number =>
        await Client.Value.GetFromJsonAsync<Item>($"{address}/connections/cn-{number}"));

    /// <summary>Creates.</summary>
    public static int Create(string address, int count, int width) => Run(count, width, async number =>
    {
        var body = new { provider = "Open AI", connectionName = $"N{number}", model = "gpt-4o", fields = new { API_KEY = "sk-benchmark-0123456789" } };
        using HttpResponseMessage answer = await Client.Value.PostAsJsonAsync(address + "/connections", body);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Item>();
    });

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
