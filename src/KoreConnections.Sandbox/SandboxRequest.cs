namespace KoreConnections.Sandbox;

/// <summary>A request as it came.</summary>
public sealed class SandboxRequest
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; set; } = "";

    /// <summary>Path and query as they stood in the request line.</summary>
    public string Target { get; set; } = "";

    /// <summary>The headers by name, in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>The body.</summary>
    public string Body { get; set; } = "";
}
