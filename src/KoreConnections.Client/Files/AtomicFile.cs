namespace KoreConnections.Client;

/// <summary>Writes a file whole or not at all. A file that is replaced stays where links lead to, with its owner and permissions.</summary>
internal static class AtomicFile
{
    /// <param name="create">Makes a file with permissions of its own, which those of the file that it replaces must not change.</param>
    /// <exception cref="IOException">It could not be written, or exists; what was there is as it was.</exception>
    public static void Write(string path, string text, bool overwrite, bool hasMark = false, Func<string, FileStream>? create = null)
    {
        path = FileLink.Followed(path);
        FileStatus? status = overwrite && create is null ? FileStatus.Of(path) : null;
        string next = Next(path);
        try
        {
            bool isAlike = WriteNext(create, next, hasMark ? '\uFEFF' + text : text, status);
            if (!overwrite || !File.Exists(path))
            {
                // Refuses where someone made the file in the meantime.
                File.Move(next, path);
            }
            else if (isAlike)
            {
                File.Replace(next, path, null);
            }
            else
            {
                Overwrite(path, next);
            }
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a limit of the process, or of the file system.
            throw new IOException("The file is larger than its file system or the limits of this process allow.", e);
        }
        finally
        {
            File.Delete(next);
        }
    }

    /// <summary>Makes a file beside it for a moment, as writing does.</summary>
    /// <exception cref="IOException">That failed, as <see cref="Write"/> would.</exception>
    public static void RequireWritable(string path)
    {
        using var stream = new FileStream(Next(FileLink.Followed(path)), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    /// <summary>Whether writing failed because there is no room: on Unix by the numbers of Linux and macOS, a quota's included.</summary>
    public static bool IsDiskFull(Exception failure) => failure is IOException
        && (failure.HResult & 0xFFFF) is int code
        && (Path.DirectorySeparatorChar == '/' ? code is 28 or 69 or 122 : code is 112 or 39);

    private static string Next(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    // The permissions come before the content.
    private static bool WriteNext(Func<string, FileStream>? create, string next, string text, FileStatus? status)
    {
        using FileStream stream = create?.Invoke(next) ?? new FileStream(next, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        bool isAlike = status?.ApplyTo(next) ?? true;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        stream.Write(bytes, 0, bytes.Length);
        stream.Flush(flushToDisk: true);
        return isAlike;
    }

    // A file of somebody else, who would lose it by a replacement. By now the disk is known to have the room.
    private static void Overwrite(string path, string next)
    {
        byte[] content = File.ReadAllBytes(next);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
        stream.Write(content, 0, content.Length);
        stream.SetLength(content.Length);
        stream.Flush(flushToDisk: true);
    }
}
