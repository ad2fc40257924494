namespace KoreConnections.Sandbox;

/// <summary>The connections of one sandbox. It holds masks and hashes of keys, never a key.</summary>
internal sealed class ConnectionStore : IDisposable
{
    private readonly object _gate = new();
    private readonly List<JsonObject> _all = [];
    private readonly Dictionary<string, JsonObject> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StoreFile? _file;
    private readonly string _salt;
    private long _version;
    private long _saved;
    private DateTime _lastTime;

    public ConnectionStore(string? path)
    {
        _file = path is null ? null : new StoreFile(path);
        try
        {
            JsonObject? kept = _file?.Load();
            _salt = (string?)kept?["salt"] ?? KeyMask.Random(16);
            foreach (JsonNode? node in kept?["connections"]?.AsArray() ?? [])
            {
                Add((JsonObject)node!.DeepClone());
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public (IReadOnlyList<JsonObject> Items, int Total) List(string? provider, string? status, int? limit)
    {
        lock (_gate)
        {
            JsonObject[] matching = _all
                .Where(c => (provider is null || Text(c, "provider") == provider) && (status is null || Text(c, "status") == status))
                .ToArray();
            return (matching.Take(limit ?? matching.Length).Select(ConnectionSchema.Row).ToArray(), matching.Length);
        }
    }

    public JsonObject Get(string id)
    {
        lock (_gate)
        {
            return ConnectionSchema.Detail(Find(id));
        }
    }

    public async Task<JsonObject> CreateAsync(JsonObject body)
    {
        JsonObject answer;
        lock (_gate)
        {
            JsonObject stored = ConnectionSchema.Create(body, _salt, Now());
            Reserve(Text(stored, "connectionName")!);
            Add(stored);
            _version++;
            answer = ConnectionSchema.CreateAnswer(stored);
        }

        await SaveAsync().ConfigureAwait(false);
        return answer;
    }

    public async Task<JsonObject> ChangeAsync(string id, JsonObject body, bool replace, bool customApis)
    {
        JsonObject answer;
        lock (_gate)
        {
            JsonObject stored = Find(id);
            JsonObject changed = ConnectionSchema.Change(stored, body, replace, customApis, _salt, Now());
            string before = Text(stored, "connectionName")!;
            string after = Text(changed, "connectionName")!;
            if (before != after)
            {
                Reserve(after);
                _names.Remove(before);
            }

            _all[_all.IndexOf(stored)] = changed;
            _byId[id] = changed;
            _version++;
            answer = ConnectionSchema.ChangeAnswer(changed);
        }

        await SaveAsync().ConfigureAwait(false);
        return answer;
    }

    public bool HasKey(string id, string key)
    {
        lock (_gate)
        {
            return Text(Find(id), ConnectionSchema.KeyHash) == KeyMask.Hash(_salt, key);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _writing.Dispose();
    }

    internal static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // Whoever waited while another wrote finds its own change written too: many at once cost few writes.
    private async Task SaveAsync()
    {
        if (_file is null)
        {
            return;
        }

        long mine = Interlocked.Read(ref _version);
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_saved >= mine)
            {
                return;
            }

            string json;
            long version;
            lock (_gate)
            {
                version = _version;
                json = new JsonObject { ["salt"] = _salt, ["connections"] = new JsonArray([.. _all.Select(ConnectionSchema.Kept)]) }.ToJsonString();
            }

            _file.Save(json);
            _saved = version;
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Reserve(string name)
    {
        if (!_names.Add(name))
        {
            throw new ApiError(409, "RESOURCE_CONFLICT", $"A connection named '{name}' exists already");
        }
    }

    private void Add(JsonObject stored)
    {
        _all.Add(stored);
        _byId.Add(Text(stored, "connectionId")!, stored);
        _names.Add(Text(stored, "connectionName")!);
    }

    private JsonObject Find(string id) => _byId.TryGetValue(id, out JsonObject? found) ? found : throw ApiError.NotFound($"The connection '{id}'");

    // Two changes within a millisecond still get different times.
    private string Now()
    {
        DateTime now = DateTime.UtcNow;
        _lastTime = now - _lastTime < TimeSpan.FromMilliseconds(1) ? _lastTime.AddMilliseconds(1) : now;
        return ApiError.Timestamp(_lastTime);
    }
}
