namespace KoreConnections.Sandbox;

/// <summary>One request as the log keeps it.</summary>
/// <param name="Body">The body with masks instead of keys.</param>
public sealed record LoggedRequest(string Method, string Target, int Status, JsonNode? Body);
