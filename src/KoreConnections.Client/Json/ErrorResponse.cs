namespace KoreConnections.Client;

/// <summary>What an error's body says, whichever of the shapes of the platform or a provider it has.</summary>
/// <param name="Type">Anthropic's and OpenAI's kind of error, such as <c>permission_error</c>.</param>
internal readonly record struct ErrorResponse(string? Code, string? Type, string? Message, string? RequestId)
{
    public bool IsKnown => Code is not null || Message is not null;

    public static ErrorResponse Read(ArraySegment<byte> body, SecretRedactor redactor)
    {
        if (LenientJson.Parse(body) is not { ValueKind: JsonValueKind.Object } root)
        {
            return default;
        }

        JsonElement error = Child(root, "error");
        JsonElement first = Child(root, "errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0 ? errors[0] : default;
        return new ErrorResponse(
            Code: Clean(Text(error, "code") ?? Text(first, "code") ?? Text(root, "code")),
            Type: Clean(Text(error, "type") ?? Text(error, "status")),
            Message: Clean(
                Text(error)
                    ?? Text(error, "message")
                    ?? Text(first)
                    ?? Text(first, "msg")
                    ?? Text(first, "message")
                    ?? Text(root, "message")
                    ?? Text(root, "msg")
                    ?? Text(root, "detail")),
            RequestId: Clean(Text(Child(root, "meta"), "requestId") ?? Text(root, "requestId") ?? Text(root, "request_id")));

        string? Clean(string? text) => text is null ? null : redactor.Quote(text);
    }

    private static JsonElement Child(JsonElement parent, string name) => LenientJson.Property(parent, name) ?? default;

    private static string? Text(JsonElement parent, string name) => Text(Child(parent, name));

    private static string? Text(JsonElement element)
    {
        string? text = element.ValueKind switch
        {
            JsonValueKind.String => LenientJson.Text(element),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}
