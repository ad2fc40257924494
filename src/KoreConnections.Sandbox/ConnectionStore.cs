namespace KoreConnections.Sandbox;

/// <summary>The connections of one sandbox. It holds masks and hashes of keys, never a key.</summary>
internal sealed class ConnectionStore : IDisposable
{
    private readonly object _gate = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StoreFile? _file;
    private readonly string _salt;

    // What is read; with the changes that are yet to be saved, it is the second. Without a file, they are one.
    private ConnectionSet _saved;
    private ConnectionSet _next;
    private Batch _batch = new();
    private DateTime _lastTime;

    public ConnectionStore(string? path)
    {
        _file = path is null ? null : new StoreFile(path);
        try
        {
            JsonObject? kept = _file?.Load();
            _salt = (string?)kept?["salt"] ?? KeyMask.Random(16);
            _saved = new ConnectionSet((kept?["connections"]?.AsArray() ?? []).Select(c => (JsonObject)c!.DeepClone()));
            _next = _file is null ? _saved : new ConnectionSet(_saved.All);
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
            JsonObject[] matching = _saved.All
                .Where(c => (provider is null || Text(c, "provider") == provider) && (status is null || Text(c, "status") == status))
                .ToArray();
            return (matching.Take(limit ?? matching.Length).Select(ConnectionSchema.Row).ToArray(), matching.Length);
        }
    }

    public JsonObject Get(string id)
    {
        lock (_gate)
        {
            return ConnectionSchema.Detail(_saved.Find(id));
        }
    }

    public Task<JsonObject> CreateAsync(JsonObject body) => SaveAsync(() =>
    {
        JsonObject stored = ConnectionSchema.Create(body, _salt, Now());
        _next.Add(stored);
        return ConnectionSchema.CreateAnswer(stored);
    });

    public Task<JsonObject> ChangeAsync(string id, JsonObject body, bool replace, bool customApis) => SaveAsync(() =>
    {
        JsonObject stored = _next.Find(id);
        JsonObject changed = ConnectionSchema.Change(stored, body, replace, customApis, _salt, Now());
        _next.Replace(stored, changed);
        return ConnectionSchema.ChangeAnswer(changed);
    });

    public bool HasKey(string id, string key)
    {
        lock (_gate)
        {
            return Text(_saved.Find(id), ConnectionSchema.KeyHash) == KeyMask.Hash(_salt, key);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _writing.Dispose();
    }

    internal static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // One that waited while another wrote finds its own change written too: many at once cost few writes.
    private async Task<JsonObject> SaveAsync(Func<JsonObject> change)
    {
        JsonObject answer;
        Batch mine;
        lock (_gate)
        {
            answer = change();
            mine = _batch;
        }

        if (_file is null)
        {
            return answer;
        }

        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!mine.IsDone)
            {
                Save(_file, mine);
            }
        }
        finally
        {
            _writing.Release();
        }

        return mine.Failure is null ? answer : throw mine.Failure;
    }

    private void Save(StoreFile file, Batch batch)
    {
        try
        {
            ConnectionSet saving;
            string json;
            lock (_gate)
            {
                saving = new ConnectionSet(_next.All);
                _batch = new Batch();
                json = new JsonObject { ["salt"] = _salt, ["connections"] = new JsonArray([.. saving.All.Select(ConnectionSchema.Kept)]) }.ToJsonString();
            }

            Save(file, json);
            lock (_gate)
            {
                _saved = saving;
            }
        }
        catch (Exception e)
        {
            batch.Failure = e;
            lock (_gate)
            {
                // What was changed in the meantime may build on what is undone.
                (_batch.Failure, _batch.IsDone) = (e, true);
                _batch = new Batch();
                _next = new ConnectionSet(_saved.All);
            }
        }

        batch.IsDone = true;
    }

    private static void Save(StoreFile file, string json)
    {
        try
        {
            file.Save(json);
        }
        catch (Exception e)
        {
            // Of a status of the server's own, a client would not know that nothing was changed.
            throw new ApiError(424, "SAVE_FAILED", $"The sandbox could not save '{file.FullPath}', so nothing was changed. {e.Message}");
        }
    }

    // Two changes within a millisecond still get different times.
    private string Now()
    {
        DateTime now = DateTime.UtcNow;
        _lastTime = now - _lastTime < TimeSpan.FromMilliseconds(1) ? _lastTime.AddMilliseconds(1) : now;
        return ApiError.Timestamp(_lastTime);
    }

    /// <summary>Changes that are saved together, or not at all.</summary>
    private sealed class Batch
    {
        public bool IsDone { get; set; }

        public Exception? Failure { get; set; }
    }
}
