using System.Collections.Concurrent;

namespace KoreConnections.Commands;

internal static class FileSource
{
    private const int LargestFile = 64 * 1024;

    // Each file is warned of once in a session.
    private static readonly ConcurrentDictionary<string, bool> Warned = new(StringComparer.Ordinal);

    /// <param name="shown">The path as messages have it.</param>
    /// <param name="manifestFolder">What a relative path starts from and stays below; the current location where it is null.</param>
    public static KeyAnswer Read(KoreCmdlet cmdlet, string path, string shown, string? manifestFolder)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return KeyAnswer.Refused("refers to a file without a path, which cannot be read. Use file:PATH.");
        }

        string full = path;
        try
        {
            string? folder = manifestFolder is null ? null : Path.GetFullPath(manifestFolder);
            bool isRelative = !path.StartsWith("~", StringComparison.Ordinal) && !FilePath.IsOnShare(path, FilePath.IsWindows)
                && !cmdlet.SessionState.Path.IsPSAbsolute(path, out _);
            string start = isRelative && folder is not null ? Path.Combine(folder, path) : path;
            full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(start, out ProviderInfo provider, out _);
            string? problem = provider.Name != "FileSystem" ? "is not in the file system. Use the path of a file."
                : isRelative && folder is not null
                    && !(IsBelow(Path.GetFullPath(full), folder) && IsBelow(FileLink.Real(full), FileLink.Real(folder)))
                    ? "is outside the manifest's folder. Move it below that folder, or use an absolute path."
                : null;
            if (problem is not null)
            {
                return KeyAnswer.Refused($"refers to the file '{shown}', which {problem}");
            }

            string text = RegularFile.Text(cmdlet.Stoppable(stop => RegularFile.Read(full, LargestFile, stop)), Encoding.UTF8);
            if (FileStatus.IsNeedlesslyOpen(full) && Warned.TryAdd(full, true))
            {
                cmdlet.WriteWarning($"Other users of this machine can read the key file '{shown}'. Restrict access with chmod 600.");
            }

            return string.IsNullOrWhiteSpace(text)
                ? KeyAnswer.Unresolved($"refers to the file '{shown}', which is empty.", "Write the key into the file, or use the path of another file.")
                : new KeyAnswer(Secret.FromPlainText(text.Trim()));
        }
        catch (InvalidDataException)
        {
            return KeyAnswer.Refused($"refers to the file '{shown}', which is larger than {LargestFile / 1024} kB. Use a file that contains only the key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or SecurityException or InvalidOperationException or (RuntimeException and not PipelineStoppedException))
        {
            return KeyAnswer.Unresolved(
                $"refers to the file '{shown}', which cannot be read: {Reason(e, shown, full, path)}",
                "Check the path, and whether you may read the file.");
        }
    }

    private static bool IsBelow(string path, string folder) => FilePath.IsBelow(path, folder, FilePath.Comparer);

    // The system repeats the path, as it was given or made whole, and a key may have been pasted in its place.
    private static string Reason(Exception e, string shown, params string[] paths) => SecretMasker.Reason(new IOException(
        paths.Where(p => p.Length > 0).Aggregate(e.Message, (message, path) => message.Replace(path, shown))));
}
