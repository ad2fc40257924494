using System;
using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>Where a value stands in the API under another name than the parameter's.</summary>
internal static class WireNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Name"] = "connectionName",
        ["ApiKey"] = "API_KEY",
        ["ResourceName"] = "your_resource_name",
        ["DeploymentId"] = "deployment_id",
        ["ApiVersion"] = "api_version",
        ["Header"] = "headers",
        ["PromptVariable"] = "promptVars",
        ["CustomVariable"] = "customVars",
        ["Feature"] = "llmFeatures",
        ["IOMapping"] = "IOMappings",
        ["AuthorizationProfile"] = "idp",
        ["IsEnabled"] = "isEnable",
    };

    // What is a property of a connection, and called the same in the API.
    private static readonly string[] Alike = ["endpointUrl", "payload", "outputPath", "inputTokensPath", "outputTokensPath", "mapProvider"];

    private static readonly HashSet<string> Properties = new(Names.Values.Concat(Alike), StringComparer.Ordinal);

    /// <summary>Whether a connection has a property for what the API calls so.</summary>
    public static bool IsProperty(string wireName) => Properties.Contains(wireName);

    /// <summary>The API's name of a parameter's value, or null where it is the parameter's own.</summary>
    public static string? Of(string parameter) => Names.TryGetValue(parameter, out string? name) ? name : null;
}
