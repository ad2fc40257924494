using System;
using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>A property of a connection in a manifest. It has the name of the parameter.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="kind">What it holds.</param>
/// <param name="rule">The rule for a text or for each of several; it throws what is wrong.</param>
internal sealed class ManifestProperty(string parameter, ValueKind kind, Action<string>? rule = null)
{
    private static readonly ManifestProperty[] Common =
    [
        new("Provider", ValueKind.Text, text => ApiValues.Providers.Parse(text, "Provider")),
        new("Name", ValueKind.Text, text => Guard.Required(text, "Name")),
        new("Model", ValueKind.Text, text => Guard.Required(text, "Model")),
    ];

    private static readonly ManifestProperty[] Keyed = [.. Common, new("ApiKey", ValueKind.Key)];

    private static readonly ManifestProperty[] Azure =
    [
        .. Keyed,
        new("ResourceName", ValueKind.Text, text => Guard.ResourceName(text)),
        new("DeploymentId", ValueKind.Text, text => Guard.DeploymentId(text)),
        new("ApiVersion", ValueKind.Text, text => Guard.ApiVersion(text)),
    ];

    private static readonly ManifestProperty[] Custom =
    [
        .. Common,
        new("EndpointUrl", ValueKind.Text, text => Guard.EndpointUrl(text)),
        new("Header", ValueKind.Headers),
        new("Payload", ValueKind.Payload),
        new("OutputPath", ValueKind.Text, text => Guard.ResponsePath(text, "OutputPath")),
        new("InputTokensPath", ValueKind.Text, text => Guard.ResponsePath(text, "InputTokensPath")),
        new("OutputTokensPath", ValueKind.Text, text => Guard.ResponsePath(text, "OutputTokensPath")),
        new("PromptVariable", ValueKind.Variables, text => Variable.PromptNames.Parse(text, "PromptVariable")),
        new("CustomVariable", ValueKind.Variables, text => Guard.Required(text, "CustomVariable")),
        new("MapProvider", ValueKind.Text, text => ApiValues.MapProviders.Parse(text, "MapProvider")),
        new("Feature", ValueKind.Texts, text => ApiValues.Features.Parse(text, "Feature")),
        new("IOMapping", ValueKind.Texts, text => ApiValues.IOMappings.Parse(text, "IOMapping")),
        new("AuthorizationProfile", ValueKind.Text, text => Guard.Required(text, "AuthorizationProfile")),
        new("Draft", ValueKind.Flag),
        new("Disabled", ValueKind.Flag),
    ];

    private static readonly string[] OptionalOfCustom = ["Model"];

    /// <summary>All properties, in the order in which they are written.</summary>
    public static IReadOnlyList<ManifestProperty> All { get; } = [.. Azure, .. Custom.Skip(Common.Length)];

    private static readonly Dictionary<string, ManifestProperty> ByName = All.ToDictionary(p => p.Parameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>The parameter's name.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The name as it is written: the parameter's in camel case.</summary>
    public string Name { get; } = NameOf(parameter);

    /// <summary>What it holds.</summary>
    public ValueKind Kind { get; } = kind;

    /// <summary>Whether an export writes <c>${env:NAME}</c> into it in place of a key.</summary>
    public bool MayHoldKey => Kind is ValueKind.Headers or ValueKind.Payload or ValueKind.Variables || Parameter == "EndpointUrl";

    /// <summary>The rule for a text.</summary>
    public Action<string>? Rule { get; } = rule;

    /// <summary>The property of a name in any case, or null.</summary>
    public static ManifestProperty? Find(string name) => ByName.TryGetValue(name, out ManifestProperty? property) ? property : null;

    /// <summary>The properties of a provider, in the API's spelling.</summary>
    public static IReadOnlyList<ManifestProperty> Of(string provider) => provider switch
    {
        ApiValues.AzureOpenAI => Azure,
        ApiValues.CustomApi => Custom,
        _ => Keyed,
    };

    /// <summary>The properties without which a connection of a provider is not complete.</summary>
    public static IReadOnlyList<ManifestProperty> RequiredOf(string provider) => provider == ApiValues.CustomApi
        ? [.. Common.Where(p => !OptionalOfCustom.Contains(p.Parameter)), Custom[Common.Length]]
        : Of(provider);

    /// <summary>The providers that have it.</summary>
    public IEnumerable<string> Providers() => ApiValues.Providers.Values.Where(p => Of(p).Any(o => o.Parameter == Parameter));

    // IOMapping begins with two capitals that belong together.
    private static string NameOf(string parameter) => parameter.StartsWith("IO", StringComparison.Ordinal)
        ? "io" + parameter.Substring(2)
        : char.ToLowerInvariant(parameter[0]) + parameter.Substring(1);
}
