using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KoreConnections.Benchmarks;

/// <summary>
/// A server of the API that costs next to nothing. How it answers stands in the address: /LATENCY-IN-MS/LENGTH-OF-THE-LIST.
/// </summary>
internal static class Server
{
    private static readonly ConcurrentDictionary<int, byte[]> Lists = new();

    public static async Task RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        // It ends with whoever started it.
        Console.In.ReadToEnd();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not [string latency, string length, "connections", ..] || !int.TryParse(latency, out int milliseconds) || !int.TryParse(length, out int count))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        byte[] answer = path.Length > 3 ? One(path[3], "Number") :
            HttpMethods.IsPost(context.Request.Method) ? One("cn-" + Guid.NewGuid().ToString("D"), await ReadNameAsync(context.Request)) :
            List(context.Request.Query["limit"] is [string limit] ? Math.Min(count, int.Parse(limit, CultureInfo.InvariantCulture)) : count, count);
        if (milliseconds > 0)
        {
            await Task.Delay(milliseconds);
        }

        context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }

    private static async Task<string> ReadNameAsync(HttpRequest request)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(request.Body);
        return body.RootElement.GetProperty("connectionName").GetString()!;
    }

    private static byte[] List(int count, int total) => Lists.GetOrAdd(count, static (count, total) => Write(json =>
    {
        json.WriteStartArray("connections");
        for (int i = 1; i <= count; i++)
        {
            json.WriteStartObject();
            WriteRow(json, $"cn-{i:x8}-0000-4000-8000-{i:x12}", $"Connection {i}", i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total", total);
    }), total);

    private static byte[] One(string id, string name) => Write(json =>
    {
        WriteRow(json, id, name, 1);
        json.WriteStartObject("fields");
        json.WriteString("API_KEY", "sk***************MQAA");
        json.WriteEndObject();
    });

    private static void WriteRow(Utf8JsonWriter json, string id, string name, int number)
    {
        json.WriteString("connectionId", id);
        json.WriteString("connectionName", name);
        json.WriteString("provider", (number % 3) switch { 0 => "Open AI", 1 => "Azure Open AI", _ => "Anthropic" });
        json.WriteString("model", (number % 4) switch { 0 => "gpt-4o", 1 => "gpt-4o-mini", 2 => "GPT-4", _ => "claude-3-5-haiku-20241022" });
        json.WriteString("status", number % 10 == 0 ? "INACTIVE" : "ACTIVE");
        json.WriteString("createdOn", "2026-01-15T10:30:00.000Z");
        json.WriteString("modifiedOn", "2026-02-15T10:30:00.000Z");
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
