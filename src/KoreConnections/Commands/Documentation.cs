namespace KoreConnections.Commands;

internal static class Documentation
{
    /// <summary>Kore.ai's own document about the API; the module has no page of its own.</summary>
    public const string ConnectionsApi = "https://docs.kore.ai/ai-for-process/apis/apis-list/connections-api";
}
