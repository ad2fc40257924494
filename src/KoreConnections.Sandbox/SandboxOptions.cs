namespace KoreConnections.Sandbox;

/// <summary>How a sandbox is set up.</summary>
public sealed class SandboxOptions
{
    /// <summary>The file that keeps its connections, or null to forget them at the end.</summary>
    public string? Path { get; set; }

    public ApiGeneration Generation { get; set; } = ApiGeneration.Second;

    /// <summary>The most that one listing holds when no limit is asked for; null for all.</summary>
    public int? ListingLimit { get; set; }

    /// <summary>Whether it imitates the providers too, with which keys are verified.</summary>
    public bool ImitatesProviders { get; set; }

    /// <summary>Sees each request with its body as it came, keys included: for tests, which compare bodies.</summary>
    public Action<SandboxRequest>? OnRequest { get; set; }
}
