namespace KoreConnections.Sandbox;

/// <summary>Which text of the API's document the sandbox follows.</summary>
public enum ApiGeneration
{
    /// <summary>PATCH for named providers only, no PUT.</summary>
    First,

    /// <summary>PATCH and PUT for custom APIs too.</summary>
    Second,
}
