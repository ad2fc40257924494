namespace KoreConnections.Sandbox;

/// <summary>An answer of the documented error envelope.</summary>
internal sealed class ApiError(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public JsonObject Envelope() => Envelope(code, Message);

    public static ApiError Invalid(string message) => new(400, "VALIDATION_ERROR", message);

    public static ApiError NotFound(string what) => new(404, "NOT_FOUND", $"{what} was not found");

    public static ApiError MethodNotAllowed(string method) => new(405, "METHOD_NOT_ALLOWED", $"{method} is not supported here");

    public static JsonObject Envelope(int status) => status switch
    {
        400 => Envelope("VALIDATION_ERROR", "The request is not valid"),
        401 => Envelope("UNAUTHORIZED", "The API key is not valid"),
        403 => Envelope("INSUFFICIENT_SCOPE", "The API key lacks a scope"),
        404 => Envelope("NOT_FOUND", "The connection was not found"),
        409 => Envelope("RESOURCE_CONFLICT", "A connection of this name exists"),
        429 => Envelope("RATE_LIMIT_EXCEEDED", "Too many requests"),
        503 => Envelope("SERVICE_UNAVAILABLE", "The service is not available"),
        _ => Envelope("INTERNAL_ERROR", "Something went wrong"),
    };

    private static JsonObject Envelope(string code, string message) => new()
    {
        ["success"] = false,
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["details"] = new JsonObject() },
        ["meta"] = new JsonObject { ["requestId"] = "req_" + Guid.NewGuid().ToString("N"), ["timestamp"] = Timestamp(DateTime.UtcNow) },
    };

    public static string Timestamp(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
