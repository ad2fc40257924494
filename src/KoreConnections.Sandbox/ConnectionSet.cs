namespace KoreConnections.Sandbox;

/// <summary>Connections in the order in which they were made, each id and each name once. None is changed: another takes its place.</summary>
internal sealed class ConnectionSet
{
    private readonly List<JsonObject> _all;
    private readonly Dictionary<string, JsonObject> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ConnectionSet(IEnumerable<JsonObject> all)
    {
        _all = [.. all];
        foreach (JsonObject stored in _all)
        {
            _byId.Add(ConnectionStore.Text(stored, "connectionId")!, stored);
            _names.Add(Name(stored));
        }
    }

    public IReadOnlyList<JsonObject> All => _all;

    public JsonObject Find(string id) => _byId.TryGetValue(id, out JsonObject? found) ? found : throw ApiError.NotFound($"The connection '{id}'");

    public void Add(JsonObject stored)
    {
        Reserve(Name(stored));
        _all.Add(stored);
        _byId.Add(ConnectionStore.Text(stored, "connectionId")!, stored);
    }

    public void Replace(JsonObject stored, JsonObject changed)
    {
        (string before, string after) = (Name(stored), Name(changed));
        if (before != after)
        {
            Reserve(after);
            _names.Remove(before);
        }

        _all[_all.IndexOf(stored)] = changed;
        _byId[ConnectionStore.Text(stored, "connectionId")!] = changed;
    }

    private static string Name(JsonObject stored) => ConnectionStore.Text(stored, "connectionName")!;

    private void Reserve(string name)
    {
        if (!_names.Add(name))
        {
            throw new ApiError(409, "RESOURCE_CONFLICT", $"A connection named '{name}' exists already");
        }
    }
}
