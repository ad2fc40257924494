using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>
/// Makes a definition of a connection that was read. Its keys are given: the platform shows no more of them than masks.
/// </summary>
internal static class DefinitionFactory
{
    /// <summary>What the connection consists of.</summary>
    /// <param name="connection">The connection with its fields.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="KoreException">KoreInvalidInput: what is needed was not given.</exception>
    public static ConnectionDefinition Define(Connection connection, ConnectionCredential key)
    {
        string provider = Provider(connection);
        key.Require(provider, connection.ConnectionName ?? connection.ConnectionId);
        ConnectionDefinition definition = provider switch
        {
            ApiValues.OpenAI => new OpenAIDefinition { ApiKey = key.ApiKey },
            ApiValues.Anthropic => new AnthropicDefinition { ApiKey = key.ApiKey },
            ApiValues.AzureOpenAI => new AzureOpenAIDefinition
            {
                ApiKey = key.ApiKey,
                ResourceName = Text(connection.Fields, "your_resource_name"),
                DeploymentId = Text(connection.Fields, "deployment_id"),
                ApiVersion = Text(connection.Fields, "api_version"),
            },
            _ => new CustomApiDefinition(Settings(connection, key.Headers!)),
        };
        definition.Name = connection.ConnectionName;
        definition.Model = connection.Model;
        return definition;
    }

    /// <summary>The provider in the API's spelling.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it is none that is known here.</exception>
    public static string Provider(Connection connection) => ApiValues.Providers.Find(connection.Provider)
        ?? throw KoreException.InvalidInput(
            "Provider",
            $"{Shown(connection)} has the provider '{TextSanitizer.SingleLine(connection.Provider, 100)}', which this module does not support, "
                + $"so its key cannot be tested or changed. Supported providers: {ApiValues.Providers.Listed}.");

    /// <summary>All headers of a custom API: those given, and of the others what the platform shows without a mask.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: a header whose value is not known would be lost.</exception>
    public static IReadOnlyList<Header> Headers(Connection connection, IReadOnlyList<Header> given)
    {
        var all = new List<Header>(given);
        var missing = new List<string>();
        foreach (OrderedDictionary header in Items(connection.AdditionalProperties["headers"]))
        {
            string name = Text(header, "key") ?? "";
            if (given.Any(g => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (Text(header, "value") is string value && !SecretMasker.IsMasked(value.AsSpan()))
            {
                all.Add(new Header(name, Secret.FromPlainText(value)));
            }
            else
            {
                missing.Add($"'{TextSanitizer.SingleLine(name, 100)}'");
            }
        }

        return missing.Count == 0
            ? all
            : throw KoreException.InvalidInput(
                "Header",
                $"-Header does not include {string.Join(", ", missing)} of {Shown(connection)}, for which the platform shows only a mask. "
                    + "Headers are replaced as a whole: specify all of them.");
    }

    /// <summary>How the platform shows the connection's key.</summary>
    public static string? Mask(Connection connection) => connection.Fields is not null
        ? Text(connection.Fields, "API_KEY")
        : Items(connection.AdditionalProperties["headers"])
            .Select(h => Text(h, "value"))
            .FirstOrDefault(v => v is not null && SecretMasker.IsMasked(v.AsSpan()));

    private static CustomApiSettings Settings(Connection connection, IReadOnlyList<Header> headers)
    {
        OrderedDictionary further = connection.AdditionalProperties;
        JsonElement? payload = further["payload"] is { } written ? JsonValues.Write(written) : null;
        if (payload?.GetRawText() is string text && SecretMasker.IsMasked(text.AsSpan()))
        {
            throw KoreException.InvalidInput(
                "Payload",
                $"The payload of {Shown(connection)} contains a mask instead of a key, so it cannot be sent. "
                    + "Test it with -CustomApi and the complete -Payload.");
        }

        return new CustomApiSettings
        {
            EndpointUrl = connection.Endpoint?.Read(static text => text.ToString()) ?? Text(further, "endpointUrl"),
            Headers = Headers(connection, headers),
            MapProvider = Text(further, "mapProvider"),
            Payload = payload,
            OutputPath = Text(further, "outputPath"),
            InputTokensPath = Text(further, "inputTokensPath"),
            OutputTokensPath = Text(further, "outputTokensPath"),
            // As further ones, which may have any name.
            CustomVariables = payload is null ? null : [.. Variables(further["promptVars"]), .. Variables(further["customVars"])],
        };
    }

    private static IEnumerable<Variable> Variables(object? list) => Items(list)
        .Where(v => Text(v, "name") is not null && v["defaultValue"] is not null)
        .Select(v => new Variable(Text(v, "name")!) { Given = new Dictionary<string, JsonElement> { ["defaultValue"] = JsonValues.Write(v["defaultValue"]) } });

    private static IEnumerable<OrderedDictionary> Items(object? list) => (list as object?[] ?? []).OfType<OrderedDictionary>();

    private static string? Text(OrderedDictionary? table, string name) => table?[name] is string { Length: > 0 } text ? text : null;

    private static string Shown(Connection connection) => $"'{TextSanitizer.SingleLine(connection.ConnectionName ?? connection.ConnectionId, 100)}'";
}
