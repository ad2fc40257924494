namespace KoreConnections.Client;

/// <summary>What findings depend on beside the connections.</summary>
/// <param name="WithinDays">How many days ahead a retirement is found.</param>
/// <param name="MaximumKeyAgeDays">How many days a key may be old.</param>
internal sealed record IssueContext(DateTime AsOf, int WithinDays, int MaximumKeyAgeDays)
{
    // Ten thousand connections share a handful of models.
    private readonly Dictionary<ModelReference, ModelLifecycle?> _lifecycles = [];

    public DateTime Day => AsOf.Date;

    public bool VerifiesKeys { get; init; }

    public IReadOnlyList<ConnectionPlanItem>? Plan { get; init; }

    /// <summary>The rules that are checked with it.</summary>
    public IReadOnlyList<IssueRule> Rules { get; init; } = [];

    public ModelLifecycle? Look(ModelReference? model) =>
        model is null ? null : _lifecycles.TryGetValue(model, out ModelLifecycle? life) ? life : _lifecycles[model] = model.Look(Day);

    /// <summary>Learns what a provider itself says of its models to any key: it is so for each connection. Of Azure, a deployment's version decides.</summary>
    public void Learn(IEnumerable<ExaminedConnection> connections)
    {
        foreach (ModelLifecycle life in connections.Select(c => c.KeyTest?.Lifecycle).OfType<ModelLifecycle>())
        {
            if (life is { AsOf: null, Provider: not ApiValues.AzureOpenAI })
            {
                _lifecycles[new ModelReference(life.Provider, life.Model)] = life;
            }
        }
    }
}
