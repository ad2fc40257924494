using System;
using System.Collections.Generic;
using System.Linq;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Makes the client's definitions from values by parameter name, wherever they come from.</summary>
/// <param name="value">The value of a parameter, or null.</param>
/// <param name="keys">Follows references to keys.</param>
internal sealed class DefinitionBinder(Func<string, object?> value, KeyResolver keys)
{
    public ConnectionDefinition Read(string provider)
    {
        ConnectionDefinition definition = provider switch
        {
            ApiValues.OpenAI => new OpenAIDefinition { ApiKey = Key() },
            ApiValues.Anthropic => new AnthropicDefinition { ApiKey = Key() },
            ApiValues.AzureOpenAI => new AzureOpenAIDefinition
            {
                ApiKey = Key(),
                ResourceName = Text("ResourceName"),
                DeploymentId = Text("DeploymentId"),
                ApiVersion = Text("ApiVersion"),
            },
            _ => CustomApi(),
        };
        definition.Name = Text("Name");
        definition.Model = Text("Model");
        return definition;
    }

    /// <summary>What describes a custom API; the rest stays null.</summary>
    public CustomApiSettings ReadSettings() => new()
    {
        EndpointUrl = Text("EndpointUrl"),
        Headers = HeaderInput.Read(value("Header"), keys),
        Payload = value("Payload") is { } payload && !IsBlank(payload) ? JsonInput.Read(payload, "Payload") : null,
        OutputPath = Text("OutputPath"),
        InputTokensPath = Text("InputTokensPath"),
        OutputTokensPath = Text("OutputTokensPath"),
        PromptVariables = VariableInput.Read(value("PromptVariable"), "PromptVariable"),
        CustomVariables = VariableInput.Read(value("CustomVariable"), "CustomVariable"),
        MapProvider = Text("MapProvider"),
        Features = Features(),
        IOMappings = PSValueConverter.Texts(value("IOMapping"), "IOMapping"),
        AuthorizationProfile = Text("AuthorizationProfile"),
    };

    private CustomApiDefinition CustomApi()
    {
        if (value("ApiKey") is { } key && !IsBlank(key))
        {
            throw KoreException.InvalidInput("ApiKey", "-ApiKey is not for a custom API, which carries its key in a header. Give it with -Header, for example @{ 'x-api-key' = 'env:NAME' }.");
        }

        CustomApiSettings settings = ReadSettings();
        bool isDraft = PSValueConverter.Flag(value("Draft"), "Draft") || string.Equals(Text("Status"), "DRAFT", StringComparison.OrdinalIgnoreCase);
        settings.Status = isDraft ? "DRAFT" : null;
        bool isDisabled = PSValueConverter.Flag(value("Disabled"), "Disabled") || (value("IsEnabled") is { } enabled && !PSValueConverter.Flag(enabled, "IsEnabled"));
        return new CustomApiDefinition(settings) { IsDisabled = isDisabled };
    }

    // The platform answers with a table of booleans; people give the names of those that are on.
    private IReadOnlyList<string>? Features()
    {
        IReadOnlyList<object?>? given = PSValueConverter.List(value("Feature"), "Feature");
        return given is [var only] && PSValueConverter.Properties(only) is { } table
            ? table.Where(f => PSValueConverter.Flag(f.Value, "Feature")).Select(f => f.Key).ToArray()
            : PSValueConverter.Texts(given, "Feature");
    }

    private Secret? Key() => value("ApiKey") is { } key ? keys.Resolve(PSValueConverter.Unwrap(key), "ApiKey") : null;

    private string? Text(string name) => PSValueConverter.Text(value(name), name);

    private static bool IsBlank(object given) => PSValueConverter.Unwrap(given) switch
    {
        null => true,
        string text => string.IsNullOrWhiteSpace(text),
        System.Security.SecureString secure => secure.Length == 0,
        _ => false,
    };
}
