namespace KoreConnections.Client;

/// <summary>Writes a file whole or not at all. A file that is replaced stays where links lead to, with its owner and permissions.</summary>
internal static class AtomicFile
{
    // In milliseconds; each is twice the one before.
    private const int FirstPause = 20;
    private const int LastPause = 160;

    /// <param name="create">Makes a file with permissions of its own, which those of the file that it replaces must not change.</param>
    /// <param name="previous">What the file must still hold; null where that does not matter.</param>
    /// <exception cref="IOException">It could not be written, or exists; what was there is as it was.</exception>
    public static void Write(
        string path, string text, bool overwrite, bool hasMark = false, Func<string, FileStream>? create = null, byte[]? previous = null)
    {
        path = FileLink.Followed(path);
        string next = Next(path);
        Named(path, next, () => Write(path, next, hasMark ? '\uFEFF' + text : text, overwrite, create, previous));
    }

    /// <summary>Makes a file beside it for a moment, as writing does.</summary>
    /// <exception cref="IOException">That failed, as writing would.</exception>
    public static void RequireWritable(string path)
    {
        path = FileLink.Followed(path);
        string next = Next(path);
        Named(path, next, () => new FileStream(next, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Removes what a process left beside a file that was killed while it wrote. What a running one has open stays.</summary>
    /// <param name="isOurs">Whether a file with such a name has what is written.</param>
    public static void RemoveLeftovers(string path, Func<FileStream, bool> isOurs)
    {
        foreach (string found in Directory.GetFiles(Path.GetDirectoryName(path)!).Where(found => IsNext(found, path)))
        {
            try
            {
                bool isLeft;
                using (var stream = new FileStream(found, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1))
                {
                    isLeft = isOurs(stream);
                }

                if (isLeft)
                {
                    Delete(found);
                }
            }
            catch (Exception e) when (IsFailure(e))
            {
                // It is in nobody's way.
            }
        }
    }

    /// <summary>Has what fails say it of the file that the user knows, and not of the one beside it.</summary>
    /// <param name="beside">The path that the work takes.</param>
    /// <exception cref="IOException">It failed; where there is no room, with what to do.</exception>
    public static void Named(string path, string beside, Action work)
    {
        // The rest of a path may have another form in a message.
        (string own, string known) = (Path.GetFileName(beside), Path.GetFileName(path));
        try
        {
            work();
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of a limit of the process, or of the file system.
            throw new IOException("The file is larger than its file system or the limits of this process allow.", e);
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            throw new IOException($"There is no space left on the disk for '{path}'. Free disk space, and try again.", e.HResult);
        }
        catch (IOException e) when (e.Message.Contains(own))
        {
            throw new IOException(e.Message.Replace(own, known), e.HResult);
        }
        catch (UnauthorizedAccessException e) when (e.Message.Contains(own))
        {
            throw new UnauthorizedAccessException(e.Message.Replace(own, known), e);
        }
    }

    /// <summary>Whether writing failed because there is no room: on Unix by the numbers of Linux and macOS, a quota's included.</summary>
    public static bool IsDiskFull(Exception failure) => failure is IOException
        && Code(failure) is int code
        && (FilePath.IsWindows ? code is 112 or 39 : code is 28 or 69 or 122);

    /// <summary>Whether the path or its file system was why writing failed. For a path that it cannot parse, .NET Framework has the last two.</summary>
    public static bool IsFailure(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or ArgumentException;

    /// <param name="replace">File.Replace.</param>
    internal static void Replace(string path, string next, bool isWindows, Action<string, string, string?> replace)
    {
        // Without one, Windows removes the file before the next has its place, and may not get it there.
        string? backup = isWindows ? Path.ChangeExtension(next, ".old") : null;
        try
        {
            Retried(path, isWindows, () =>
            {
                try
                {
                    replace(next, path, backup);
                }
                catch when (backup is not null && !File.Exists(path) && File.Exists(backup))
                {
                    Restore(path, backup);
                    throw;
                }
            });
        }
        catch (IOException e) when (isWindows && Code(e) is 1 or 50 or 87)
        {
            // The file systems of some servers replace no file.
            Retried(path, isWindows, () => Overwrite(path, next));
        }

        if (backup is not null)
        {
            Delete(backup);
        }
    }

    private static void Write(string path, string next, string text, bool overwrite, Func<string, FileStream>? create, byte[]? previous)
    {
        FileStatus? status = overwrite && create is null ? FileStatus.Of(path) : null;
        try
        {
            bool isAlike = WriteNext(create, next, text, status);
            if (previous is not null && !Holds(path, previous))
            {
                throw new IOException("The file was changed in the meantime. Run the command again.");
            }

            if (!overwrite || !File.Exists(path))
            {
                // Refuses where someone made the file in the meantime.
                Retried(path, FilePath.IsWindows, () => File.Move(next, path));
            }
            else if (isAlike)
            {
                Replace(path, next, FilePath.IsWindows, File.Replace);
            }
            else
            {
                Overwrite(path, next);
            }
        }
        finally
        {
            Delete(next);
        }
    }

    private static void Restore(string path, string backup)
    {
        try
        {
            Retried(path, isWindows: true, () => File.Move(backup, path));
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException($"{e.Message} The previous file is beside it; its name ends with {Path.GetExtension(backup)}.", e);
        }
    }

    // A virus scanner or an indexer may hold a file for a moment, which on Windows keeps others from renaming it.
    private static void Retried(string path, bool isWindows, Action change)
    {
        for (int pause = FirstPause; ; pause *= 2)
        {
            try
            {
                change();
                return;
            }
            catch (Exception e) when (isWindows && pause <= LastPause && e is IOException or UnauthorizedAccessException && IsBusy(e, path))
            {
                Thread.Sleep(pause);
            }
        }
    }

    /// <summary>Whether a file could not be opened because another has it.</summary>
    public static bool IsHeld(Exception failure, string path) =>
        failure is IOException or UnauthorizedAccessException && (FilePath.IsWindows ? IsBusy(failure, path) : Code(failure) is 11 or 35);

    private static bool IsBusy(Exception failure, string path) => Code(failure) switch
    {
        // By the last three, files could not be renamed, and are as they were.
        32 or 33 or 1175 or 1176 or 1177 => true,
        5 => !File.Exists(path) || (File.GetAttributes(path) & FileAttributes.ReadOnly) == 0,
        _ => false,
    };

    private static int Code(Exception failure) => failure.HResult & 0xFFFF;

    public static void Delete(string path)
    {
        try
        {
            Retried(path, FilePath.IsWindows, () => File.Delete(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whether the file was written is what counts.
        }
    }

    private static bool Holds(string path, byte[] content)
    {
        try
        {
            return RegularFile.Read(path, content.Length).SequenceEqual(content);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return false;
        }
    }

    private static string Next(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    private static bool IsNext(string found, string path) => Regex.IsMatch(found, $@"\A{Regex.Escape(path)}\.[0-9a-f]{{32}}\.tmp\z")
        && !FileLink.IsLink(found) && !RegularFile.IsOther(found);

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
