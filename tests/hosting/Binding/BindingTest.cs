using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.Json.Nodes;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>
/// Runs a script and says what was sent for it: exactly these bodies, or nothing and an error id. Scripts find the key
/// in $key, and what a custom API needs to be complete in the tables $custom and $mapped.
/// </summary>
public abstract class BindingTest : IDisposable
{
    internal const string Key = "sk-matrix-0123456789abcdef";
    internal const string InvalidInput = "KoreInvalidInput";
    internal const string NotFound = "KoreConnectionNotFound";
    internal const string Endpoint = "https://llm.example.com/v1";

    private protected BindingTest(SandboxOptions? options = null)
    {
        Place = new Workplace(options);
        Shell.Set("key", Shell.Secure(Key));
        Shell.Set("custom", new Hashtable { ["CustomApi"] = true, ["Name"] = "n", ["EndpointUrl"] = Endpoint, ["Payload"] = new Hashtable { ["a"] = 1 }, ["OutputPath"] = "x" });
        Shell.Set("mapped", new Hashtable { ["CustomApi"] = true, ["Name"] = "n", ["EndpointUrl"] = Endpoint, ["MapProvider"] = "openAIModel", ["Feature"] = "streaming" });
    }

    private protected Workplace Place { get; }

    private protected Shell Shell => Place.Shell;

    public virtual void Dispose()
    {
        Place.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The body of a create for OpenAI.</summary>
    internal static string OpenAI(string name = "n", string model = "m", string key = Key) =>
        new JsonObject { ["provider"] = "Open AI", ["connectionName"] = name, ["model"] = model, ["fields"] = new JsonObject { ["API_KEY"] = key } }.ToJsonString();

    /// <summary>The body of a create from $custom; what is given replaces or, as null, removes.</summary>
    internal static string Custom(string changes = "{}") => Merge($$"""
        {
          "provider": "API", "connectionName": "n", "endpointUrl": "{{Endpoint}}", "headers": [], "status": "FINALIZED", "isEnable": true,
          "promptVars": {{Prompts("prompt")}}, "customVars": [], "payload": { "a": 1 }, "outputPath": "x"
        }
        """, changes);

    /// <summary>The body of a create from $mapped.</summary>
    internal static string Mapped(string changes = "{}") => Merge($$"""
        {
          "provider": "API", "connectionName": "n", "endpointUrl": "{{Endpoint}}", "headers": [], "status": "FINALIZED", "isEnable": true,
          "idp": "none", "bodyTab": "providerReferences", "mapProvider": "openAIModel", "IOMappings": ["textToText"], "llmFeatures": {{Features("streaming")}}
        }
        """, changes);

    /// <summary>The prompt's variables as the document has them, with these on.</summary>
    internal static string Prompts(params string[] on) => $$"""
        [
          { "name": "prompt", "displayName": "Prompt", "status": {{On("prompt", on)}}, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": true },
          { "name": "system_prompt", "displayName": "System prompt", "status": {{On("system_prompt", on)}}, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false },
          { "name": "examples", "displayName": "Examples", "status": {{On("examples", on)}}, "dataType": "String", "elementType": "textBox", "examples": true, "defaultValue": "", "required": false }
        ]
        """;

    /// <summary>The features as the document has them, with these on.</summary>
    internal static string Features(params string[] on) =>
        $"{{ {string.Join(", ", new[] { "toolCalling", "supportTools", "parallelToolCalling", "structuredResponse", "dataGeneration", "streaming" }.Select(f => $"\"{f}\": {On(f, on)}"))} }}";

    internal static string Merge(string body, string changes)
    {
        JsonObject merged = JsonNode.Parse(body)!.AsObject();
        foreach (KeyValuePair<string, JsonNode?> change in JsonNode.Parse(changes)!.AsObject())
        {
            merged.Remove(change.Key);
            if (change.Value is not null)
            {
                merged[change.Key] = change.Value.DeepClone();
            }
        }

        return merged.ToJsonString();
    }

    /// <summary>The script creates these, and nothing else is written.</summary>
    private protected ShellResult Creates(string script, params string[] bodies)
    {
        ShellResult result = Shell.Run(script);
        AssertClean(result);
        Assert.All(Place.Writes, w => Assert.Equal(("POST", "/api/public/connections"), (w.Method, w.Target)));
        AssertBodies(bodies);
        return result;
    }

    /// <summary>The script sends one change to this connection.</summary>
    private protected ShellResult Changes(string script, string id, string method, string body)
    {
        ShellResult result = Shell.Run(script);
        AssertClean(result);
        SandboxRequest change = Assert.Single(Place.Requests);
        Assert.Equal((method, "/api/public/connections/" + id), (change.Method, change.Target));
        AssertBodies(body);
        return result;
    }

    /// <summary>The script sends nothing at all, and fails with these.</summary>
    private protected ShellResult Refuses(string script, params string[] errorIds)
    {
        ShellResult result = Shell.Run(script);
        Assert.Equal(errorIds, result.ErrorIds);
        Assert.Empty(Place.Requests);
        Assert.Empty(result.Output);
        AssertNoKey(result);
        return result;
    }

    /// <summary>The same, and the message names what is wrong.</summary>
    private protected void RefusesSaying(string script, string words)
    {
        ShellResult result = Refuses(script, InvalidInput);
        Assert.Contains(words, result.AllErrors[0].ToString(), StringComparison.Ordinal);
    }

    private protected static void AssertClean(ShellResult result) =>
        Assert.True(result.AllErrors.Count == 0, string.Join("\n", result.AllErrors.Select(e => $"{e.FullyQualifiedErrorId}: {e}")));

    // In any order: rows are under way side by side.
    private protected void AssertBodies(params string[] bodies)
    {
        List<string> sent = [.. Place.Writes.Select(w => w.Body)];
        foreach (string body in bodies)
        {
            JsonNode? wanted = JsonNode.Parse(body);
            int at = sent.FindIndex(s => JsonNode.DeepEquals(wanted, JsonNode.Parse(s)));
            Assert.True(at >= 0, $"expected {wanted!.ToJsonString()}\nsent     {string.Join("\n         ", sent)}");
            sent.RemoveAt(at);
        }

        Assert.Empty(sent);
    }

    // Our own errors tell no key; those of PowerShell hold what was piped, but say none of it.
    private static void AssertNoKey(ShellResult result)
    {
        foreach (ErrorRecord error in result.AllErrors)
        {
            Assert.DoesNotContain(Key, $"{error} {error.Exception} {(error.Exception is KoreException ? error.TargetObject : "")}", StringComparison.Ordinal);
        }
    }

    private static string On(string name, string[] on) => on.Contains(name) ? "true" : "false";
}
