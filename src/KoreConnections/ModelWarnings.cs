namespace KoreConnections.Commands;

/// <summary>Warns of models that are retired, or will be soon: once for each in a pipeline. Nothing is refused for it.</summary>
internal sealed class ModelWarnings(StreamCmdlet cmdlet)
{
    private readonly HashSet<string> _known = [];

    /// <param name="isNew">Whether the connection is still to be created.</param>
    public void Warn(ConnectionDefinition definition, bool isNew = false) =>
        Warn(ModelReference.Of(definition)?.Look(DateTime.Today), definition.Provider, isNew);

    public void Warn(ModelLifecycle? lifecycle, string? connectionProvider, bool isNew = false)
    {
        DateTime today = DateTime.Today;
        // What a provider has answered, that there is no end too, comes before what the table says later.
        if (lifecycle is not null && _known.Add($"{lifecycle.Provider}/{lifecycle.Model.ToUpperInvariant()}")
            && lifecycle.EndsWithin(today, ModelLifecycle.SoonDays))
        {
            cmdlet.WriteWarning($"{lifecycle.Describe(today)} {lifecycle.Advice(connectionProvider, isNew: isNew)}");
        }
    }
}
