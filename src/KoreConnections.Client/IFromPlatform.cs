namespace KoreConnections.Client;

/// <summary>What is about a connection of one platform: its id and its name mean nothing on another.</summary>
internal interface IFromPlatform
{
    /// <summary>The platform; null for what did not come from one in this process.</summary>
    string? Platform { get; set; }
}
