using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary><c>file:PATH</c>: a text file.</summary>
internal static class FileSource
{
    private const int LargestFile = 64 * 1024;

    // Each file is warned of once in a session.
    private static readonly ConcurrentDictionary<string, bool> Warned = new(StringComparer.Ordinal);

    /// <param name="cmdlet">The cmdlet at work.</param>
    /// <param name="path">The path.</param>
    /// <param name="manifestFolder">What a relative path starts from and stays below; the current location where it is null.</param>
    public static KeyAnswer Read(KoreCmdlet cmdlet, string path, string? manifestFolder)
    {
        string shown = SecretMasker.QuotePath(path);
        string full = path;
        try
        {
            string? folder = manifestFolder is null ? null : Path.GetFullPath(manifestFolder);
            bool isRelative = !path.StartsWith("~", StringComparison.Ordinal) && !cmdlet.SessionState.Path.IsPSAbsolute(path, out _);
            full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(isRelative && folder is not null ? Path.Combine(folder, path) : path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
            {
                return KeyAnswer.Refused($"refers to the file '{shown}', which is not in the file system.");
            }

            if (isRelative && folder is not null && !Path.GetFullPath(full).StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return KeyAnswer.Refused($"refers to the file '{shown}', which is outside the manifest's folder. Keep key files below that folder, or give an absolute path.");
            }

            string text = RegularFile.Text(cmdlet.Stoppable(stop => RegularFile.Read(full, LargestFile, stop)), Encoding.UTF8);
            if (FilePermission.IsNeedlesslyOpen(full) && Warned.TryAdd(full, true))
            {
                cmdlet.WriteWarning($"The key file '{shown}' can be read by others on this machine. Take that away from them: chmod 600.");
            }

            return string.IsNullOrWhiteSpace(text) ? KeyAnswer.Unresolved($"refers to the file '{shown}', which is empty.") : new KeyAnswer(Secret.FromPlainText(text.Trim()));
        }
        catch (InvalidDataException)
        {
            return KeyAnswer.Refused($"refers to the file '{shown}', which is larger than any key: {LargestFile / 1024} kB are accepted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or SecurityException or (RuntimeException and not PipelineStoppedException))
        {
            return KeyAnswer.Unresolved($"refers to the file '{shown}', which cannot be read: {Reason(e, shown, full, path)}");
        }
    }

    // The system repeats the path, as it was given or made whole, and a key may have been pasted in its place.
    private static string Reason(Exception e, string shown, params string[] paths) => SecretMasker.Reason(new IOException(
        paths.Where(p => p.Length > 0).Aggregate(e.Message, (message, path) => message.Replace(path, shown))));
}
