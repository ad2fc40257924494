using System;
using System.Collections.Generic;

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
    };

    /// <summary>The API's name of a parameter's value, or null where it is the parameter's own.</summary>
    public static string? Of(string parameter) => Names.TryGetValue(parameter, out string? name) ? name : null;
}
