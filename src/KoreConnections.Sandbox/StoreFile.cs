using KoreConnections.Client;

namespace KoreConnections.Sandbox;

/// <summary>
/// The file behind a store: whole at every moment, held by one sandbox at a time, and nobody else's to read. What lies beside it
/// is the user's, but for what a save left that was killed.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private const int MaxFileSize = 256 * 1024 * 1024;
    private const string LockMark = "KoreConnections sandbox\n";

    // What each file begins with, also one that was not written to its end.
    private static readonly byte[] Start = Encoding.ASCII.GetBytes("""{"salt":""");

    private readonly FileStream _lock;

    public StoreFile(string path)
    {
        FullPath = FileLink.Followed(Path.GetFullPath(path));
        if (Directory.Exists(FullPath))
        {
            throw new InvalidDataException($"'{FullPath}' is a folder. Specify a file.");
        }

        string folder = Path.GetDirectoryName(FullPath)!;
        Directory.CreateDirectory(folder);
        _lock = Lock(Path.Combine(folder, $".{Path.GetFileName(FullPath)}.kore-sandbox-lock"));
        AtomicFile.RemoveLeftovers(FullPath, IsLeftover);
    }

    public string FullPath { get; }

    public JsonObject? Load()
    {
        if (!File.Exists(FullPath))
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(RegularFile.Text(RegularFile.Read(FullPath, MaxFileSize), Encoding.UTF8)) is JsonObject kept
                // Throws for half of a surrogate pair anywhere in it, with which no connection could be returned.
                && kept.ToJsonString().Length > 0
                && kept["connections"] is JsonArray connections
                && connections.All(c => Has(c, "connectionId") && Has(c, "connectionName"))
                && connections.Select(c => c!["connectionId"]!.GetValue<string>()).Distinct().Count() == connections.Count
                && Has(kept, "salt"))
            {
                return kept;
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or InvalidDataException)
        {
        }

        throw new InvalidDataException($"'{FullPath}' is not a sandbox file. It was not changed. Specify another path.");
    }

    public void Save(string json) =>
        AtomicFile.Write(FullPath, json, overwrite: true, create: next => PrivateFile.Open(next, FileMode.CreateNew, FileOptions.None));

    public void Dispose() => _lock.Dispose();

    private static bool Has(JsonNode? node, string name) => node is JsonObject item && ConnectionStore.Text(item, name) is not null;

    private FileStream Lock(string path)
    {
        // A file of this name that is no lock is somebody's, and is not to be deleted at the end.
        if (FileLink.IsLink(path) || (new FileInfo(path) is { Exists: true, Length: > 0 } && !IsLock(path)))
        {
            throw new InvalidDataException($"'{path}' already exists and does not belong to a sandbox. It was not changed. Specify another path.");
        }

        FileStream? held = null;
        try
        {
            AtomicFile.Named(FullPath, path, () =>
            {
                held = PrivateFile.Open(path, FileMode.OpenOrCreate, FileOptions.DeleteOnClose);
                byte[] mark = Encoding.ASCII.GetBytes(LockMark);
                held.Write(mark, 0, mark.Length);
                held.Flush();
            });
            return held!;
        }
        catch (IOException e) when (held is null && !AtomicFile.IsDiskFull(e))
        {
            throw new InvalidDataException(
                $"'{FullPath}' is used by another sandbox, or its folder is not writable. "
                    + "To end all sessions of this process, use Get-KoreSession -All | Disconnect-KorePlatform. Or specify another path.",
                e);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    private static bool IsLeftover(FileStream found)
    {
        byte[] start = new byte[Math.Min(found.Length, Start.Length)];
        return found.Read(start, 0, start.Length) == start.Length && Start.Take(start.Length).SequenceEqual(start);
    }

    private static bool IsLock(string path)
    {
        try
        {
            return Encoding.ASCII.GetString(RegularFile.Read(path, LockMark.Length)) == LockMark;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // What is too large is none. Locked: that it is held by a sandbox is found when it is opened.
            return e is IOException;
        }
    }
}
