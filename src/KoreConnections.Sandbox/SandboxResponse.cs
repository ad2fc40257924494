using System.Text.Encodings.Web;

namespace KoreConnections.Sandbox;

internal sealed record SandboxResponse(int Status, string Body)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public int? TruncateAt { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static SandboxResponse Of(JsonNode? body, int status = 200) => new(status, body?.ToJsonString(Readable) ?? "null");

    public static SandboxResponse Of(ApiError error) => Of(error.Envelope(), error.Status);
}
