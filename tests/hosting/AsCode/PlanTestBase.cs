using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>Manifests and a sandbox to plan with, and what is looked at afterwards.</summary>
public abstract class PlanTestBase : ManifestTestBase
{
    private protected const string Named = "connections: [{ provider: OpenAI, name: A, model: gpt-4o, apiKey: env:KORE_TEST_KEY }]\n";

    private protected const string Own = """
        connections:
          - provider: API
            name: Own
            endpointUrl: https://llm.example.com
            header: { x-api-key: env:KORE_TEST_KEY }
            payload: { model: in-house, max_tokens: 1024, messages: [{ role: user, content: "{{prompt}}" }] }
            outputPath: content[0].text
        """;

    private protected const string Mapped = """
        connections:
          - provider: API
            name: Mapped
            endpointUrl: https://llm.example.com
            header: { x-api-key: env:KORE_TEST_KEY }
            mapProvider: openAIModel
            feature: [streaming]
        """;

    private protected string Create(string script)
    {
        string id = (string)_place.Shell.RunClean(script).Single().Properties["ConnectionId"].Value;
        _place.Place.Forget();
        return id;
    }

    private protected string Id(string name) => Create($"Get-Connection {name}");

    private protected void ShowsMask(string id, string mask) => _place.Place.Sandbox.Faults.Add(new Fault
    {
        Method = "GET",
        Path = id,
        Status = 200,
        Body = $$"""{ "connectionId": "{{id}}", "connectionName": "A", "provider": "Open AI", "model": "gpt-4o", "fields": { "API_KEY": "{{mask}}" } }""",
    });

    private protected string[] Sent() => [.. _place.Place.Requests.Select(r => $"{r.Method} {r.Target}").Distinct()];

    private protected void AssertBody(string method, string id, string body)
    {
        SandboxRequest write = Assert.Single(_place.Place.Writes);
        Assert.Equal((method, "/api/public/connections" + (id.Length == 0 ? "" : "/" + id)), (write.Method, write.Target));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(write.Body)), write.Body);
    }

    private protected void AssertInSync(string text)
    {
        _place.Place.Forget();
        Assert.All(_place.Sync(text), i => Assert.Equal((PlanAction.InSync, SyncOutcome.Unchanged), (i.ActionValue, i.OutcomeValue)));
        Assert.Empty(_place.Place.Writes);
    }

    private protected void AssertLeftToAPerson(string text, PlanAction action, string difference, string reason, string advice)
    {
        _place.Place.Forget();
        foreach (ConnectionPlanItem item in new[] { Assert.Single(_place.Compare(text)), Assert.Single(_place.Sync(text)) })
        {
            Assert.Equal(action, item.ActionValue);
            Assert.Equal(difference, string.Join("; ", item.Difference.Select(d => d.ToString())));
            Assert.Contains(reason, item.Reason, StringComparison.Ordinal);
            Assert.Contains(advice, item.Reason, StringComparison.Ordinal);
            Assert.Equal(item.OutcomeValue is null ? null : SyncOutcome.Skipped, item.OutcomeValue);
        }

        Assert.Empty(_place.Place.Writes);
    }
}
