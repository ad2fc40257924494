using System;
using System.Collections.Generic;

namespace KoreConnections.Sandbox;

/// <summary>Which text of the API's document the sandbox follows.</summary>
public enum Generation
{
    /// <summary>PATCH for named providers only, no PUT.</summary>
    First,

    /// <summary>PATCH and PUT for custom APIs too.</summary>
    Second,
}

/// <summary>How a sandbox is set up.</summary>
public sealed class SandboxOptions
{
    /// <summary>The file that keeps its connections, or null to forget them at the end.</summary>
    public string? Path { get; set; }

    /// <summary>The document's generation.</summary>
    public Generation Generation { get; set; } = Generation.Second;

    /// <summary>The most that one listing holds when no limit is asked for; null for all.</summary>
    public int? ListingLimit { get; set; }

    /// <summary>Sees each request with its body as it came, keys included: for tests, which compare bodies.</summary>
    public Action<SandboxRequest>? OnRequest { get; set; }
}

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

/// <summary>What goes wrong on purpose with the next requests that it fits.</summary>
public sealed class Fault
{
    /// <summary>The method that it is for; null for any.</summary>
    public string? Method { get; set; }

    /// <summary>A part of the path that it is for; null for any.</summary>
    public string? Path { get; set; }

    /// <summary>How many requests pass before the first.</summary>
    public int Skip { get; set; }

    /// <summary>How many requests it takes; 0 for all that follow.</summary>
    public int Times { get; set; } = 1;

    /// <summary>Milliseconds before the answer.</summary>
    public int DelayMilliseconds { get; set; }

    /// <summary>Answers with this status and <see cref="Body"/> in place of the real answer.</summary>
    public int? Status { get; set; }

    /// <summary>The body that goes with <see cref="Status"/>; without it the documented envelope.</summary>
    public string? Body { get; set; }

    /// <summary>Another content type than <c>application/json</c>.</summary>
    public string? ContentType { get; set; }

    /// <summary>Cuts the answer after so many bytes, and tells the shorter length.</summary>
    public int? TruncateAt { get; set; }

    /// <summary>Does the work before the faulty answer is given.</summary>
    public bool AfterWork { get; set; }

    /// <summary>Further response headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();
}
