namespace KoreConnections.Tests.AsCode;

/// <summary>A thousand connections: one listing, one read of each that exists, one write of each that differs, and nothing else.</summary>
public sealed class ThousandConnectionsTests
{
    private const int Many = 1000;

    [Fact]
    public void EachIsReadAndWrittenOnce()
    {
        using var place = new ManifestFixture();
        string text = "x-own: &own { provider: API, endpointUrl: https://llm.example.com, payload: { p: 1 }, outputPath: x }\nconnections:\n"
            + string.Concat(Enumerable.Range(0, Many).Select(i => $"  - {{ <<: *own, name: n{i} }}\n"));
        Assert.Equal(Many, place.Sync(text).Count(i => i.OutcomeValue == SyncOutcome.Done));
        AssertSent(place, ("GET", 1), ("POST", Many));

        IReadOnlyList<ConnectionPlanItem> plan = place.Compare(text);
        Assert.Equal(Enumerable.Range(0, Many).Select(i => $"n{i}"), plan.Select(i => i.Name));
        Assert.All(plan, i => Assert.Equal(PlanAction.InSync, i.ActionValue));
        AssertSent(place, ("GET", Many + 1));

        Assert.Equal(Many, place.Sync(text.Replace("p: 1", "p: 2", StringComparison.Ordinal)).Count(i => i is { ActionValue: PlanAction.Update, OutcomeValue: SyncOutcome.Done }));
        AssertSent(place, ("GET", Many + 1), ("PATCH", Many));
    }

    private static void AssertSent(ManifestFixture place, params (string Method, int Count)[] sent)
    {
        string[] counted = [.. place.Place.Requests.GroupBy(r => r.Method).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}")];
        string[] often = [.. place.Place.Requests.GroupBy(r => $"{r.Method} {r.Target}").OrderByDescending(g => g.Count()).Take(5).Select(g => $"{g.Count()} x {g.Key}")];
        Assert.True(sent.Select(s => $"{s.Method} {s.Count}").SequenceEqual(counted), $"{string.Join(", ", counted)}, most often {string.Join(", ", often)}");
        Assert.Equal(place.Place.Requests.Count, place.Place.Requests.Count(r => r.Method == "POST") + place.Place.Requests.Where(r => r.Method != "POST").Select(r => (r.Method, r.Target)).Distinct().Count());
        place.Place.Forget();
    }
}
