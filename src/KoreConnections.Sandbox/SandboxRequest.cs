namespace KoreConnections.Sandbox;

/// <summary>A request as it came.</summary>
/// <param name="Target">Path and query as they stood in the request line.</param>
/// <param name="Headers">By name, in any case.</param>
public sealed record SandboxRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
