using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KoreConnections.Sandbox;

/// <summary>The file behind a store: whole at every moment, and held by one sandbox at a time.</summary>
internal sealed class StoreFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    public StoreFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new InvalidDataException($"'{_path}' is a folder. Give a file.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        try
        {
            _lock = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"'{_path}' is in use by another sandbox, or its folder cannot be written. Disconnect that sandbox or give another path.", e);
        }
    }

    public JsonObject? Load()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(File.ReadAllText(_path)) is JsonObject kept && kept["connections"] is JsonArray && kept["salt"] is JsonValue)
            {
                return kept;
            }
        }
        catch (JsonException)
        {
        }

        _lock.Dispose();
        throw new InvalidDataException($"'{_path}' is not a sandbox's file. It was left as it is; give another path.");
    }

    public void Save(string json)
    {
        string next = _path + ".new";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush(flushToDisk: true);
        }

        if (File.Exists(_path))
        {
            File.Replace(next, _path, null);
        }
        else
        {
            File.Move(next, _path);
        }
    }

    public void Dispose() => _lock.Dispose();
}
