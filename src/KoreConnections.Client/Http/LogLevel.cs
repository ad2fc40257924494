namespace KoreConnections.Client;

/// <summary>How much a line of the log matters.</summary>
public enum LogLevel
{
    /// <summary>For someone who wants to see what happens.</summary>
    Verbose,

    /// <summary>For someone who looks for a fault.</summary>
    Debug,
}
