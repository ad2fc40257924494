using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace KoreConnections.Tests.Support;

/// <summary>
/// A server of the API that costs next to nothing. It answers in chunks, and compressed where the client takes that. How it answers stands in the address:
/// /LATENCY-IN-MS/LENGTH-OF-THE-LIST, and /PROVIDER where all connections are of one provider.
/// </summary>
internal static class ApiServer
{
    private static readonly ConcurrentDictionary<(int Count, string? Provider), byte[]> Lists = new();
    private static readonly ConcurrentDictionary<byte[], byte[]> Compressed = new();

    public static async Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int end = Array.IndexOf(path, "connections");
        if (end is not (2 or 3) || !int.TryParse(path[0], out int milliseconds) || !int.TryParse(path[1], out int count))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string? provider = end == 3 ? path[2] : null;
        byte[] answer = path.Length > end + 1 ? One(path[end + 1], null, provider) :
            HttpMethods.IsPost(context.Request.Method) ? One("cn-" + Guid.NewGuid().ToString("D"), await ReadNameAsync(context.Request), provider) :
            List(context.Request.Query["limit"] is [string limit] ? Math.Min(count, int.Parse(limit, CultureInfo.InvariantCulture)) : count, count, provider);
        if (milliseconds > 0)
        {
            await Task.Delay(milliseconds);
        }

        context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json; charset=utf-8";
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            // Lists are kept, so that compressing them is not measured.
            answer = Lists.Values.Any(list => ReferenceEquals(list, answer)) ? Compressed.GetOrAdd(answer, Compress) : Compress(answer);
        }

        // Without a length, as servers that compress answer: in chunks.
        await context.Response.Body.WriteAsync(answer);
    }

    private static byte[] Compress(byte[] answer)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(answer);
        }

        return compressed.ToArray();
    }

    private static async Task<string> ReadNameAsync(HttpRequest request)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(request.Body);
        return body.RootElement.GetProperty("connectionName").GetString()!;
    }

    private static byte[] List(int count, int total, string? provider) => Lists.GetOrAdd((count, provider), static (key, total) => Write(json =>
    {
        json.WriteStartArray("connections");
        for (int i = 1; i <= key.Count; i++)
        {
            json.WriteStartObject();
            WriteRow(json, $"cn-{i:x8}-0000-4000-8000-{i:x12}", null, key.Provider, i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total", total);
    }), total);

    private static byte[] One(string id, string? name, string? provider) => Write(json =>
    {
        // The ids of the list bear the number.
        int number = name is null && id.Length > 11 && int.TryParse(id.AsSpan(3, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int read) ? read : 1;
        WriteRow(json, id, name, provider, number);
        if (provider == "API")
        {
            json.WritePropertyName("headers");
            json.WriteRawValue("""[{"key":"x-api-key","value":"sk***************6789"}]""");
            json.WriteString("endpointUrl", "https://llm.example.com/v1/messages");
            json.WritePropertyName("payload");
            json.WriteRawValue("""{"model":"in-house-7b","max_tokens":1024,"messages":[{"role":"user","content":"{{prompt}}"}]}""");
            json.WriteString("outputPath", "content[0].text");
            json.WriteBoolean("isEnable", true);
            return;
        }

        json.WriteStartObject("fields");
        json.WriteString("API_KEY", "sk***************6789");
        json.WriteEndObject();
    });

    private static void WriteRow(Utf8JsonWriter json, string id, string? name, string? provider, int number)
    {
        bool isCustom = provider == "API";
        json.WriteString("connectionId", id);
        json.WriteString("connectionName", name ?? $"Connection {number}");
        json.WriteString("provider", provider ?? (number % 3) switch { 0 => "Open AI", 1 => "Azure Open AI", _ => "Anthropic" });
        json.WriteString("model", isCustom ? "Connection" : (number % 4) switch { 0 => "gpt-4o", 1 => "gpt-4o-mini", 2 => "GPT-4", _ => "claude-3-5-haiku-20241022" });
        json.WriteString("status", isCustom ? "FINALIZED" : number % 10 == 0 ? "INACTIVE" : "ACTIVE");
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
