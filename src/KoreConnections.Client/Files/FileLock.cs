using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>
/// Keeps others from a file, through one beside it that is there only while it is held. The system releases it with the process, also if that
/// is killed.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const string Ending = ".kore-lock";
    private const int Pause = 20;

    // On Windows, one that is being removed refuses access. A folder that does so does not change its mind.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly FileStream? _stream;
    private readonly Exception? _failure;

    private FileLock(string path, FileStream? stream, Exception? failure = null) => (_path, _stream, _failure) = (path, stream, failure);

    /// <param name="path">The file. Of every link to it, the lock is the same.</param>
    /// <param name="patience">How long to wait for another.</param>
    /// <exception cref="IOException">Another has it, or the folder takes none.</exception>
    /// <exception cref="InvalidDataException">A file of its name is somebody's.</exception>
    public static FileLock Take(string path, TimeSpan patience, CancellationToken stop)
    {
        path = FileLink.Followed(path);
        string beside = path + Ending;
        var waited = Stopwatch.StartNew();
        FileLock? held = null;
        while (held is null)
        {
            try
            {
                AtomicFile.Named(path, beside, () => held = TryOpen(beside));
            }
            catch (Exception e) when (AtomicFile.IsHeld(e, beside) && waited.Elapsed < (e is UnauthorizedAccessException ? Moment : patience))
            {
                stop.WaitHandle.WaitOne(Pause);
                stop.ThrowIfCancellationRequested();
            }
        }

        return held;
    }

    /// <summary>Takes it for one that may find nothing to write: then its folder need not take a lock.</summary>
    public static FileLock Try(string path, TimeSpan patience, CancellationToken stop)
    {
        try
        {
            return Take(path, patience, stop);
        }
        catch (Exception e) when (AtomicFile.IsFailure(e))
        {
            return new FileLock(path, null, e);
        }
    }

    /// <exception cref="IOException">It was not taken.</exception>
    public void Require()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public void Dispose()
    {
        if (_stream is not null && !FilePath.IsWindows)
        {
            AtomicFile.Delete(_path);
        }

        _stream?.Dispose();
    }

    /// <summary>Null where the one before removed it after it was opened here: then it would keep nobody out.</summary>
    private static FileLock? TryOpen(string path)
    {
        // A lock has nothing in it: what has is somebody else's, and is not to be deleted.
        if (Directory.Exists(path) || new FileInfo(path) is { Exists: true } found && (found.Length > 0 || RegularFile.IsOther(path)))
        {
            throw new InvalidDataException($"'{path}' is another file. Specify another path.");
        }

        // On Unix, the one that has it removes it, and not one that has opened it in vain.
        FileOptions options = FilePath.IsWindows ? FileOptions.DeleteOnClose : FileOptions.None;
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, options);
        }
        catch (UnauthorizedAccessException e) when (!FilePath.IsWindows && File.Exists(path))
        {
            throw new InvalidDataException($"'{path}' belongs to another user. If no command of that user is writing the file, remove it.", e);
        }

        if (FilePath.IsWindows || (File.Exists(path) && FileStatus.Identity(path) == FileStatus.Identity(stream)))
        {
            return new FileLock(path, stream);
        }

        stream.Dispose();
        return null;
    }
}
