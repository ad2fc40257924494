namespace KoreConnections;

/// <summary>A connection with everything that was learned of it for the rules.</summary>
internal sealed class ExaminedConnection(Connection listed)
{
    public Connection Listed { get; } = listed;

    /// <summary>The connection as it was read by id, with its fields and settings; null where nobody needed it.</summary>
    public Connection? Details { get; set; }

    /// <summary>Whether the platform has none of its id.</summary>
    public bool IsAbsent { get; private set; }

    public Connection Snapshot => Details ?? Listed;

    /// <summary>What asking the provider showed of its key; null where it was not asked.</summary>
    public KeyTestResult? KeyTest { get; set; }

    /// <summary>Whether another model was asked for: that of a custom API in the manifest, which the platform does not have.</summary>
    public bool IsOtherTested { get; set; }

    /// <summary>Why its key was not tested, as a sentence, where that was wanted.</summary>
    public string? NotTested { get; set; }

    public async Task<Connection> ReadAsync(ConnectionsClient client, string id, RequestContext context)
    {
        try
        {
            return Details = await client.GetAsync(id, context).ConfigureAwait(false);
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.ConnectionNotFound)
        {
            IsAbsent = true;
            throw;
        }
    }

    /// <summary>What its provider said of its model, else what the module's table says.</summary>
    public ModelLifecycle? Lifecycle(IssueContext context) =>
        ((IsOtherTested ? null : KeyTest?.Lifecycle) ?? context.Look(ModelReference.Of(Snapshot)))?.ToReport;
}
