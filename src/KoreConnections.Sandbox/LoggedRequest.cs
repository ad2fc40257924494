using System.Text.Json.Nodes;

namespace KoreConnections.Sandbox;

/// <summary>One request as the log keeps it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Body">The body with masks in place of keys.</param>
public sealed record LoggedRequest(string Method, string Target, int Status, JsonNode? Body);
