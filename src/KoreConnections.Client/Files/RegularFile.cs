namespace KoreConnections.Client;

/// <summary>Reads a file that must be one: what is a pipe or device has no end, and opening it can wait for ever. Nothing is read past a limit.</summary>
internal static class RegularFile
{
    /// <summary>What is wrong with a path that leads to something else, as the end of a sentence.</summary>
    public const string NoFile = "is a pipe, a device or a socket, not a regular file.";

    private const int Chunk = 64 * 1024;

    // As stat counts, on every Unix.
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    /// <param name="stop">Ends the wait at once, also for a file system that does not answer.</param>
    /// <exception cref="IOException">It is no regular file, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is larger than the limit.</exception>
    public static byte[] Read(string path, int limit, CancellationToken stop = default)
    {
        var reading = Task.Run(() => ReadWhole(path, limit, stop), CancellationToken.None);
        // Its failure comes below.
        Task.WhenAny(reading).Wait(stop);
        return reading.GetAwaiter().GetResult();
    }

    /// <summary>A text: UTF-8, or what a mark at its start says, as Windows PowerShell writes it.</summary>
    public static string Text(byte[] content, Encoding encoding)
    {
        // Most have no mark, and need no reader.
        if (content is [> 0 and < 0xEF, ..])
        {
            return encoding.GetString(content);
        }

        using var reader = new StreamReader(new MemoryStream(content), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static byte[] ReadWhole(string path, int limit, CancellationToken stop)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("It is a folder, not a file.");
        }

        // .NET distinguishes a pipe from a file only once it is open, and to open one waits for somebody to write.
        if (IsOther(path))
        {
            throw Other();
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (!stream.CanSeek)
        {
            throw Other();
        }

        // A file of the kernel has no length, so the limit counts what comes.
        var content = new MemoryStream((int)Math.Min(stream.Length, limit));
        byte[] buffer = new byte[Chunk];
        int read;
        while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            stop.ThrowIfCancellationRequested();
            if (content.Length + read > limit)
            {
                throw new InvalidDataException("It is too large.");
            }

            content.Write(buffer, 0, read);
        }

        return content.Length == content.Capacity ? content.GetBuffer() : content.ToArray();
    }

    public static bool IsOther(string path) => FileStatus.Of(path) is { } status && (status.Mode & KindMask) is not (Regular or Folder);

    private static IOException Other() => new($"It {NoFile}");
}
