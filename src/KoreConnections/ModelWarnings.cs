namespace KoreConnections.Commands;

/// <summary>Warns of models that are retired, or will be soon: once for each in a pipeline. Nothing is refused for it.</summary>
internal sealed class ModelWarnings(StreamCmdlet cmdlet)
{
    private readonly HashSet<(string, DateTime?)> _warned = [];

    public void Warn(params IEnumerable<ConnectionDefinition> definitions)
    {
        foreach (ConnectionDefinition definition in definitions)
        {
            Warn(ModelReference.Of(definition)?.Look(DateTime.Today), definition.Provider);
        }
    }

    public void Warn(ModelLifecycle? lifecycle, string? connectionProvider)
    {
        DateTime today = DateTime.Today;
        if (lifecycle?.EndsWithin(today, ModelLifecycle.SoonDays) == true
            && _warned.Add(($"{lifecycle.Provider}/{lifecycle.Model.ToUpperInvariant()}", lifecycle.RetiresOn)))
        {
            cmdlet.WriteWarning($"{lifecycle.Describe(today)} {lifecycle.Advice(connectionProvider)}");
        }
    }
}
