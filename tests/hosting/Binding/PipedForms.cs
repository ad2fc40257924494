using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;
using KoreConnections.Tests.Support;

namespace KoreConnections.Tests.Binding;

/// <summary>What one and the same connection looks like in each form that can be piped.</summary>
public enum Form
{
    /// <summary>A row of Import-Csv: all columns of all shapes, those of the others empty.</summary>
    Csv,

    /// <summary>An object with tables, lists and a SecureString.</summary>
    Typed,

    /// <summary>The row after Export-Clixml and Import-Clixml.</summary>
    DeserializedRow,

    /// <summary>A hashtable.</summary>
    Table,

    /// <summary>An ordered hashtable.</summary>
    Ordered,

    /// <summary>What ConvertFrom-Json makes of the body that is sent.</summary>
    Wire,

    /// <summary>The same with -AsHashtable.</summary>
    WireTable,
}

/// <summary>One of the five shapes: its switch, its values by parameter, and its body on the wire.</summary>
/// <param name="Switch">The parameter that names the set.</param>
/// <param name="Provider">The provider as people write it.</param>
/// <param name="Values">The values by parameter name.</param>
/// <param name="Body">What has to be sent.</param>
internal sealed record Shape(string Switch, string Provider, OrderedDictionary Values, string Body)
{
    private static readonly string[] Columns =
    [
        "Name", "Provider", "Model", "ApiKey", "ResourceName", "DeploymentId", "ApiVersion", "EndpointUrl", "Header", "Payload", "OutputPath", "InputTokensPath",
        "OutputTokensPath", "PromptVariable", "CustomVariable", "MapProvider", "Feature", "IOMapping", "AuthorizationProfile", "Draft", "Disabled",
    ];

    public static Shape Get(string name) => name switch
    {
        "OpenAI" => new("OpenAI", "OpenAI", new() { ["Name"] = "n", ["Model"] = "m", ["ApiKey"] = BindingTest.Key }, BindingTest.OpenAI()),
        "Anthropic" => new("Anthropic", "anthropic", new() { ["Name"] = "n", ["Model"] = "m", ["ApiKey"] = BindingTest.Key },
            BindingTest.Merge(BindingTest.OpenAI(), """{ "provider": "Anthropic", "modelType": "EASY_INTEGRATION" }""")),
        "AzureOpenAI" => new("AzureOpenAI", "Azure Open AI", new() { ["Name"] = "n", ["Model"] = "m", ["ApiKey"] = BindingTest.Key, ["ResourceName"] = "res", ["DeploymentId"] = "dep", ["ApiVersion"] = "2024-08-01-preview" },
            BindingTest.Merge(BindingTest.OpenAI(), $$"""
                { "provider": "Azure Open AI", "modelType": "EASY_INTEGRATION", "fields": { "API_KEY": "{{BindingTest.Key}}", "api_version": "2024-08-01-preview", "your_resource_name": "res", "deployment_id": "dep" } }
                """)),
        "Payload" => new("CustomApi", "api", new()
        {
            ["Name"] = "n",
            ["Model"] = "m",
            ["EndpointUrl"] = BindingTest.Endpoint,
            ["Header"] = new OrderedDictionary { ["x-api-key"] = BindingTest.Key },
            ["Payload"] = new OrderedDictionary { ["max_tokens"] = 1024L, ["messages"] = new object[] { new OrderedDictionary { ["content"] = "{{prompt}} {{system_prompt}}" } } },
            ["OutputPath"] = "content[0].text",
            ["InputTokensPath"] = "usage.input_tokens",
            ["OutputTokensPath"] = "usage.output_tokens",
            ["PromptVariable"] = new object[] { "prompt", "system_prompt" },
            ["CustomVariable"] = new object[] { "tone" },
        }, BindingTest.Custom($$"""
            {
              "model": "m", "headers": [{ "key": "x-api-key", "value": "{{BindingTest.Key}}" }],
              "payload": { "max_tokens": 1024, "messages": [{ "content": "{{"{{prompt}} {{system_prompt}}"}}" }] },
              "outputPath": "content[0].text", "inputTokensPath": "usage.input_tokens", "outputTokensPath": "usage.output_tokens",
              "promptVars": {{BindingTest.Prompts("prompt", "system_prompt")}},
              "customVars": [{ "name": "tone", "displayName": "Tone", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false }]
            }
            """)),
        "Mapped" => new("CustomApi", "API", new()
        {
            ["Name"] = "n",
            ["Model"] = "m",
            ["EndpointUrl"] = BindingTest.Endpoint,
            ["Header"] = new OrderedDictionary { ["x-api-key"] = BindingTest.Key },
            ["MapProvider"] = "anthropicModel",
            ["Feature"] = new object[] { "toolCalling", "streaming" },
            ["IOMapping"] = new object[] { "textToText", "textToImage" },
            ["AuthorizationProfile"] = "profile",
        }, BindingTest.Mapped($$"""
            {
              "model": "m", "headers": [{ "key": "x-api-key", "value": "{{BindingTest.Key}}" }], "mapProvider": "anthropicModel",
              "llmFeatures": {{BindingTest.Features("toolCalling", "streaming")}}, "IOMappings": ["textToText", "textToImage"], "idp": "profile"
            }
            """)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public object In(Form form) => form switch
    {
        Form.Csv => Item(Columns.Select(c => (c, (object?)Cell(c == "Provider" ? Provider : Values[c])))),
        Form.Typed => Item(Pairs(secure: true)),
        Form.DeserializedRow => PSSerializer.Deserialize(PSSerializer.Serialize(Item(Pairs(secure: false)), 8)),
        Form.Table => new Hashtable(Pairs(secure: true).ToDictionary(p => p.Item1, p => p.Item2)),
        Form.Ordered => Ordered(Pairs(secure: false)),
        Form.Wire => FromJson(JsonNode.Parse(Body), asTable: false)!,
        Form.WireTable => FromJson(JsonNode.Parse(Body), asTable: true)!,
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };

    private IEnumerable<(string, object?)> Pairs(bool secure) =>
        Values.Cast<DictionaryEntry>().Select(e => ((string)e.Key, secure && (string)e.Key == "ApiKey" ? Shell.Secure(BindingTest.Key) : e.Value)).Append(("Provider", Provider));

    // Lists stand in a cell split at semicolons, tables as JSON.
    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => text,
        object[] list when list.All(i => i is string) => string.Join("; ", list),
        _ => ToJson(value)!.ToJsonString(),
    };

    private static JsonNode? ToJson(object? value) => value switch
    {
        OrderedDictionary table => new JsonObject(table.Cast<DictionaryEntry>().Select(e => new KeyValuePair<string, JsonNode?>((string)e.Key, ToJson(e.Value)))),
        object[] list => new JsonArray(list.Select(ToJson).ToArray()),
        string text => text,
        _ => (long)value!,
    };

    private static object? FromJson(JsonNode? node, bool asTable) => node switch
    {
        JsonObject item when asTable => new Hashtable(item.ToDictionary(p => p.Key, p => FromJson(p.Value, true))),
        JsonObject item => Item(item.Select(p => (p.Key, FromJson(p.Value, false)))),
        JsonArray list => list.Select(i => FromJson(i, asTable)).ToArray(),
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        _ => node?.GetValue<long>(),
    };

    private static PSObject Item(IEnumerable<(string Name, object? Value)> properties)
    {
        var item = new PSObject();
        foreach ((string name, object? value) in properties)
        {
            item.Properties.Add(new PSNoteProperty(name, value));
        }

        return item;
    }

    private static OrderedDictionary Ordered(IEnumerable<(string Name, object? Value)> pairs)
    {
        var table = new OrderedDictionary();
        foreach ((string name, object? value) in pairs)
        {
            table.Add(name, value);
        }

        return table;
    }
}
